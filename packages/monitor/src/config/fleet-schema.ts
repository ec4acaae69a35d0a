import { ABOVE_ZERO, wholeNumber } from '@serial-oe/foundation';
import * as v from 'valibot';
import {
  CLIPS,
  JSON_LINES,
  LISTENING,
  MODELS,
  NATS_CONNECTION,
  number,
  PROMETHEUS,
  SECONDS,
  TOKEN,
  text,
  titled,
  WEBHOOK,
} from './config-schema';

/** Each field of the configuration of a fleet's nodes, once. */

const PATTERN = titled(
  "a name, in which * stands for any characters, such as 'pump-*'",
  v.pipe(v.string(), v.nonEmpty()),
);
const { windowSeconds, hopSeconds, alarm, hearing } = LISTENING;
const SCORING = { windowSeconds, hopSeconds, alarm, hearing };

const RULE = v.strictObject({
  site: v.optional(PATTERN),
  asset: v.optional(PATTERN),
  sensor: v.optional(PATTERN),
  machineId: v.optional(text("a machine ID in quotes, such as '00'")),
  model: text('a name of models'),
  ...SCORING,
});
/** How sensors are scored whose names fit. */
export type FleetRule = v.InferOutput<typeof RULE>;

export const FLEET_CONFIG = v.strictObject({
  nats: v.strictObject({
    ...NATS_CONNECTION,
    audio: v.optional(TOKEN),
    nPartitions: v.optional(number(wholeNumber(1, 4096))),
    audioSeconds: v.optional(SECONDS),
    maxAudioBytes: v.optional(number(wholeNumber(1, Number.MAX_SAFE_INTEGER), ', bytes')),
    ackWaitSeconds: v.optional(number(ABOVE_ZERO, ', seconds')),
  }),
  models: MODELS,
  sensors: titled('a list of at least one rule', v.pipe(v.array(RULE), v.nonEmpty())),
  ...SCORING,
  sinks: v.optional(
    v.strictObject({
      prometheus: v.optional(v.nullable(PROMETHEUS)),
      webhook: v.optional(WEBHOOK),
      jsonLines: v.optional(JSON_LINES),
    }),
  ),
  clips: v.optional(CLIPS),
});

/** The configuration of a fleet's nodes as its file has it: paths are as they stand there. */
export type FleetConfig = v.InferOutput<typeof FLEET_CONFIG>;

/** The first rule that fits a sensor; undefined for none. */
export function ruleFor(
  rules: readonly FleetRule[],
  name: { site: string; asset: string; sensor: string },
): FleetRule | undefined {
  const levels = ['site', 'asset', 'sensor'] as const;
  return rules.find((rule) => levels.every((level) => fits(name[level], rule[level] ?? '*')));
}

function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'u').test(name);
}
