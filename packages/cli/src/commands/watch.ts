import { join } from 'node:path';
import { csvField, printableLine } from '@serial-oe/foundation';
import type { WatchedFile, WatchedScore } from '@serial-oe/monitor/node';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
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
import { localTime } from '../monitor/event-line';
import { errorText, FIELDS, type ScoreRow, toRow } from '../score/score-rows';
import type { Terminal } from '../terminal/terminal';

const flags = {
  model: MODEL,
  machineId: textFlag(
    'ID',
    "The machine that is heard. Default: the ID in the file's name, that of a folder below DIR (id_00), or the model's only one.",
  ),
  machineType: textFlag(
    'T',
    'Of a model of several types, which of them the recordings are of. Default: the one of them that names of folders or files say.',
  ),
  state: textFlag('FILE', 'Remembers which recordings were scored; default DIR/.serial-oe-watch.json.'),
  once: switchFlag('Scores what is there and was not scored yet, and ends; for a timer.'),
  json: switchFlag('Prints a line of JSON a recording.'),
  csv: switchFlag('Prints CSV, the heading first.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'watch',
  summary: 'scores each new recording of a folder once',
  usage: 'DIR --model MODEL [flags]',
  examples: [
    [
      'serial-oe watch recordings --model fan-model',
      'a line a recording, as they come, until Ctrl-C or SIGTERM',
    ],
    [
      'serial-oe watch recordings --model fan-model --once --csv >> scores.csv',
      'those that have come since the last time',
    ],
  ],
  flags,
  words: { min: 1, max: 1, needed: 'one DIR is needed.' },
  notes: [
    'Subfolders are watched too. A recording is scored once its size has stayed the same for 2 s, and again only if it changes. One that ' +
      'cannot be read is named on stderr once; it is tried again when it changes, and at the next start where the reason was none of its own ' +
      '(no decoder installed, no machine ID, no permission). What was scored is remembered in the state file over restarts and kill -9: a result is written ' +
      'there before it is printed, so that none is lost; one that was printed in the very instant of a kill is printed again.',
    'Exit codes: 0 for an end that was asked for; with --once 1 where a recording cannot be read.',
  ],
  stopping: 'stopping after this recording',
};

export const command: Command<typeof flags> = { spec, run };

async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, words, progress, signal } = context;
  if (args.json && args.csv) throw new UsageError('--json and --csv cannot be given together.');
  const { loadModel } = await import('../model/load-model');
  const { watchFolder } = await import('@serial-oe/monitor/node');
  const folder = words[0]!;
  const onWarning = (message: string) => progress.warning(message);
  const model = await loadModel(args.model, { flags: args, signal, onWarning, takesAllTypes: true });
  let nUnreadable = 0;
  try {
    const score = await scorerOf(context, { model, folder });
    await model.startThreads(MANY);
    const tell = writerOf(context);
    progress.message(`watching ${printableLine(folder)}`);
    await watchFolder<ScoreRow>({
      ...{ folder, score, tell, signal, stateFile: args.state, isOnce: args.once },
      onMessage: (message) => progress.message(message),
      onUnreadable(message) {
        nUnreadable++;
        progress.notice(`error: ${message}`);
      },
    });
  } finally {
    await model.close();
  }
  return args.once && nUnreadable > 0 ? EXIT.failure : EXIT.done;
}

/** Recordings that a watch scores without an end, to whoever asks how many threads they are worth. */
const MANY = 1_000_000;

/** Whether an error is none of the recording itself: its decoder is not installed, or the system could not read it now. */
function mayPass(error: Error & { problem?: string; code?: string }): boolean {
  const { code = error.code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return error.problem === 'no-decoder' || /^E[A-Z]+$/.test(code ?? '');
}

async function scorerOf(
  { args, progress }: CommandContext<typeof flags>,
  { model, folder }: { model: LoadedModel; folder: string },
): Promise<(file: WatchedFile) => Promise<WatchedScore<ScoreRow>>> {
  const { loadRecording } = await import('@serial-oe/datasets/node');
  const { machinesOf } = await import('../score/recordings-to-score');
  const { scoreBy } = await import('../score/score-recordings');
  const { signalNote } = await import('../score/signal-notes');
  const score = scoreBy(model);
  const recordingOf = machinesOf(model, args, 'serial-oe watch');
  const { trainingLevel } = model.scorer;
  return async ({ path, names }) => {
    const named = recordingOf({ path, names, argument: folder });
    if ('error' in named) return { error: named.error, isPassing: true }; // --machine-id may say it the next time
    const { clip } = named;
    try {
      const audio = await loadRecording(path);
      const row = toRow({ clip, score: await score(clip, audio) });
      const note = signalNote(audio, { path, trainingLevel });
      if (note !== null) progress.warning(note);
      return { result: { ...row, path: join(...names) } };
    } catch (error) {
      if ((error as Error).name === 'ScoringWorkerError') throw error; // which no recording is to blame for
      return {
        error: new Error(errorText({ clip, error: error as Error })),
        isPassing: mayPass(error as Error),
      };
    }
  };
}

function writerOf({ args, terminal }: CommandContext<typeof flags>): (row: ScoreRow) => void {
  if (args.json) return (row) => terminal.out(`${JSON.stringify(row)}\n`);
  if (args.csv) {
    terminal.out(`${FIELDS.join(',')}\n`);
    return (row) => terminal.out(`${FIELDS.map((field) => csvField(row[field] ?? '')).join(',')}\n`);
  }
  return (row) => writeLine(terminal, row);
}

function writeLine(terminal: Terminal, row: ScoreRow): void {
  const { path, machineId, anomalyScore, threshold, severity, isAnomaly, isUnlikeTraining } = row;
  const verdict = `${isAnomaly ? 'ANOMALY' : 'normal'}${isUnlikeTraining ? ', but unlike training' : ''}`;
  const severe = severity === null ? '' : `, severity ${severity.toFixed(0)}`;
  const score = `score ${anomalyScore.toFixed(2)} of ${threshold.toFixed(2)}${severe}`;
  terminal.out(`${localTime(Date.now() / 1000)} ${printableLine(path)} ${machineId} ${score}: ${verdict}\n`);
}
