import type { SignalFault } from '@serial-oe/audio-features';
import { type CheckedClip, groupBy, pathsOf } from './checked-clip';
import type { DatasetProblem } from './dataset-problem';

/** What is said of clips with the same fault; what a score says nothing of is an error. */
const FAULTS: Readonly<Record<SignalFault, { severity: DatasetProblem['severity']; text: string }>> = {
  constant: {
    severity: 'error',
    text: 'hold one and the same value throughout: silence, or a recording stuck at full scale.',
  },
  ditherOnly: {
    severity: 'error',
    text: 'hold nothing but the last steps of the converter: a microphone that is off or not connected.',
  },
  cancelling: {
    severity: 'error',
    text: 'hold channels that cancel where they are averaged: one of them has the opposite sign.',
  },
  absurdSample: {
    severity: 'error',
    text: 'hold samples that no microphone gives: the file is damaged, or was not written as sound.',
  },
  integerScale: {
    severity: 'warning',
    text: 'hold floating-point samples on the scale of integers, where full scale is 1.',
  },
  clipped: {
    severity: 'warning',
    text: 'have more than 1 % of their samples at the end of the range: they were recorded too loud.',
  },
  deadChannel: {
    severity: 'warning',
    text: 'have a channel without sound, which weakens the average of all.',
  },
  partlyDead: {
    severity: 'warning',
    text: 'are without sound for a fifth of their time or more: a microphone or a connection that was dead.',
  },
  offset: {
    severity: 'warning',
    text: 'lie far from 0: the average of their samples is beyond 0.1 of full scale.',
  },
};

const WITH_FIGURES: readonly SignalFault[] = ['absurdSample', 'integerScale', 'offset'];

/** How far from its machine's usual level a clip is warned of, dB; recordings of DCASE2020 differ by 6 at most. */
const LEVEL_DIFFERENCE = 15;
/** Clips of a machine from which on there is a usual level. */
const MIN_CLIPS = 3;

/** What a person would hear is wrong with recordings, and what was wrong with their files. */
export function findSignalProblems(checked: readonly CheckedClip[]): DatasetProblem[] {
  const faults = (Object.keys(FAULTS) as SignalFault[]).flatMap((kind): DatasetProblem[] => {
    const found = checked.filter(({ facts }) => facts.findings.some((finding) => finding.kind === kind));
    if (found.length === 0) return [];
    const { severity, text } = FAULTS[kind];
    return [
      {
        severity,
        kind,
        message: `${clips(found.length)} ${text}${example(found, kind)}`,
        paths: pathsOf(found),
      },
    ];
  });
  return [...faults, ...findOddLevels(checked), ...findRepaired(checked)];
}

/** The figures of the first, where the sentence for all leaves open what to repair. */
function example(found: readonly CheckedClip[], kind: SignalFault): string {
  if (!WITH_FIGURES.includes(kind)) return '';
  const { message } = found[0]!.facts.findings.find((finding) => finding.kind === kind)!;
  return ` ${found.length > 1 ? 'The first: ' : ''}${message}`;
}

/** Clips much quieter or louder than the machine's others, by machine. */
function findOddLevels(checked: readonly CheckedClip[]): DatasetProblem[] {
  const sounding = checked.filter(
    ({ facts }) =>
      !facts.findings.some(({ kind, severity }) => severity === 'error' || kind === 'integerScale'),
  );
  const machines = groupBy(sounding, ({ clip }) => JSON.stringify([clip.machineType, clip.machineId]));
  return [...machines.values()].flatMap((ofMachine) => {
    const usual = medianLevel(ofMachine);
    const differences = ofMachine.map((each) => ({ each, difference: decibels(each) - usual }));
    return (['quiet', 'loud'] as const).flatMap((kind): DatasetProblem[] => {
      const odd = differences.filter(({ difference }) =>
        kind === 'quiet' ? difference <= -LEVEL_DIFFERENCE : difference >= LEVEL_DIFFERENCE,
      );
      if (odd.length === 0) return [];
      const { machineType, machineId } = ofMachine[0]!.clip;
      const most = odd.reduce((found, { difference }) => Math.max(found, Math.abs(difference)), 0);
      const word = kind === 'quiet' ? 'quieter' : 'louder';
      return [
        {
          severity: 'warning',
          kind,
          message: `${machineType} ${machineId}: ${clips(odd.length)} are much ${word} than its others, by up to ${most.toFixed(0)} dB.`,
          paths: odd.map(({ each }) => each.clip.path),
        },
      ];
    });
  });
}

/** In dB of full scale; NaN, from which nothing is far, where there are too few clips. */
function medianLevel(ofMachine: readonly CheckedClip[]): number {
  if (ofMachine.length < MIN_CLIPS) return Number.NaN;
  const levels = ofMachine.map(decibels).sort((a, b) => a - b);
  return levels[Math.floor((levels.length - 1) / 2)]!;
}

function decibels({ facts }: CheckedClip): number {
  return 20 * Math.log10(facts.level);
}

/** Files that were read although something is wrong with them, alike ones together. */
function findRepaired(checked: readonly CheckedClip[]): DatasetProblem[] {
  const told = checked.flatMap((each) => each.facts.warnings.map((warning) => ({ each, warning })));
  const groups = groupBy(told, ({ warning }) => warning.replace(/[\d.]+/g, 'N'));
  return [...groups.values()].map((alike) => ({
    severity: 'warning',
    kind: 'repaired',
    message: `${clips(alike.length)} read although something is wrong with the file: ${alike[0]!.warning}`,
    paths: alike.map(({ each }) => each.clip.path),
  }));
}

function clips(n: number): string {
  return `${n} clip(s)`;
}
