import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
} from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { ABOVE_ZERO, checkNumber, checkOptions, type OptionNames, wholeNumber } from '@serial-oe/foundation';
import { connectOptions, type NatsOptions } from './lasting-connection';
import { ensureCommandStream, ensureResultStreams, ensureStream, nanos } from './result-streams';
import { subjectToken } from './subjects';

export interface FleetOptions extends NatsOptions {
  /** First token of the subjects of results, and of the names of streams and of the bucket; default `serial-oe`. */
  base?: string | undefined;
  /** First token of the subjects of sound; default `audio`. */
  audio?: string | undefined;
  /** Into so many parts are the sensors shared. Default what the fleet has, and 16 for who opens it first. */
  nPartitions?: number | undefined;
  /** Sound older than that is gone, scored or not; default 600. Counts for who opens the fleet first. */
  audioSeconds?: number | undefined;
  /** Of more sound than that the oldest is gone, bytes; default 1 GiB. Counts for who opens the fleet first. */
  maxAudioBytes?: number | undefined;
  /** A piece of sound that is taken and of which nothing is heard for so long is given to another; default 30. */
  ackWaitSeconds?: number | undefined;
}

const OPTIONS: OptionNames<FleetOptions> = {
  servers: true,
  username: true,
  password: true,
  client: true,
  base: true,
  audio: true,
  nPartitions: true,
  audioSeconds: true,
  maxAudioBytes: true,
  ackWaitSeconds: true,
};

const N_PARTITIONS = 16;

/** What sensors and nodes share: a connection, and the names of what lies on the server. */
export interface Fleet {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Claims of nodes and memories of sensors. */
  readonly bucket: KV;
  readonly bucketName: string;
  readonly base: string;
  readonly audio: string;
  readonly audioStream: string;
  readonly commandStream: string;
  readonly nPartitions: number;
  readonly ackWaitSeconds: number;
  /** How it was connected, for a second connection. */
  readonly connectOptions: NodeConnectionOptions;
  close(): Promise<void>;
}

/**
 * Connects to a fleet, and makes its streams, consumers and bucket where they are not there: `<base>-audio` with the sound of the last
 * minutes, a durable consumer `partition-<i>` for each part of the sensors, `<base>-results`, `<base>-states`, `<base>-commands` and the bucket
 * `<base>-fleet`.
 *
 * @throws RangeError or TypeError naming the option, and for another `nPartitions` than the fleet has; nats.js' error where no server answers
 */
export async function openFleet(options: FleetOptions): Promise<Fleet> {
  const where = 'monitor.openFleet';
  const settings = checked(where, options);
  const own = connectOptions(where, options);
  const connection = await connect(own);
  try {
    return await preparedFleet(connection, own, settings);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

type Settings = ReturnType<typeof checked>;

function checked(where: string, options: FleetOptions) {
  checkOptions(where, options, OPTIONS);
  const { base = 'serial-oe', audio = 'audio', nPartitions, ackWaitSeconds = 30 } = options;
  const { audioSeconds = 600, maxAudioBytes = 2 ** 30 } = options;
  if (audio === base) {
    throw new RangeError(
      `${where}: audio must differ from base, whose subjects are those of results, got ${audio} twice.`,
    );
  }
  return {
    base: subjectToken(`${where}: base`, base),
    audio: subjectToken(`${where}: audio`, audio),
    nPartitions: checkNumber(`${where}: nPartitions`, nPartitions ?? N_PARTITIONS, wholeNumber(1, 4096)),
    isAsked: nPartitions !== undefined,
    ackWaitSeconds: checkNumber(`${where}: ackWaitSeconds`, ackWaitSeconds, ABOVE_ZERO),
    audioSeconds: checkNumber(`${where}: audioSeconds`, audioSeconds, ABOVE_ZERO),
    maxAudioBytes: checkNumber(
      `${where}: maxAudioBytes`,
      maxAudioBytes,
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    ),
  };
}

async function preparedFleet(
  connection: NatsConnection,
  own: NodeConnectionOptions,
  { base, audio, ackWaitSeconds, audioSeconds, maxAudioBytes, ...partitions }: Settings,
): Promise<Fleet> {
  const manager = await jetstreamManager(connection);
  const [audioStream, bucketName] = [`${base}-audio`, `${base}-fleet`];
  await ensureResultStreams(manager, base);
  const commandStream = await ensureCommandStream(manager, base);
  await ensureStream(manager, {
    ...{ name: audioStream, subjects: [`${audio}.*.*.*.*`] },
    ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old },
    ...{ max_age: nanos(audioSeconds), max_bytes: maxAudioBytes },
    duplicate_window: nanos(Math.min(audioSeconds, 120)),
  });
  // Read from who leads, never from a copy that may be behind.
  const bucket = await new Kvm(connection).create(bucketName, { history: 1, allow_direct: false });
  const nPartitions = await agreed(bucket, partitions);
  for (let i = 0; i < nPartitions; i++) {
    await manager.consumers.add(audioStream, {
      ...{ durable_name: `partition-${i}`, filter_subject: `${audio}.${i}.*.*.*` },
      ...{ ack_policy: AckPolicy.Explicit, ack_wait: nanos(ackWaitSeconds) },
      deliver_policy: DeliverPolicy.All,
    });
  }
  return {
    ...{
      connection,
      client: jetstream(connection),
      manager,
      bucket,
      bucketName,
      base,
      audio,
      audioStream,
      commandStream,
    },
    ...{ nPartitions, ackWaitSeconds, connectOptions: own },
    close: () => connection.close(),
  };
}

/** A sensor must lie in the same partition for all. */
async function agreed(
  bucket: KV,
  { nPartitions, isAsked }: Pick<Settings, 'nPartitions' | 'isAsked'>,
): Promise<number> {
  await bucket.create('partitions', String(nPartitions)).catch(() => {}); // it is there already
  const there = Number((await bucket.get('partitions'))?.string());
  if (!Number.isInteger(there)) {
    throw new Error(
      'monitor.openFleet: the bucket of the fleet must hold its number of partitions, got none. Is JetStream on, and may this user write to it?',
    );
  }
  if (!isAsked || there === nPartitions) return there;
  throw new RangeError(
    `monitor.openFleet: nPartitions must be ${there}, as the fleet has it, got ${nPartitions}. ` +
      'To change it, stop the fleet and remove its streams and its bucket.',
  );
}
