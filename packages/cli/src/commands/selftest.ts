import type { SelftestSystem } from '@serial-oe/experiments';
import type { Command, CommandContext, CommandSpec, ValuesOf } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, namesFlag, numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { FALSE_ALARM_RATE } from '../flags/decision-flags';
import { BACKEND, DATA, DATA_NOTE, EPOCHS, PRESET, QUIET } from '../flags/shared-flags';
import { readDatasets } from '../read-datasets';
import { hasNetwork, isSystemName, loadSystem, SYSTEM_NAMES } from '../system-table';
import { printJson } from '../terminal/terminal';
import { resolveTraining } from '../train/train-config';

const HOURS_A_DAY = 24;

const flags = {
  data: required(DATA),
  machineType: required(textFlag('T', 'The type whose machines are tested.')),
  system: namesFlag(
    'NAME[,NAME]',
    'Systems to compare: mel-statistics, modulation-statistics, twfr-gmm, level, which need seconds, and ensemble (what train makes) and serial-oe, which are trained first. Default mel-statistics,twfr-gmm.',
  ),
  falseAlarmRate: FALSE_ALARM_RATE,
  clipsADay: numberFlag(
    'N',
    'Clips that are scored a day. Default: as many as follow each other without a pause, 8640 of 10 s.',
    { min: 2 },
  ),
  severities: namesFlag('DB,..', 'Severities to try, dB; default -40,-34,-28,-22,-16,-10,-4.'),
  maxClips: integerFlag('N', 'Most held-out clips of a machine that get faults; default 10.', { min: 1 }),
  preset: PRESET,
  epochs: EPOCHS,
  seed: integerFlag('N', 'Default 0: which clips are held out, and the faults.', { min: 0 }),
  backend: BACKEND,
  report: textFlag('FILE', 'Writes a self-contained HTML page with plots.'),
  json: switchFlag('Prints everything as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'selftest',
  summary: 'says how small a fault would be found, without a recording of one',
  usage: '--data DIR --machine-type T [flags]',
  examples: [
    ['serial-oe selftest --data recordings --machine-type fan', 'seconds; normal recordings are enough'],
    [
      'serial-oe selftest --data recordings --machine-type fan --system mel-statistics,serial-oe --report selftest.html',
      'and what the network adds, with plots',
    ],
  ],
  flags,
  notes: [
    'A third of the normal training clips of each machine is held out; made-up faults of rising severity are put into them: bearing impacts, ' +
      'amplitude modulation, a rising tone, leak hiss, missed strokes, drop-outs, speed drift. The answer is the smallest fault that would be found ' +
      'at one false alarm a day; where the clips are too few to show so low a rate, it is said how the threshold was extrapolated. It tells what a system can hear in these ' +
      'recordings, not that it will find a real fault.',
    DATA_NOTE,
  ],
  stopping: 'stopping after this clip',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const severitiesDb = args.severities?.map(toDecibels);
  const { checkWritable, createNodePlatform, startBackend } = await import('@serial-oe/runtime/node');
  if (args.report !== undefined) await checkWritable(args.report);
  const falseAlarmRate = shareOf(args);
  const systems = await systemsOf(args);
  if (systems.some(({ system }) => isSystemName(system.name) && hasNetwork(system.name)))
    await startBackend(args.backend ?? 'wasm');
  const { selftest } = await import('@serial-oe/experiments');
  const dataset = readDatasets(args.data, progress);
  const result = await selftest({
    ...{ systems, clips: dataset.clips, machineType: args.machineType, severitiesDb, signal },
    ...{ falseAlarmRate, clipsADay: args.clipsADay },
    ...{ maxClips: args.maxClips, seed: args.seed },
    platform: createNodePlatform(),
    onProgress: ({ system, nDone, nTotal }) =>
      progress.update(`${system}: scoring made-up faults ${nDone}/${nTotal}`, nDone / nTotal),
    onWarning: (message) => progress.warning(message),
  });
  progress.close();
  if (args.json) printJson(terminal, result);
  else {
    const { selftestText } = await import('../selftest/selftest-text');
    terminal.out(selftestText(result));
  }
  if (args.report !== undefined) {
    const { writeFileAtomically } = await import('@serial-oe/runtime/node');
    const { selftestReport } = await import('../selftest/selftest-report');
    await writeFileAtomically(
      args.report,
      selftestReport(result, { dataset: dataset.name ?? args.data.join(', ') }),
    );
    progress.message(`report written to ${args.report}`);
  }
  return result.systems.every(({ failure }) => failure !== null) ? EXIT.failure : EXIT.done;
}

/** @returns undefined for one a day, which is the default and needs no number of clips */
function shareOf({ falseAlarmRate: rate, clipsADay }: ValuesOf<typeof flags>): number | undefined {
  if (rate === undefined) return undefined;
  if ('share' in rate) return rate.share;
  if (rate.per === 'clip') return rate.alarms;
  const aDay = rate.alarms * (rate.per === 'hour' ? HOURS_A_DAY : 1);
  if (clipsADay !== undefined) return aDay / clipsADay;
  if (aDay === 1) return undefined;
  throw new UsageError('--clips-a-day is needed with a rate of --false-alarm-rate that is not 1/day.');
}

/** Those that the flags name, each with its configuration. */
async function systemsOf({
  system: names = ['mel-statistics', 'twfr-gmm'],
  preset,
  epochs,
  seed = 0,
}: ValuesOf<typeof flags>): Promise<SelftestSystem[]> {
  const known = names.map((name) => {
    if (isSystemName(name)) return name;
    throw new UsageError(`--system must be of ${SYSTEM_NAMES.join(', ')}, got "${name}".`);
  });
  const systems: SelftestSystem[] = [];
  for (const name of known) {
    const ofNetwork = hasNetwork(name) ? { preset, epochs } : { preset: undefined };
    const flags = { system: name, seed, config: undefined, reference: undefined, ...ofNetwork };
    const { config } = await resolveTraining(flags);
    systems.push({ system: await loadSystem(name), config });
  }
  return systems;
}

function toDecibels(text: string): number {
  const value = Number(text);
  if (text !== '' && Number.isFinite(value)) return value;
  throw new UsageError(`--severities must be numbers between commas, got "${text}".`);
}
