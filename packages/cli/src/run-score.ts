import { csvField } from '@serial-oe/experiments';
import type { ScoredClipOrError } from '@serial-oe/serial-oe';
import { loadSerialOe } from '@serial-oe/serial-oe';
import { Arguments } from './arguments';
import { recordingsToScore, score } from './commands/score';
import { SCORE } from './commands/specs/model-specs';
import { textTable } from './format';
import { interruptSignal } from './interrupt';
import { startRuntime } from './runtimes';
import { scoringThreads } from './scoring-threads';
import { ProgressLine, type Terminal } from './terminal';

interface Row {
  path: string;
  machineId: string;
  anomalyScore: number;
  isAnomaly: boolean;
  threshold: number;
}

const FIELDS = [
  'path',
  'machineId',
  'anomalyScore',
  'isAnomaly',
  'threshold',
] as const satisfies readonly (keyof Row)[];

/** `serial-oe score`; returns the exit code. */
export async function runScore(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(SCORE, argv);
  const modelPath = args.required('model');
  if (args.positionals.length === 0) throw args.usage('at least one FILE or DIR is needed.');
  if (args.has('json') && args.has('csv')) throw args.usage('--json and --csv cannot be given together.');
  const threads = scoringThreads(args);
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  const runtime = await startRuntime(args);
  const model = await loadSerialOe(modelPath, {
    ...runtime,
    onWarning: (message) => progress.warning(message),
  });
  const { signal, release } = interruptSignal(() => progress.message('stopping after this clip'));
  const rows: Row[] = [];
  let nFailed = 0;
  let isBegun = false;
  const fail = (message: string) => {
    nFailed++;
    progress.close();
    terminal.err(`error: ${message}\n`);
  };
  try {
    const command = {
      model,
      paths: args.positionals,
      machineId: args.text('machine-id'),
      ...threads,
      signal,
    };
    const recordings = await recordingsToScore(command);
    isBegun = true;
    for (const each of recordings) if ('error' in each) fail(each.error.message);
    const clips = recordings.flatMap((each) => ('clip' in each ? [each.clip] : []));
    if (args.has('csv')) terminal.out(`${FIELDS.join(',')}\n`);
    for await (const scored of score(command, clips)) {
      if ('error' in scored) fail(errorText(scored));
      else {
        const row = toRow(scored);
        rows.push(row);
        if (args.has('csv')) terminal.out(`${FIELDS.map((field) => csvField(row[field])).join(',')}\n`);
      }
      const nDone = rows.length + nFailed;
      progress.update(`scoring ${nDone}/${recordings.length}`, nDone / recordings.length);
    }
  } finally {
    progress.close();
    release();
    model.dispose();
    // What is done is shown after Ctrl-C too.
    if (args.has('json') && isBegun) terminal.out(`${JSON.stringify(rows, null, 1)}\n`);
    else if (!args.has('csv') && !args.has('json') && rows.length > 0) terminal.out(asText(rows));
  }
  return nFailed > 0 ? 1 : 0;
}

/** The message, with the path where it does not say it. */
function errorText({ clip, error }: Extract<ScoredClipOrError, { error: Error }>): string {
  return error.message.includes(clip.path) ? error.message : `${clip.path}: ${error.message}`;
}

function toRow({
  clip,
  score: { anomalyScore, isAnomaly, threshold },
}: Extract<ScoredClipOrError, { score: unknown }>): Row {
  return { path: clip.path, machineId: clip.machineId, anomalyScore, isAnomaly, threshold };
}

function asText(rows: readonly Row[]): string {
  return textTable(
    [
      { title: 'path' },
      { title: 'ID' },
      { title: 'score', align: 'right' },
      { title: 'threshold', align: 'right' },
      { title: 'verdict' },
    ],
    rows.map(({ path, machineId, anomalyScore, threshold, isAnomaly }) => [
      path,
      machineId,
      anomalyScore.toFixed(2),
      threshold.toFixed(2),
      isAnomaly ? 'ANOMALY' : 'normal',
    ]),
  );
}
