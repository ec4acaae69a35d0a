import { type CheckedClip, groupBy, pathsOf } from './checked-clip';
import type { DatasetProblem } from './dataset-problem';

const KINDS = {
  leak: {
    severity: 'error',
    message: 'stand in train and in test: a model would be tested on what it was trained on.',
  },
  contradiction: {
    severity: 'error',
    message: 'stand there with two labels, or as two machines: one of them is wrong.',
  },
  duplicate: {
    severity: 'warning',
    message: 'stand there more than once in the same place, and count more.',
  },
} as const;

/** Recordings that are there more than once, by their samples. Recordings without sound are told elsewhere. */
export function findSameAudio(checked: readonly CheckedClip[]): DatasetProblem[] {
  const sounding = checked.filter(({ facts }) => !facts.findings.some(({ kind }) => kind === 'constant'));
  const groups = [...groupBy(sounding, ({ facts }) => facts.hash).values()].filter(
    ({ length }) => length > 1,
  );
  return (Object.keys(KINDS) as (keyof typeof KINDS)[]).flatMap((kind): DatasetProblem[] => {
    const ofKind = groups.filter((group) => kindOf(group) === kind).map(pathsOf);
    if (ofKind.length === 0) return [];
    const { severity, message } = KINDS[kind];
    return [
      {
        severity,
        kind,
        message: `${ofKind.length} recording(s) ${message}`,
        paths: ofKind.flat(),
        groups: ofKind,
      },
    ];
  });
}

function kindOf(group: readonly CheckedClip[]): keyof typeof KINDS {
  const nDifferent = (key: (checked: CheckedClip) => string) => groupBy(group, key).size;
  if (nDifferent(({ clip }) => clip.split) > 1) return 'leak';
  const isContradicting =
    nDifferent(({ clip }) => JSON.stringify([clip.machineType, clip.machineId, clip.label])) > 1;
  return isContradicting ? 'contradiction' : 'duplicate';
}
