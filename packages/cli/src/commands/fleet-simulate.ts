import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import {
  type Flag,
  integerFlag,
  namesFlag,
  numberFlag,
  required,
  switchFlag,
  textFlag,
} from '../command/flag';
import { UsageError } from '../command/usage-error';
import { BACKEND, QUIET, RUNTIME, RUNTIME_WEIGHTS, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import type { FleetSimulation } from '../fleet/simulate-fleet';
import { printJson } from '../terminal/terminal';

const CURVE: Flag<number[] | undefined> = {
  ...namesFlag('N,N,..', 'Ever more simulated sensors, one run each, until the node carries no more.'),
  read(given, name) {
    if (typeof given !== 'string') return undefined;
    const counts = given.split(',').map(Number);
    const rises = counts.every((n, i) => Number.isInteger(n) && n > (counts[i - 1] ?? 0));
    if (rises) return counts;
    throw new UsageError(
      `${name} must be rising whole numbers between commas such as 10,20,40, got "${given}".`,
    );
  },
};

const flags = {
  server: required(textFlag('URL', 'A NATS server with JetStream: nats://host:4222.')),
  model: required(textFlag('MODEL', "The model's folder, .zip file or address.")),
  machineId: textFlag('ID', "The machine that all sensors listen to. Default: the model's first one."),
  sensors: integerFlag('N', 'Simulated sensors; default 10.', { min: 1 }),
  curve: CURVE,
  seconds: numberFlag('S', 'For so long they speak, each number of them; default 60.', { min: 1 }),
  window: numberFlag('S', "Seconds that are scored at once; default as long as the model's clips.", {
    min: 0,
  }),
  hop: numberFlag('S', 'Seconds from one window to the next; default half a window.', { min: 0 }),
  wav: switchFlag('Pieces are WAV files without numbers, as sensors by MQTT send them.'),
  json: switchFlag('Prints the result as JSON.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'fleet simulate',
  summary: 'measures how many sensors one node scores over NATS',
  usage: '--server URL --model MODEL [flags]',
  examples: [
    [
      'serial-oe fleet simulate --server nats://localhost --model fan-model --sensors 20 --seconds 60',
      'windows a second, latency, drops and memory',
    ],
    [
      'serial-oe fleet simulate --server nats://localhost --model fan-model --curve 5,10,20,40 --seconds 60',
      'one number of sensors after the other, and the most that were carried',
    ],
  ],
  flags,
  notes: [
    'Simulated sensors send noise at the pace of the clock, half a second a piece, and one node in the same process scores it. Latency ' +
      'counts from the end of a window to its score in the results. Windows that had no score five seconds after the sensors have ended, or whose ' +
      'sound was gone before it was scored, are missing.',
    "The estimate is derived from the processor time of this process, threads and the sensors' side included, so that it holds on a machine that " +
      'does other work too. A curve ends with the first number of sensors that is not carried: a window is missing, or one in a hundred is told later ' +
      'than a hop after its end.',
    'Streams and the bucket are of a name of their own and are removed at the end. Needs the packages @nats-io/transport-node, ' +
      '@nats-io/jetstream and @nats-io/kv, which you install beside.',
  ],
  stopping: 'stopping: what was measured until now is told',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { loadModel } = await import('../model/load-model');
  const { typeToTell } = await import('../model/machine-names');
  const { simulateFleet } = await import('../fleet/simulate-fleet');
  const { curveText, isCarried, simulationText } = await import('../fleet/simulation-text');
  if (args.curve !== undefined && args.sensors !== undefined) {
    throw new UsageError('--sensors and --curve cannot be given together.');
  }
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, onWarning, signal, takesAllTypes: true });
  try {
    const nAtOnce = Math.max(1, await model.startThreads(1_000_000));
    const results: FleetSimulation[] = [];
    for (const nSensors of args.curve ?? [args.sensors ?? 10]) {
      if (args.curve !== undefined) progress.message(`${nSensors} sensors`);
      const result = await simulateFleet({
        ...{ server: args.server, scorer: model.scorer, machineType: typeToTell(model.machineType) },
        machineId: args.machineId ?? model.machineIds[0]!,
        ...{ nSensors, isWav: args.wav, seconds: args.seconds ?? 60, nAtOnce },
        ...{ windowSeconds: args.window, hopSeconds: args.hop, signal, onMessage: onWarning },
      });
      results.push(result);
      if (signal.aborted || !isCarried(result)) break;
    }
    if (args.json) printJson(terminal, args.curve === undefined ? results[0] : results);
    else terminal.out(`${args.curve === undefined ? simulationText(results[0]!) : curveText(results)}\n`);
    return EXIT.done;
  } finally {
    await model.close();
  }
}
