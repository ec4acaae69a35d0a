import { byFrequency, type CheckedClip, groupBy, pathsOf } from './checked-clip';
import type { DatasetProblem } from './dataset-problem';
import { findSignalProblems } from './find-signal-problems';

/** Sample rate of every DCASE2020 recording, Hz. */
const DCASE_RATE = 16_000;
/** Lengths are told apart to a hundredth of a second. */
const LENGTH_STEP = 0.01;

export interface AudioRules {
  /** Shortest clip that can be used, seconds. */
  minSeconds: number;
  /** Every clip must be as DCASE2020's are: 16 kHz, mono. */
  isDcase2020: boolean;
}

/** Recordings that hold no sound, and those of another format than the rest. */
export function findAudioProblems(
  checked: readonly CheckedClip[],
  { minSeconds, isDcase2020 }: AudioRules,
): DatasetProblem[] {
  const severity = isDcase2020 ? 'error' : 'warning';
  return [
    ...findSignalProblems(checked),
    ...problem(
      { severity: 'error', kind: 'tooShort' },
      checked.filter((each) => seconds(each) < minSeconds),
      (n, found) =>
        `${n} are shorter than ${minSeconds} s, the chunk that a network hears at once: ${shortest(found)}.`,
    ),
    ...findOdd(checked, {
      severity,
      kind: 'sampleRate',
      measure: ({ facts }) => facts.sampleRate,
      usual: isDcase2020 ? DCASE_RATE : undefined,
      describe: (n, { usual, others }) =>
        `${n} have a sample rate other than ${usual} Hz: ${others}. They are resampled when read, and a network can ` +
        'learn the trace of that in place of the machine.',
    }),
    ...findOdd(checked, {
      severity,
      kind: 'channels',
      measure: ({ facts }) => facts.nChannels,
      usual: isDcase2020 ? 1 : undefined,
      describe: (n, { usual, others }) =>
        `${n} have another number of channels than ${usual}: ${others}. Channels are averaged when read.`,
    }),
    ...[...groupBy(checked, ({ clip }) => clip.machineType)].flatMap(([machineType, ofType]) =>
      findOdd(ofType, {
        severity: 'warning',
        kind: 'length',
        measure: (each) => Math.round(seconds(each) / LENGTH_STEP) * LENGTH_STEP,
        describe: (n, { usual, odd }) =>
          `${machineType}: ${n} are not ${usual} s long, but ${span(odd.map(seconds))} s.`,
      }),
    ),
  ];
}

/** In samples, since a missing one does not show in seconds. */
function shortest(found: readonly CheckedClip[]): string {
  const [{ facts }] = [...found].sort((a, b) => seconds(a) - seconds(b)) as [CheckedClip];
  const needed = found.length > 1 ? 'the shortest has' : 'it has';
  return `${needed} ${facts.nSamples} samples at ${facts.sampleRate} Hz`;
}

function seconds({ facts }: CheckedClip): number {
  return facts.nSamples / facts.sampleRate;
}

function problem(
  { severity, kind }: Pick<DatasetProblem, 'severity' | 'kind'>,
  found: readonly CheckedClip[],
  describe: (n: string, found: readonly CheckedClip[]) => string,
): DatasetProblem[] {
  if (found.length === 0) return [];
  return [{ severity, kind, message: describe(clips(found.length), found), paths: pathsOf(found) }];
}

interface OddClips {
  /** The value that the others have. */
  usual: string;
  /** The values of the odd ones, with the number of clips. */
  others: string;
  odd: readonly CheckedClip[];
}

/** Clips whose value is not the usual one: the given one, or the most frequent. */
function findOdd(
  checked: readonly CheckedClip[],
  {
    severity,
    kind,
    measure,
    usual = byFrequency(checked.map(measure))[0]?.value,
    describe,
  }: Pick<DatasetProblem, 'severity' | 'kind'> & {
    measure: (checked: CheckedClip) => number;
    usual?: number | undefined;
    describe: (n: string, found: OddClips) => string;
  },
): DatasetProblem[] {
  const odd = checked.filter((each) => measure(each) !== usual);
  const others = byFrequency(odd.map(measure)).map(({ value, count }) => `${value} (${count})`);
  const found = { usual: figure(usual ?? 0), others: others.join(', '), odd };
  return problem({ severity, kind }, odd, (n) => describe(n, found));
}

function clips(n: number): string {
  return `${n} clip(s)`;
}

function figure(value: number): string {
  return String(Number(value.toFixed(2)));
}

function span(values: readonly number[]): string {
  // Not as arguments of a call: a data set may have 100,000 of them and more.
  const least = figure(values.reduce((found, value) => Math.min(found, value)));
  const most = figure(values.reduce((found, value) => Math.max(found, value)));
  return least === most ? least : `${least} to ${most}`;
}
