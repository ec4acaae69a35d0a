import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  type StreamConfig,
} from '@nats-io/jetstream';

/** Nanoseconds, as JetStream counts. */
export const nanos = (seconds: number) => Math.round(1e9 * seconds);

/** Of what was told: scores and events, for so many days where the stream is made here. */
const RESULTS_SECONDS = 7 * 86_400;
/** A message that is told again within that is known by its ID. */
const DUPLICATE_SECONDS = 600;
/** An operator's command waits so long for a node that has the sensor. */
const COMMANDS_SECONDS = 86_400;
const NOT_FOUND = 10_059;
const NAME_IN_USE = 10_058;

/**
 * Makes a stream where there is none. One that is there is left as it is: an operator may have given it other limits and replicas.
 */
export async function ensureStream(
  manager: JetStreamManager,
  config: Partial<StreamConfig> & { name: string },
): Promise<void> {
  try {
    await manager.streams.info(config.name);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== NOT_FOUND) throw error;
    await manager.streams.add(config).catch((problem: unknown) => {
      const isThere = problem instanceof JetStreamApiError && problem.code === NAME_IN_USE; // another was as quick
      if (!isThere) throw problem;
    });
  }
}

/**
 * `<base>-results`: scores and events of the last week. `<base>-states`: the last state of each sensor.
 */
export async function ensureResultStreams(manager: JetStreamManager, base: string): Promise<void> {
  await ensureStream(manager, {
    name: `${base}-results`,
    subjects: [`${base}.*.*.*.score`, `${base}.*.*.*.event`],
    ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old, allow_direct: true },
    ...{ max_age: nanos(RESULTS_SECONDS), duplicate_window: nanos(DUPLICATE_SECONDS) },
  });
  await ensureStream(manager, {
    name: `${base}-states`,
    subjects: [`${base}.*.*.*.state`],
    ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old, allow_direct: true },
    max_msgs_per_subject: 1,
  });
}

/** `<base>-commands`: what operators have said within a day, also while no node had the sensor. @returns its name */
export async function ensureCommandStream(manager: JetStreamManager, base: string): Promise<string> {
  const name = `${base}-commands`;
  await ensureStream(manager, {
    ...{ name, subjects: [`${base}.*.*.*.command`] },
    ...{ retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old },
    ...{ max_age: nanos(COMMANDS_SECONDS), max_msgs: 100_000 },
  });
  return name;
}
