import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, numberFlag, switchFlag, textFlag } from '../command/flag';
import { BACKEND, QUIET, RUNTIME, RUNTIME_WEIGHTS, SCORE_WORKERS, THREADS } from '../flags/shared-flags';
import type { LoadedSensors } from '../monitor/load-sensors';
import type { MonitorSettings } from '../monitor/read-settings';
import { printJson } from '../terminal/terminal';

const flags = {
  config: textFlag(
    'FILE',
    'Sensors, models, alarms and where events go, as YAML or JSON. Paths count from its folder.',
  ),
  dryRun: switchFlag(
    'Checks the configuration, models, machine IDs, programs and files, says what would be done, and ends: 0, or 1 with what is wrong.',
  ),
  json: switchFlag('Prints a line of JSON an event, scores too; with --dry-run the plan.'),
  scores: switchFlag('Prints each score, not alarms, hearing, overload and clips alone.'),
  model: textFlag('MODEL', "Without --config: the model's folder, .zip file or address."),
  machineId: textFlag('ID', "Without --config: the machine that is heard. Default: the model's only one."),
  source: textFlag(
    'SOURCE',
    'Without --config: arecord or arecord:DEVICE, stdin (16 bit PCM, mono), a file, or an address for ffmpeg such as rtsp://camera/stream.',
  ),
  sampleRate: integerFlag('HZ', 'Without --config: rate of stdin, or to record at; default 16000.', {
    min: 1,
  }),
  site: textFlag('NAME', 'Without --config: first part of topics and labels; default site.'),
  asset: textFlag('NAME', 'Without --config: the second, what is listened to; default machine.'),
  sensor: textFlag('NAME', 'Without --config: the third, the microphone; default mic.'),
  window: numberFlag(
    'S',
    "Without --config: seconds that are scored at once; default as long as the model's clips.",
    { min: 0 },
  ),
  hop: numberFlag('S', 'Without --config: seconds from one window to the next; default half a window.', {
    min: 0,
  }),
  onDelay: numberFlag(
    'S',
    'Without --config: an alarm is raised once it has sounded anomalous for so long; default 0.',
    { min: 0 },
  ),
  offDelay: numberFlag(
    'S',
    'Without --config: an alarm goes once it has sounded normal for so long; default 0.',
    { min: 0 },
  ),
  mqtt: textFlag('URL', 'Without --config: a broker that is told, mqtt://host.'),
  nats: textFlag('URL', 'Without --config: a NATS server with JetStream that is told, nats://host.'),
  prometheus: integerFlag(
    'PORT',
    'Without --config: where http://host:PORT/metrics is; 0 takes a free one.',
    { min: 0 },
  ),
  state: textFlag('FILE', 'Without --config: keeps alarms over restarts.'),
  clips: textFlag('DIR', 'Without --config: keeps the sound of alarms.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'monitor',
  summary: 'listens to machines and tells when one sounds wrong',
  usage: '--config FILE | --model MODEL --source SOURCE [flags]',
  examples: [
    [
      'serial-oe monitor --config monitor.yaml --dry-run',
      'says what is wrong with a configuration, or what it would do',
    ],
    [
      'serial-oe monitor --config monitor.yaml',
      'listens until it is stopped: Ctrl-C, or SIGTERM of a service',
    ],
    [
      'serial-oe monitor --model fan-model --machine-id 00 --source arecord --mqtt mqtt://localhost',
      'one microphone, without a file',
    ],
    [
      'arecord -q -t raw -f S16_LE -r 16000 | serial-oe monitor --model fan-model --machine-id 00 --source stdin --scores',
      'sound of another program',
    ],
  ],
  flags,
  notes: [
    'Events go to stdout with local time, messages to stderr. An alarm says that the sound is anomalous. HEARING says whether the ' +
      'microphone hears: no samples, flat, clipped or wrongly clocked sound is an event of its own and raises no alarm of the machine. ' +
      'OVERLOAD says that windows were dropped because scoring did not keep up.',
    'Configuration: site; models (name: path); sensors (asset, sensor, machineId, model, source, and what differs of the ' +
      'following); windowSeconds, hopSeconds; alarm (onDelay, offDelay, deadband, reAlarmTime); hearing; sinks (mqtt, nats, prometheus, ' +
      `webhook, jsonLines); stateFile; clips. \${NAME} in a text is a variable of the environment, for passwords. examples/node-monitor has one ` +
      'with comments, a service and dashboards; docs/listening.md says where to put microphones and what to choose.',
    'A monitor that is told to stop has done its work: what waits is scored, the state is saved, and the exit code is 0.',
  ],
  stopping: 'stopping: what waits is scored and the state saved',
};

export const command: Command<typeof flags> = { spec, run };

async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, progress, signal } = context;
  const { readSettings } = await import('../monitor/read-settings');
  const { loadSensors } = await import('../monitor/load-sensors');
  const { missingPackages } = await import('../monitor/open-sinks');
  const settings = await readSettings(args.config, quickFlags(args));
  const onWarning = (message: string) => progress.warning(message);
  const loaded = await unlessStopped(signal, () => loadSensors(settings, { flags: args, signal, onWarning }));
  if (loaded === null) return EXIT.done;
  try {
    const missing = await missingPackages(settings.config.sinks ?? {});
    const problems = [...loaded.problems, ...missing.map((problem) => `${settings.file}: ${problem}`)];
    if (args.dryRun) return await tellPlan(context, { settings, loaded, problems });
    for (const problem of problems) progress.notice(`error: ${problem}`);
    if (problems.length > 0) return EXIT.failure;
    await listen(context, { settings, loaded });
    return EXIT.done;
  } finally {
    await loaded.close();
  }
}

/** Null where it was stopped while models were on their way, which is no failure of a service. */
async function unlessStopped<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted && (error as Error).name === 'AbortError') return null;
    throw error;
  }
}

interface Ready {
  settings: MonitorSettings;
  loaded: LoadedSensors;
}

async function tellPlan(
  { args, progress, terminal }: CommandContext<typeof flags>,
  { settings, loaded, problems }: Ready & { problems: readonly string[] },
): Promise<number> {
  const { planOf, planText } = await import('../monitor/plan-text');
  const plan = planOf(settings, loaded);
  if (args.json) printJson(terminal, { problems, ...plan });
  else if (problems.length === 0) terminal.out(planText(plan));
  for (const problem of problems) progress.notice(`error: ${problem}`);
  return problems.length > 0 ? EXIT.failure : EXIT.done;
}

async function listen(
  { args, progress, signal, terminal }: CommandContext<typeof flags>,
  { settings: { config, pathOf }, loaded: { sensors, models } }: Ready,
): Promise<void> {
  const { Monitor } = await import('@serial-oe/monitor/node');
  const { openSinks } = await import('../monitor/open-sinks');
  const { startThreads } = await import('../monitor/load-sensors');
  const { stateFile, clips } = config;
  await startThreads(models);
  const onMessage = (message: string) => progress.message(message);
  const sinks = await openSinks(config.sinks ?? {}, {
    terminal,
    json: args.json,
    scores: args.scores,
    onMessage,
  });
  const monitor = new Monitor({
    ...{ sensors, sinks, onMessage },
    stateFile: stateFile === undefined ? undefined : pathOf(stateFile),
    clips: clips === undefined ? undefined : { ...clips, folder: pathOf(clips.folder) },
  });
  progress.message(`listening to ${monitor.sensors.join(', ')}`);
  await monitor.run(signal);
}

/** The flags that stand for a configuration. */
function quickFlags(args: CommandContext<typeof flags>['args']) {
  const { model, machineId, source, sampleRate, site, asset, sensor, window, hop, onDelay, offDelay } = args;
  const { mqtt, nats, prometheus, state, clips } = args;
  return {
    ...{ model, machineId, source, sampleRate, site, asset, sensor, window, hop, onDelay, offDelay },
    ...{ mqtt, nats, prometheus, state, clips },
  };
}
