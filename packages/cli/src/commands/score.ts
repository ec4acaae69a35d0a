import type { Clip } from '@serial-oe/datasets';
import { csvField } from '@serial-oe/foundation';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { listFlag, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { FALSE_ALARM_RATE, THRESHOLD } from '../flags/decision-flags';
import {
  BACKEND,
  MODEL,
  QUIET,
  RUNTIME,
  RUNTIME_WEIGHTS,
  SCORE_WORKERS,
  THREADS,
} from '../flags/shared-flags';
import type { LoadedModel } from '../model/loaded-model';
import type { NamedRecording } from '../score/recordings-to-score';
import {
  errorText,
  explanationsText,
  FIELDS,
  rowsText,
  type ScoreRow,
  toRow,
  unlikeText,
  verdictText,
} from '../score/score-rows';
import { printJson, type Terminal } from '../terminal/terminal';

const flags = {
  model: MODEL,
  machineId: textFlag(
    'ID',
    "The machine that is heard. Default: the ID in the file's name (normal_id_00_.., section_00_..), that of a folder below DIR (id_00), or the model's only one.",
  ),
  machineType: textFlag(
    'T',
    'Of a model of all types, which of them the recordings are of. Default: the one of them that names of folders or files say.',
  ),
  falseAlarmRate: FALSE_ALARM_RATE,
  threshold: THRESHOLD,
  failOnAnomaly: switchFlag('Exit code 3 where a clip is anomalous, for scripts.'),
  explain: switchFlag(
    'Says of each anomalous recording which seconds and which frequencies made its score; takes up to twenty times as long for those.',
  ),
  normals: listFlag(
    'DIR|CSV',
    'Normal recordings of the machines, such as those of the training: --explain then compares with them and names the nearest.',
  ),
  json: switchFlag('Prints an array of objects.'),
  csv: switchFlag(
    'Prints CSV: path,machineId,anomalyScore,isAnomaly,threshold, how far from training it sounds, severity,percentile.',
  ),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'score',
  summary: 'says of recordings how anomalous they sound',
  usage: '--model MODEL [flags] FILE|DIR ...',
  examples: [
    ['serial-oe score --model fan-model recording.wav --machine-id 00', 'one recording of machine 00'],
    [
      'serial-oe score --model fan-model --csv new-recordings > scores.csv',
      'a folder; IDs from the names of files or folders',
    ],
  ],
  flags,
  words: { min: 1, needed: 'at least one FILE or DIR is needed.' },
  notes: [
    "Severity is from 0, a usual normal sound of the machine, to 100, with the threshold at 50, for all machines and systems alike; percentile is the score's place among the machine's own normal clips. A clip counts as anomalous where its score is above its machine's threshold. " +
      'A recording that cannot be scored is named on stderr, the others are scored, and the exit code is 1. One that a person ' +
      'would not trust (silent, clipped, partly dead, channels that cancel, far from the level of the training) is warned of.',
    'IDs come from names alone that say one: normal_id_00_00000000.wav, id_00_00000000.wav, section_00_..., and below DIR folders such as id_00. ' +
      'Folders above what is named and dates (2026/01/17) are none. Where names say another machine type than the model has, a warning tells it.',
  ],
  stopping: 'stopping after this clip',
};

export const command: Command<typeof flags> = { spec, run };

async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, words, progress } = context;
  if (args.normals.length > 0 && !args.explain) throw new UsageError('--normals goes with --explain.');
  if (args.explain && args.csv) throw new UsageError('--explain goes with text or --json, not with --csv.');
  if (args.json && args.csv) throw new UsageError('--json and --csv cannot be given together.');
  const { loadModel } = await import('../model/load-model');
  const { recordingsToScore } = await import('../score/recordings-to-score');
  const onWarning = (message: string) => progress.warning(message);
  const { underFlags } = await import('../model/decide');
  const loading = { flags: args, signal: context.signal, onWarning, takesAllTypes: true };
  const loaded = await loadModel(args.model, loading);
  const model = { ...loaded, scorer: underFlags(loaded.scorer, args) };
  try {
    const { recordings, warnings } = await recordingsToScore(model, words, args);
    for (const warning of warnings) progress.warning(warning);
    return await scoreAll(context, { model, recordings });
  } finally {
    await model.close();
  }
}

/** Scores the recordings one by one; one that cannot be scored does not stop the others, and what is done is shown after Ctrl-C too. */
async function scoreAll(
  { args, progress, signal, terminal }: CommandContext<typeof flags>,
  { model, recordings }: { model: LoadedModel; recordings: readonly NamedRecording[] },
): Promise<number> {
  const { loadRecording } = await import('@serial-oe/datasets/node');
  const { clipsAtOnce, scoreBy, scoreRecordings } = await import('../score/score-recordings');
  const { signalNote } = await import('../score/signal-notes');
  const writeRow = args.csv ? csvWriter(terminal) : () => {};
  const explain = args.explain
    ? await (await import('../score/explain-recording')).createExplainer(model, args.normals, signal)
    : null;
  const rows: ScoreRow[] = [];
  const notes: string[] = [];
  let nFailed = 0;
  const fail = (message: string) => {
    nFailed++;
    progress.close();
    terminal.err(`error: ${message}\n`);
  };
  for (const each of recordings) if ('error' in each) fail(each.error.message);
  const clips = recordings.flatMap((each) => ('clip' in each ? [each.clip] : []));
  const { trainingLevel } = model.scorer;
  const nAtOnce = await clipsAtOnce(model, clips.length);
  const read = ({ path }: Clip) => loadRecording(path);
  try {
    for await (const scored of scoreRecordings(clips, { read, score: scoreBy(model), nAtOnce, signal })) {
      if ('error' in scored) fail(errorText(scored));
      else {
        const row = toRow(scored);
        if (explain !== null && row.isAnomaly) row.explanation = await explain(scored.clip, scored.audio);
        rows.push(row);
        writeRow(row);
        const note = signalNote(scored.audio, { path: row.path, trainingLevel });
        if (note !== null) notes.push(note);
      }
      const nDone = rows.length + nFailed;
      progress.update(`scoring ${nDone}/${recordings.length}`, nDone / recordings.length);
    }
  } finally {
    progress.close();
    if (args.json) printJson(terminal, rows);
    else if (!args.csv && rows.length > 0)
      terminal.out(`${rowsText(rows)}${explanationsText(rows)}${verdictText(rows)}\n`);
    if ((args.json || args.csv) && rows.length > 0) progress.message(verdictText(rows));
    if (args.explain && rows.length > 0 && rows.every(({ explanation }) => explanation === undefined))
      progress.message('nothing to explain: no recording is anomalous');
    for (const note of notes) progress.warning(note);
    const unlike = unlikeText(rows);
    if (unlike !== null) progress.warning(unlike);
  }
  if (nFailed > 0) return EXIT.failure;
  return args.failOnAnomaly && rows.some(({ isAnomaly }) => isAnomaly) ? EXIT.anomaly : EXIT.done;
}

/** Writes the heading now and a line a row. */
function csvWriter(terminal: Terminal): (row: ScoreRow) => void {
  terminal.out(`${FIELDS.join(',')}\n`);
  return (row) => terminal.out(`${FIELDS.map((field) => csvField(row[field] ?? '')).join(',')}\n`);
}
