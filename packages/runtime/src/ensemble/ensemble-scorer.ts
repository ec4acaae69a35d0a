import { findMachineId } from '@serial-oe/datasets';
import { type Fusion, fuseScores } from '@serial-oe/decision';
import { show } from '@serial-oe/foundation';
import type { ClipScorer, MachineThreshold, NormalRecording, NormalScore } from '../contract/asd-system';
import type { ClipScore, ClipToScore, ScoreOptions } from '../contract/clip-score';
import { UnknownMachineIdError } from '../errors';
import type { EnsembleConfig } from './ensemble-config';
import { toEnsembleFiles } from './ensemble-files';
import type { EnsembleModel, LeftOutMember, TrainedMember } from './ensemble-model';
import { fitFusion, type MachineFusion } from './fusion-model';

/** A scorer of several systems, which tells of them. */
export interface EnsembleScorer extends ClipScorer {
  readonly members: readonly TrainedMember[];
  readonly fusion: Fusion;
  /** How each machine's scores are made comparable and become one. */
  readonly machines: ReadonlyMap<string, MachineFusion>;
  readonly leftOut: readonly LeftOutMember[];
}

/** One scorer of several: each system's score in deviations above the machine's normal ones, and one score of these. */
export function ensembleScorer(model: EnsembleModel, normalScores?: readonly NormalScore[]): EnsembleScorer {
  const { members, fusion, machines, machineType, leftOut } = model;
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
    const only = machineIds.length === 1 ? machineIds[0] : undefined;
    const id = machineId === undefined ? only : findMachineId(machineIds, machineId);
    const machine = id === undefined ? undefined : machines.get(id);
    if (id !== undefined && machine !== undefined) return [id, machine];
    const message = `runtime.ensemble: machineId must be one of ${machineIds.join(', ')}, got ${show(machineId)}.`;
    throw new UnknownMachineIdError(message, machineId, machineIds);
  };
  return {
    ...{ machineType, machineIds, members, fusion, machines, leftOut, normalScores },
    input: {
      sampleRate: first.input.sampleRate,
      chunkSeconds: Math.max(...members.map(({ scorer }) => scorer.input.chunkSeconds)),
    },
    thresholds: new Map([...machines].map(([id, machine]) => [id, thresholdOf(machine, model)])),
    config: configOf(model),
    trainingLevel: members.find(({ scorer }) => scorer.trainingLevel !== undefined)?.scorer.trainingLevel,
    provenance: provenanceOf(model),
    async score(waveform: Float32Array, options: ScoreOptions) {
      const [machineId, machine] = machineOf(options.machineId);
      const scores = await Promise.all(
        members.map(({ scorer }) => scorer.score(waveform, { ...options, machineId })),
      );
      return fuse(machine, scores);
    },
    ...(members.some(({ scorer }) => scorer.scoreMany) && {
      async scoreMany(clips: readonly ClipToScore[]) {
        const heard = clips.map((clip) => machineOf(clip.options.machineId));
        const named = clips.map(({ waveform, options }, i) => {
          return { waveform, options: { ...options, machineId: heard[i]![0] } };
        });
        const scores = await Promise.all(members.map(({ scorer }) => scoresOf(scorer, named)));
        return heard.map(([, machine], i) =>
          fuse(
            machine,
            scores.map((ofMember) => ofMember[i]!),
          ),
        );
      },
    }),
    ...(members.every(({ scorer }) => scorer.withMachine) && {
      withMachine: (machineId: string, recordings: readonly NormalRecording[]) =>
        ensembleWithMachine(model, machineId, recordings),
    }),
    ...(first.embed ? { embed: (waveform, options) => first.embed!(waveform, options) } : {}),
    toFiles: (options) => toEnsembleFiles(model, options),
    dispose() {
      for (const { scorer } of members) scorer.dispose();
    },
  };
}

/** All at once where the member can. */
function scoresOf(scorer: ClipScorer, clips: readonly ClipToScore[]): Promise<ClipScore[]> {
  if (scorer.scoreMany !== undefined) return scorer.scoreMany(clips);
  return Promise.all(clips.map(({ waveform, options }) => scorer.score(waveform, options)));
}

/** Each member learns the machine, and their scores are made comparable by its own recordings. */
async function ensembleWithMachine(
  model: EnsembleModel,
  machineId: string,
  recordings: readonly NormalRecording[],
): Promise<EnsembleScorer> {
  const { fusion, machines, decision } = model;
  const members: TrainedMember[] = [];
  const scores: NormalScore[][] = [];
  for (const { name, scorer } of model.members) {
    const added = await scorer.withMachine!(machineId, recordings);
    members.push({ name, scorer: added });
    scores.push((added.normalScores ?? []).filter((each) => each.machineId === machineId));
  }
  const named = members.map(({ name }, i) => ({ name, scores: scores[i]! }));
  const own = fitFusion(named, { fusion, falseAlarmRate: decision.falseAlarmRate });
  const grown = { ...model, members, machines: new Map([...machines, ...own]) };
  return ensembleScorer(grown, fusedNormalScores(grown, scores));
}

function thresholdOf(
  { threshold, nClips }: MachineFusion,
  { decision: { falseAlarmRate } }: EnsembleModel,
): MachineThreshold {
  return { threshold, calibration: { method: 'fused', nClips, falseAlarmRate } };
}

/** By what it was trained, where every member says so. */
function configOf({ members, fusion, decision }: EnsembleModel): EnsembleConfig | undefined {
  const configs = members.map(({ name, scorer }) => [name, scorer.config] as const);
  const first = configs[0]?.[1] as { seed?: unknown } | undefined;
  if (typeof first?.seed !== 'number' || configs.some(([, config]) => config === undefined)) return undefined;
  const own = Object.fromEntries(configs) as EnsembleConfig['members'];
  return { seed: first.seed, fusion, decision, members: own };
}

function provenanceOf({ members, fusion, leftOut, heldOutClips, fingerprint }: EnsembleModel) {
  return {
    fusion,
    members: Object.fromEntries(members.map(({ name, scorer }) => [name, scorer.provenance ?? null])),
    leftOut: leftOut.map((each) => ({ ...each })),
    heldOutClips: [...heldOutClips],
    ...(fingerprint !== undefined && { fingerprint }),
  };
}

/** The fused scores of the normal clips that every member has scored. */
export function fusedNormalScores(
  { members, fusion, machines }: Pick<EnsembleModel, 'members' | 'fusion' | 'machines'>,
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
