import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, numberFlag, switchFlag, textFlag } from '../command/flag';
import { BACKEND, QUIET, RUNTIME, RUNTIME_WEIGHTS, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import type { LoadedModel } from '../model/loaded-model';

const flags = {
  config: textFlag('FILE', 'Server, models, which sensors are scored how, alarms, clips: YAML or JSON.'),
  dryRun: switchFlag('Checks the configuration and the models, and ends: 0, or 1 with what is wrong.'),
  json: switchFlag('Prints a line of JSON an event, scores too.'),
  scores: switchFlag('Prints each score, not alarms, hearing, overload and clips alone.'),
  server: textFlag('URL', 'Without --config: a NATS server with JetStream: nats://host:4222.'),
  model: textFlag('MODEL', "Without --config: the model's folder, .zip file or address, for all sensors."),
  machineId: textFlag('ID', 'Without --config: the machine of all sensors. Default: what each sensor says.'),
  window: numberFlag('S', 'Without --config: seconds that are scored at once.', { min: 0 }),
  hop: numberFlag('S', 'Without --config: seconds from one window to the next; default half a window.', {
    min: 0,
  }),
  onDelay: numberFlag('S', 'Without --config: it must sound anomalous for so long; default 0.', { min: 0 }),
  offDelay: numberFlag('S', 'Without --config: and normal for so long before an alarm goes; default 0.', {
    min: 0,
  }),
  prometheus: integerFlag(
    'PORT',
    'Without --config: where http://host:PORT/metrics is; 0 takes a free one.',
    {
      min: 0,
    },
  ),
  clips: textFlag('DIR', 'Without --config: keeps the sound of alarms.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'fleet node',
  summary: 'scores its share of the sensors of a fleet',
  usage: '--config FILE | --server URL --model MODEL [flags]',
  examples: [
    ['serial-oe fleet node --config fleet.yaml', 'on as many machines as one likes'],
    [
      'serial-oe fleet node --server nats://hub --model fan-model --prometheus 9464',
      'one model for all sensors',
    ],
  ],
  flags,
  notes: [
    'Nodes share the sensors: each takes its part of the partitions, and what a node that is killed had is taken over within half a minute. ' +
      'Scores and events stand in the stream <base>-results, whoever of them has told it. Give all nodes the same configuration, models and backend.',
    'Configuration: nats (servers, base, audio, username, password, nPartitions, audioSeconds, maxAudioBytes, ackWaitSeconds); models (name: ' +
      'path); sensors, a list of which the first that fits counts (site, asset, sensor with * for any characters; model; machineId; and what ' +
      'differs of the following); windowSeconds, hopSeconds; alarm; hearing; sinks (prometheus, webhook, jsonLines); clips. docs/scale.md has one.',
    'A node that is told to stop finishes what is being scored, hands its sensors over and ends with exit code 0.',
  ],
  stopping: 'stopping: the sensors are handed over',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { readFleetSettings } = await import('../fleet/read-fleet-settings');
  const { checkRules } = await import('../fleet/sensor-rules');
  const { runNode } = await import('../fleet/run-node');
  const { loadModels } = await import('../monitor/load-sensors');
  const { missingPackages } = await import('../monitor/open-sinks');
  const { server, model, machineId, window, hop, onDelay, offDelay, prometheus, clips } = args;
  const own = { server, model, machineId, window, hop, onDelay, offDelay, prometheus, clips };
  const settings = await readFleetSettings(args.config, own);
  const models = new Map<string, LoadedModel>();
  const problems: string[] = [];
  const onWarning = (message: string) => progress.warning(message);
  try {
    await loadModels(settings, { models, problems, options: { flags: args, signal, onWarning } });
    await checkRules({ settings, models }, problems);
    const missing = await missingPackages(settings.config.sinks ?? {});
    problems.push(...missing.map((problem) => `${settings.file}: ${problem}`));
    for (const problem of problems) progress.notice(`error: ${problem}`);
    if (problems.length > 0) return EXIT.failure;
    const onMessage = (message: string) => progress.message(message);
    const { json, scores } = args;
    if (!args.dryRun) await runNode({ settings, models, terminal, json, scores, signal, onMessage });
    return EXIT.done;
  } catch (error) {
    if (signal.aborted && (error as Error).name === 'AbortError') return EXIT.done; // no failure of a service
    throw error;
  } finally {
    for (const loaded of models.values()) await loaded.close();
  }
}
