import { rm } from 'node:fs/promises';
import type { Label } from '@serial-oe/datasets';
import type { Answers } from './answers';
import {
  type SortedPlace,
  type Sorting,
  sortedBefore,
  sortRecording,
  type UnsortedRecording,
} from './sorted-recordings';

/** What shows recordings to somebody and asks. */
export interface Listener {
  /** Shows and plays. @throws for a recording that cannot be read */
  present(recording: UnsortedRecording, place: { i: number; n: number }): Promise<void>;
  replay(recording: UnsortedRecording): void;
  /** Ends what plays. */
  hush(): void;
  ask(): void;
  tell(message: string): void;
  warn(message: string): void;
}

/** What became of the recordings. */
export interface LabelSummary {
  nAnomaly: number;
  nNormal: number;
  nSkipped: number;
  /** Sorted by an earlier run. */
  nSortedBefore: number;
  /** That could not be read. */
  nFailed: number;
  /** That were not reached. */
  nLeft: number;
}

export interface LabelOptions {
  place: SortedPlace;
  /** Of all recordings, without asking; else the answers tell. */
  label: Label | undefined;
  answers: Answers | null;
  listener: Listener;
  signal: AbortSignal;
}

type Verdict = Label | 'skip' | 'failed';

interface Step {
  recording: UnsortedRecording;
  verdict: Verdict;
  sorting: Sorting | null;
}

/** Goes through recordings and sorts each by what is said of it. What is sorted stays so, whatever happens. */
export async function labelRecordings(
  recordings: readonly UnsortedRecording[],
  { place, label, answers, listener, signal }: LabelOptions,
): Promise<LabelSummary> {
  const open = await notSorted(recordings, place);
  const steps: Step[] = [];
  const decide = async (recording: UnsortedRecording, verdict: Verdict) => {
    const isLabel = verdict === 'anomaly' || verdict === 'normal';
    const sorting = isLabel ? await sortRecording(place, recording, verdict) : null;
    if (sorting !== null) listener.tell(`${verdict}: ${sorting.target}`);
    steps.push({ recording, verdict, sorting });
  };
  for (let i = 0; i < open.length; i = steps.length) {
    signal.throwIfAborted();
    const recording = open[i]!;
    if (label !== undefined) {
      await decide(recording, label);
      continue;
    }
    const verdict = await hear(recording, { i, n: open.length }, { answers: answers!, listener, signal });
    if (verdict === 'quit') break;
    if (verdict !== 'back') await decide(recording, verdict);
    else await takeBack(steps, listener);
  }
  const count = (verdict: Verdict) => steps.filter((step) => step.verdict === verdict).length;
  return {
    ...{
      nAnomaly: count('anomaly'),
      nNormal: count('normal'),
      nSkipped: count('skip'),
      nFailed: count('failed'),
    },
    ...{ nSortedBefore: recordings.length - open.length, nLeft: open.length - steps.length },
  };
}

/** Those of earlier runs are not asked again; one that was copied to another disk and not yet removed is. */
async function notSorted(
  recordings: readonly UnsortedRecording[],
  place: SortedPlace,
): Promise<UnsortedRecording[]> {
  const open: UnsortedRecording[] = [];
  for (const recording of recordings) {
    const before = await sortedBefore(place, recording);
    if (before === null) open.push(recording);
    else if (!place.isCopying) await rm(recording.path);
  }
  return open;
}

async function hear(
  recording: UnsortedRecording,
  place: { i: number; n: number },
  { answers, listener, signal }: { answers: Answers; listener: Listener; signal: AbortSignal },
): Promise<Verdict | 'back' | 'quit'> {
  try {
    await listener.present(recording, place);
  } catch (error) {
    listener.warn(`${(error as Error).message} It is left where it is.`);
    return 'failed';
  }
  try {
    for (;;) {
      listener.ask();
      const answer = await answers.next(signal);
      if (answer === 'replay') listener.replay(recording);
      else if (answer !== null) return answer;
    }
  } finally {
    listener.hush();
  }
}

/** The last one that was answered goes back to where it was. */
async function takeBack(steps: Step[], listener: Listener): Promise<void> {
  while (steps.at(-1)?.verdict === 'failed') steps.pop();
  const last = steps.pop();
  if (last === undefined) {
    listener.tell('nothing to take back');
    return;
  }
  await last.sorting?.undo();
  listener.tell(`taken back: ${last.recording.path}`);
}
