import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { BACKEND, QUIET, RUNTIME, RUNTIME_WEIGHTS, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import { printJson } from '../terminal/terminal';

const flags = {
  server: required(textFlag('URL', 'A NATS server with JetStream: nats://host:4222.')),
  model: required(textFlag('MODEL', "The model's folder, .zip file or address.")),
  machineId: textFlag('ID', "The machine that all sensors listen to. Default: the model's first one."),
  sensors: integerFlag('N', 'Simulated sensors; default 10.', { min: 1 }),
  seconds: numberFlag('S', 'For so long they speak; default 60.', { min: 1 }),
  window: numberFlag('S', "Seconds that are scored at once; default as long as the model's clips.", {
    min: 0,
  }),
  hop: numberFlag('S', 'Seconds from one window to the next; default half a window.', { min: 0 }),
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
  ],
  flags,
  notes: [
    'Simulated sensors send noise at the pace of the clock, half a second a piece, and one node in the same process scores it. Latency ' +
      'counts from the end of a window to its score in the results. Windows that had no score five seconds after the sensors have ended, or whose ' +
      'sound was gone before it was scored, are missing.',
    'Streams and the bucket are of a name of their own and are removed at the end. Needs the packages @nats-io/transport-node, ' +
      '@nats-io/jetstream and @nats-io/kv, which you install beside.',
  ],
  stopping: 'stopping: what was measured until now is told',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { loadModel } = await import('../model/load-model');
  const { simulateFleet, simulationText } = await import('../fleet/simulate-fleet');
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, onWarning, signal });
  try {
    await model.startThreads(1_000_000);
    const result = await simulateFleet({
      ...{ server: args.server, scorer: model.scorer, machineType: model.machineType },
      machineId: args.machineId ?? model.machineIds[0]!,
      ...{ nSensors: args.sensors ?? 10, seconds: args.seconds ?? 60 },
      ...{ windowSeconds: args.window, hopSeconds: args.hop, signal, onMessage: onWarning },
    });
    if (args.json) printJson(terminal, result);
    else terminal.out(simulationText(result));
    return EXIT.done;
  } finally {
    await model.close();
  }
}
