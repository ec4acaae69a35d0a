import { type Fusion, fuseScores } from '@serial-oe/decision';
import { show } from '@serial-oe/foundation';
import type { ClipScorer, NormalScore } from '../contract/asd-system';
import type { ClipScore, ScoreOptions } from '../contract/clip-score';
import { UnknownMachineIdError } from '../errors';
import type { MachineFusion } from './fusion-model';

/** A trained system of an ensemble. */
export interface TrainedMember {
  name: string;
  scorer: ClipScorer;
}

/** What an ensemble scores by. */
export interface EnsembleModel {
  /** The first scores the embeddings that the ensemble gives. */
  members: readonly TrainedMember[];
  fusion: Fusion;
  machines: ReadonlyMap<string, MachineFusion>;
}

/** One scorer of several: each system's score in deviations above the machine's normal ones, and one score of these. */
export function ensembleScorer(
  { members, fusion, machines }: EnsembleModel,
  { toFiles, normalScores }: Pick<ClipScorer, 'toFiles' | 'normalScores'>,
): ClipScorer {
  const machineIds = [...machines.keys()];
  const first = members[0]!.scorer;
  const fuse = (machine: MachineFusion, scores: readonly ClipScore[]): ClipScore => {
    const zScores = scores.map(({ anomalyScore }, i) => machine.calibrations[i]!.zScore(anomalyScore));
    const anomalyScore = fuseScores(zScores, fusion);
    const far = scores.find(({ distanceFromTraining }) => distanceFromTraining !== undefined);
    return {
      ...{ anomalyScore, chunkScores: Float64Array.of(anomalyScore), threshold: machine.threshold },
      isAnomaly: anomalyScore > machine.threshold,
      members: Object.fromEntries(members.map(({ name }, i) => [name, zScores[i]!])),
      ...{ distanceFromTraining: far?.distanceFromTraining, isUnlikeTraining: far?.isUnlikeTraining },
    };
  };
  const machineOf = (machineId: string | undefined): [string, MachineFusion] => {
    const id = machineId ?? (machineIds.length === 1 ? machineIds[0] : undefined);
    const machine = id === undefined ? undefined : machines.get(id);
    if (id !== undefined && machine !== undefined) return [id, machine];
    const message = `runtime.ensemble: machineId must be one of ${machineIds.join(', ')}, got ${show(machineId)}.`;
    throw new UnknownMachineIdError(message, machineId, machineIds);
  };
  return {
    machineIds,
    input: {
      sampleRate: first.input.sampleRate,
      chunkSeconds: Math.max(...members.map(({ scorer }) => scorer.input.chunkSeconds)),
    },
    provenance: {
      members: Object.fromEntries(members.map(({ name, scorer }) => [name, scorer.provenance ?? null])),
    },
    normalScores,
    async score(waveform: Float32Array, options: ScoreOptions) {
      const [machineId, machine] = machineOf(options.machineId);
      const scores: ClipScore[] = [];
      for (const { scorer } of members) scores.push(await scorer.score(waveform, { ...options, machineId }));
      return fuse(machine, scores);
    },
    ...(first.embed ? { embed: (waveform, options) => first.embed!(waveform, options) } : {}),
    toFiles,
    dispose() {
      for (const { scorer } of members) scorer.dispose();
    },
  } satisfies ClipScorer;
}

/** The fused scores of the normal clips that every member has scored. */
export function fusedNormalScores(
  { members, fusion, machines }: EnsembleModel,
  scores: readonly (readonly NormalScore[])[],
): NormalScore[] {
  const byPath = scores.map(
    (ofMember) => new Map(ofMember.map(({ path, anomalyScore }) => [path, anomalyScore])),
  );
  return scores[0]!
    .filter(({ path }) => byPath.every((each) => each.has(path)))
    .map(({ path, machineId }) => {
      const { calibrations } = machines.get(machineId)!;
      const zScores = members.map((_, i) => calibrations[i]!.zScore(byPath[i]!.get(path)!));
      return { path, machineId, anomalyScore: fuseScores(zScores, fusion) };
    });
}
