import { AmplitudeAccumulator } from '@serial-oe/audio-features';
import { assertNoLeak, type Clip, sessionOf } from '@serial-oe/datasets';
import { compareText } from '@serial-oe/foundation';
import {
  type NormalScore,
  type Platform,
  readAhead,
  TrainingDataError,
  type TrainingJob,
  throwIfStopped,
} from '@serial-oe/runtime/contract';
import { chooseVector, type DescribedMachine } from './choose-vector';
import { deviationsOf, fitMachine, type MachineDetector } from './fit-machine';
import { LogMel } from './log-mel';
import type { Choice, VectorConfig, VectorMethod } from './vector-method';

/** What a training makes. */
export interface TrainedMachines {
  choice: Choice;
  machines: Map<string, MachineDetector>;
  nClips: number;
  /** Standard deviation of the clips' samples, full scale = 1. */
  trainingLevel: number;
  /** Held-out scores of the clips; a model that was loaded has none. */
  normalScores?: readonly NormalScore[] | undefined;
}

/**
 * Reads the normal training clips of the target type, chooses how the vector is made, and fits a detector a machine.
 * @throws TrainingDataError where there are none, or a machine's clips cannot carry a detector; what the signal's reason is
 */
export async function trainMachines<Config extends VectorConfig>(
  method: VectorMethod<Config>,
  job: TrainingJob<Config>,
  platform: Pick<Platform, 'loadClip'>,
): Promise<TrainedMachines> {
  const { config, onProgress } = job;
  const clips = normalClips(method.name, job);
  const choices = method.choices(config);
  const { described, trainingLevel } = await describeClips(method, { clips, choices, job, platform });
  const best = chooseVector(described, { method, config, onProgress, choices });
  const vectors = described.map(({ machineId, vectors }) => ({
    machineId,
    vectors: vectors.map((of) => of[best]!),
  }));
  const deviations = vectors.flatMap(({ vectors: own }) => deviationsOf(own));
  const normalScores: NormalScore[] = [];
  const machines = new Map<string, MachineDetector>();
  for (const { machineId, vectors: own } of vectors) {
    const paths = clips.filter((clip) => clip.machineId === machineId).map(({ path }) => path);
    const options = { method, config, machineId, deviations, sessions: paths.map(sessionOf) };
    const { normalScores: scores, ...machine } = fitMachine(own, options);
    machines.set(machineId, machine);
    normalScores.push(...paths.map((path, i) => ({ path, machineId, anomalyScore: scores[i]! })));
    onProgress({ kind: 'detector', machineId, converged: true, nIter: 1, threshold: machine.threshold });
    if (machine.calibration.method === 'borrowed') {
      const message = `machine ID ${machineId} has ${own.length} normal clip(s): its spread and threshold are taken from the other machines of its type.`;
      onProgress({ kind: 'warning', message });
    }
  }
  return { choice: choices[best]!, machines, nClips: clips.length, trainingLevel, normalScores };
}

/**
 * The normal training clips of the target, sorted by machine and path, so that the order of the data set changes nothing.
 * @throws TrainingDataError where there are none; DataLeakError where a clip stands in both splits
 */
export function normalClips(name: string, { clips, target }: Pick<TrainingJob, 'clips' | 'target'>): Clip[] {
  const { machineType, machineId } = target;
  const isTarget = (clip: Clip) =>
    clip.machineType === machineType && (machineId === undefined || clip.machineId === machineId);
  const own = clips.filter(isTarget);
  const train = own.filter((clip) => clip.split === 'train');
  assertNoLeak(
    train,
    own.filter((clip) => clip.split === 'test'),
  );
  const normal = train.filter((clip) => clip.label === 'normal');
  if (normal.length === 0) {
    throw new TrainingDataError(
      `baselines.${name}: dataset must hold normal training clips of ${[machineType, machineId].filter(Boolean).join(' ')}, got none. ` +
        'They belong into the split "train" with the label "normal".',
    );
  }
  return normal.sort((a, b) => compareText(a.machineId, b.machineId) || compareText(a.path, b.path));
}

async function describeClips<Config extends VectorConfig>(
  method: VectorMethod<Config>,
  {
    clips,
    choices,
    job: { config, onProgress, signal },
    platform,
  }: {
    clips: readonly Clip[];
    choices: readonly Choice[];
    job: TrainingJob<Config>;
    platform: Pick<Platform, 'loadClip'>;
  },
): Promise<{ described: DescribedMachine[]; trainingLevel: number }> {
  const mel = new LogMel(config.frontEnd);
  const machines = new Map<string, Float64Array[][]>();
  const amplitude = new AmplitudeAccumulator();
  let nDone = 0;
  for await (const { clip, waveform, sampleRate } of readAhead(clips, platform.loadClip)) {
    throwIfStopped(signal, 'while reading clips; nothing was saved');
    const vectors = method.describe(mel.compute(waveform, { sampleRate, name: clip.path }), config, choices);
    amplitude.add(waveform);
    const own = machines.get(clip.machineId);
    if (own) own.push(vectors);
    else machines.set(clip.machineId, [vectors]);
    nDone++;
    onProgress({ kind: 'reading', nDone, nTotal: clips.length });
  }
  const described = [...machines].map(([machineId, vectors]) => ({ machineId, vectors }));
  return { described, trainingLevel: amplitude.statistics().std };
}
