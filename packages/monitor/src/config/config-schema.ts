import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  FINITE,
  type NumberRule,
  POSITIVE_COUNT,
  wholeNumber,
} from '@serial-oe/foundation';
import * as v from 'valibot';
import { isSubjectToken } from '../jetstream/subjects';
import { PCM_ENCODINGS } from '../node/sources/pcm-decoder';
import { isTopicLevel } from '../sinks/topic-name';

/** Each field of a monitor's configuration, once: types, checks and messages come from here. */

/** What a field takes, in words that follow "must be". */
export const titled = <const Schema extends v.GenericSchema>(words: string, schema: Schema) =>
  v.pipe(schema, v.title(words));
export const number = ({ isValid, rule }: NumberRule, unit = '') =>
  titled(`${rule.replace(/^be /, '')}${unit}`, v.pipe(v.number(), v.check(isValid)));
const oneOf = <const Names extends readonly string[]>(names: Names) =>
  titled(`one of ${names.map((name) => `'${name}'`).join(', ')}`, v.picklist(names));
export const text = (words = 'a text') => titled(words, v.pipe(v.string(), v.nonEmpty()));

export const SECONDS = number(ABOVE_ZERO, ', seconds');
const SECONDS_OR_NONE = number(AT_LEAST_ZERO, ', seconds');
const FLAG = titled('true or false', v.boolean());
const NAME = titled(
  "a name without / + # and control characters, such as 'pump-3', since topics and labels are made of it",
  v.pipe(v.string(), v.check(isTopicLevel)),
);
const SHARE: NumberRule = { isValid: (x) => x > 0 && x <= 1, rule: 'be a number above 0 and at most 1' };

const FORMAT = {
  encoding: v.optional(oneOf(PCM_ENCODINGS)),
  channels: v.optional(number(wholeNumber(1, 64))),
  channel: v.optional(number(wholeNumber(0, 63))),
  live: v.optional(FLAG),
};
const RATE = number(POSITIVE_COUNT, ', Hz');

/** The kinds of sources, each an object with the key of its kind. */
export const SOURCES = {
  arecord: v.strictObject({
    arecord: v.nullable(
      v.strictObject({
        device: v.optional(text("a device such as 'hw:1' (arecord -l lists them)")),
        sampleRate: v.optional(RATE),
        channels: FORMAT.channels,
        channel: FORMAT.channel,
      }),
    ),
  }),
  ffmpeg: v.strictObject({
    ffmpeg: v.strictObject({
      input: text("what ffmpeg opens, such as 'rtsp://camera/stream'"),
      inputArgs: v.optional(v.array(text('an argument of ffmpeg'))),
      sampleRate: v.optional(RATE),
      live: FORMAT.live,
    }),
  }),
  command: v.strictObject({
    command: text('a program that writes PCM to its standard output'),
    args: v.optional(v.array(titled('an argument in quotes', v.string()))),
    sampleRate: RATE,
    ...FORMAT,
  }),
  stdin: v.strictObject({ stdin: v.strictObject({ sampleRate: RATE, ...FORMAT }) }),
  file: v.strictObject({ file: text('the path of a recording') }),
};

/** Where a sensor's sound comes from. */
export type SourceConfig = v.InferOutput<(typeof SOURCES)[keyof typeof SOURCES]>;

const SOURCE_KINDS = Object.keys(SOURCES) as (keyof typeof SOURCES)[];
const unknown = () => v.optional(v.unknown());
/** What says that there is no kind, or more than one. */
const NO_SOURCE = titled(
  `an object with one of ${SOURCE_KINDS.join(', ')}`,
  v.pipe(
    v.strictObject({
      ...{ arecord: unknown(), ffmpeg: unknown(), command: unknown(), stdin: unknown(), file: unknown() },
    }),
    v.check(() => false),
  ),
);

const SOURCE = v.lazy((input): v.GenericSchema<unknown, SourceConfig> => {
  const kinds = SOURCE_KINDS.filter(
    (kind) => typeof input === 'object' && input !== null && Object.hasOwn(input, kind),
  );
  const schema = kinds.length === 1 ? SOURCES[kinds[0]!] : NO_SOURCE;
  return schema as unknown as v.GenericSchema<unknown, SourceConfig>;
});

const ALARM = v.strictObject({
  threshold: v.optional(number(FINITE, ", of the model's scores")),
  onDelay: v.optional(SECONDS_OR_NONE),
  offDelay: v.optional(SECONDS_OR_NONE),
  deadband: v.optional(number(AT_LEAST_ZERO, ', in the unit of scores')),
  reAlarmTime: v.optional(SECONDS),
  maxTimeShelved: v.optional(SECONDS),
});
export type AlarmConfig = v.InferOutput<typeof ALARM>;

const HEARING = v.strictObject({
  faultSeconds: v.optional(SECONDS),
  noAudioSeconds: v.optional(SECONDS),
  recoverSeconds: v.optional(SECONDS),
  failedAfterSeconds: v.optional(SECONDS),
  rateTolerance: v.optional(number(ABOVE_ZERO)),
});

/** What a sensor may say and the whole file, for the sensors that do not. */
export const LISTENING = {
  windowSeconds: v.optional(SECONDS),
  hopSeconds: v.optional(SECONDS),
  maxPendingSeconds: v.optional(SECONDS_OR_NONE),
  alarm: v.optional(ALARM),
  hearing: v.optional(HEARING),
};

const SENSOR = v.strictObject({
  asset: NAME,
  sensor: NAME,
  machineId: v.optional(text("a machine ID in quotes, such as '00'")),
  model: text('a name of models'),
  source: SOURCE,
  ...LISTENING,
});
export type SensorConfig = v.InferOutput<typeof SENSOR>;

const ADDRESS = (words: string, pattern: RegExp) => titled(words, v.pipe(v.string(), v.regex(pattern)));

const MQTT = v.strictObject({
  url: ADDRESS(
    'an address such as mqtt://broker:1883 (or mqtts://, ws://, wss://)',
    /^(mqtts?|wss?|tcp|ssl):\/\/./,
  ),
  base: v.optional(NAME),
  username: v.optional(text()),
  password: v.optional(text(`a text, such as '\${MQTT_PASSWORD}' for what the environment holds`)),
  homeAssistant: v.optional(v.strictObject({ prefix: v.optional(text()), expireAfter: v.optional(SECONDS) })),
});

export const TOKEN = titled(
  'a name without . * > and white space',
  v.pipe(v.string(), v.check(isSubjectToken)),
);
const NATS_SERVER = v.pipe(v.string(), v.regex(/^(nats|tls):\/\/./));
/** How to reach NATS. */
export const NATS_CONNECTION = {
  servers: titled(
    'an address such as nats://host:4222 (or tls://), or a list of those of a cluster',
    v.union([NATS_SERVER, v.pipe(v.array(NATS_SERVER), v.nonEmpty())]),
  ),
  base: v.optional(TOKEN),
  username: v.optional(text()),
  password: v.optional(text(`a text, such as '\${NATS_PASSWORD}' for what the environment holds`)),
};
const NATS = v.strictObject({ ...NATS_CONNECTION, maxWaiting: v.optional(number(POSITIVE_COUNT)) });

export const PROMETHEUS = v.strictObject({
  port: v.optional(number(wholeNumber(0, 65_535))),
  host: v.optional(text('a host name or IP address')),
  processMetrics: v.optional(FLAG),
});

export const WEBHOOK = v.strictObject({
  url: ADDRESS('an address that starts with http:// or https://', /^https?:\/\/./),
  headers: v.optional(v.record(v.string(), text())),
  kinds: v.optional(v.array(oneOf(['score', 'alarm', 'hearing', 'overload', 'drift', 'clip']))),
  maxWaiting: v.optional(number(POSITIVE_COUNT)),
});

export const JSON_LINES = oneOf(['stdout']);

const SINKS = v.strictObject({
  mqtt: v.optional(MQTT),
  nats: v.optional(NATS),
  prometheus: v.optional(v.nullable(PROMETHEUS)),
  webhook: v.optional(WEBHOOK),
  jsonLines: v.optional(JSON_LINES),
});
export type SinksConfig = v.InferOutput<typeof SINKS>;

export const CLIPS = v.strictObject({
  folder: text('the path of a folder'),
  beforeSeconds: v.optional(SECONDS_OR_NONE),
  afterSeconds: v.optional(SECONDS_OR_NONE),
  maxAgeDays: v.optional(number(AT_LEAST_ZERO, ', days')),
  maxDiskShare: v.optional(number(SHARE)),
  keepPerSensor: v.optional(number(COUNT)),
});
export type ClipsConfig = v.InferOutput<typeof CLIPS>;

export const MODELS = titled(
  'an object of at least one name with the path or address of its model',
  v.pipe(
    v.record(v.string(), text("a model's folder, .zip file or address")),
    v.check((models) => Object.keys(models).length > 0),
  ),
);

export const CONFIG = v.strictObject({
  site: NAME,
  models: MODELS,
  sensors: titled('a list of at least one sensor', v.pipe(v.array(SENSOR), v.nonEmpty())),
  ...LISTENING,
  sinks: v.optional(SINKS),
  stateFile: v.optional(text('the path of a file')),
  clips: v.optional(CLIPS),
});

/** A monitor's configuration as its file has it: paths are as they stand there. */
export type MonitorConfig = v.InferOutput<typeof CONFIG>;
