import { checkOptions, type OptionNames } from '@serial-oe/foundation';
import type { MonitorEvent, ScoreSink, SensorCommand } from '../../events';
import { topicLevel } from '../../sinks/topic-name';
import { fairTurns } from '../../stream/fair-turns';
import type { EventClipsOptions } from '../clips/event-clips';
import { type SensorOptions, sensorKey } from './sensor-options';
import { SensorRunner } from './sensor-runner';
import { StateFile } from './state-file';

export interface MonitorOptions {
  /** Each with its machine and model; they take turns at scoring. */
  sensors: readonly SensorOptions[];
  /** Where events go. The monitor closes them. */
  sinks?: readonly ScoreSink[] | undefined;
  /** Alarms and the last time stamps, over restarts and kill -9. Default: they are forgotten. */
  stateFile?: string | undefined;
  /** Keeps the sound around alarms. Default: not. */
  clips?: EventClipsOptions | undefined;
  /** Of what a log should say beside the events. */
  onMessage?: ((message: string) => void) | undefined;
  /** Seconds; default Unix time. For tests. */
  clock?: (() => number) | undefined;
}

const OPTIONS: OptionNames<MonitorOptions> = {
  sensors: true,
  sinks: true,
  stateFile: true,
  clips: true,
  onMessage: true,
  clock: true,
};

/**
 * Listens to several machines in one process: scores, alarms, deafness, drift, clips of events, told to sinks.
 *
 * @example
 * const monitor = new Monitor({
 *   sensors: [{ name: { site: 'plant', asset: 'pump-3', sensor: 'mic-1', machineId: '00' }, source: arecordSource(), scorer }],
 *   sinks: [mqttSink({ url: 'mqtt://localhost' })],
 *   stateFile: 'monitor-state.json',
 * });
 * await monitor.run(signal);
 */
export class Monitor {
  readonly #options: MonitorOptions;
  readonly #runners: readonly SensorRunner[];
  readonly #state: StateFile;
  readonly #sinks: readonly ScoreSink[];
  readonly #tell: (message: string) => void;
  /** What a sink said last, so that a log is not filled with it. */
  readonly #complaints = new Map<ScoreSink, string>();

  /**
   * @throws RangeError or TypeError naming the option, for two sensors of one name, names that topics cannot have, and a state file that is
   *   none
   */
  constructor(options: MonitorOptions) {
    const where = 'monitor.Monitor';
    checkOptions(where, options, OPTIONS);
    const { sensors, sinks = [], stateFile, clips, onMessage = () => {}, clock = unixTime } = options;
    checkNames(where, sensors);
    this.#options = options;
    this.#sinks = sinks;
    this.#tell = onMessage;
    this.#state = new StateFile(stateFile ?? null);
    const parts = { state: this.#state, tell: onMessage, turn: fairTurns(), clock, clips };
    this.#runners = sensors.map(
      (sensor) => new SensorRunner(sensor, { ...parts, publish: (event) => this.#publish(event) }),
    );
    for (const sink of sinks) sink.onCommand?.((command) => this.command(command));
  }

  /**
   * Listens until the signal, or until all sources are over. Then what waits is scored, the state saved and the sinks closed.
   * @throws what the first sensor failed with that is not started again; the others are stopped
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const onAbort = () => stop.abort();
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) stop.abort();
    try {
      const starts = this.#runners.map((runner) => runner.start());
      for (const sink of this.#sinks) this.#guarded(sink, () => sink.onStart?.(starts));
      const runs = this.#runners.map((runner) =>
        runner.run(stop.signal).catch((error) => {
          stop.abort();
          throw error;
        }),
      );
      const failed = (await Promise.allSettled(runs)).find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    } finally {
      signal.removeEventListener('abort', onAbort);
      stop.abort();
      await this.#state.save();
      await Promise.all(this.#sinks.map((sink) => sink.close()));
    }
  }

  /** An operator's answer to an alarm; of a sensor that there is not, it does nothing and says so. */
  command(command: SensorCommand): void {
    const key = sensorKey(command.name);
    const runner = this.#runners.find((each) => each.key === key);
    if (runner === undefined) this.#tell(`${key}: no such sensor; ${command.action} is ignored`);
    else runner.command(command);
  }

  /** Names of its sensors, `site/asset/sensor`. */
  get sensors(): string[] {
    return this.#options.sensors.map(({ name }) => sensorKey(name));
  }

  /** A sink that fails is told of and does not keep the event from others. */
  #publish(event: MonitorEvent): void {
    for (const sink of this.#sinks) this.#guarded(sink, () => sink.publish(event));
  }

  #guarded(sink: ScoreSink, work: () => void): void {
    try {
      work();
      this.#complaints.delete(sink);
    } catch (error) {
      const { message } = error as Error;
      if (this.#complaints.get(sink) !== message) this.#tell(`${sink.name}: ${message}`);
      this.#complaints.set(sink, message);
    }
  }
}

function checkNames(where: string, sensors: readonly SensorOptions[]): void {
  if (!Array.isArray(sensors) || sensors.length === 0) {
    throw new RangeError(`${where}: sensors must hold at least one sensor, got none.`);
  }
  const keys = sensors.map(({ name }, i) => {
    for (const level of ['site', 'asset', 'sensor'] as const) {
      topicLevel(`${where}: sensors[${i}].name.${level}`, name[level]);
    }
    return sensorKey(name);
  });
  const double = keys.find((key, i) => keys.indexOf(key) < i);
  if (double !== undefined) {
    throw new RangeError(`${where}: sensors must have names of their own, got ${double} twice.`);
  }
}

function unixTime(): number {
  return Date.now() / 1000;
}
