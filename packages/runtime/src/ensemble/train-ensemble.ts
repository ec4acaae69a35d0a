import type { Clip } from '@serial-oe/datasets';
import type { AsdSystem, ClipScorer, NormalScore, TrainingJob } from '../contract/asd-system';
import { clipKey } from '../contract/clip-key';
import type { Platform } from '../contract/platform';
import { readAhead } from '../contract/read-ahead';
import { TrainingDataError } from '../errors';
import type { EnsembleConfig } from './ensemble-config';
import { ENSEMBLE_FILE, memberFiles, readEnsembleFiles } from './ensemble-files';
import type { EnsembleModel, LeftOutMember, TrainedMember } from './ensemble-model';
import { type EnsembleScorer, ensembleScorer, fusedNormalScores } from './ensemble-scorer';
import { fitFusion } from './fusion-model';

interface MemberWithScores extends TrainedMember {
  scores: readonly NormalScore[];
}

interface Training {
  job: TrainingJob<EnsembleConfig>;
  platform: Platform;
}

/** @throws TrainingDataError where the data suffice for no member; what a member throws for another reason */
export async function trainEnsemble(
  systems: readonly AsdSystem[],
  { job, platform, fingerprint }: Training & { fingerprint: string | undefined },
): Promise<EnsembleScorer> {
  const trained = new Map<string, MemberWithScores>();
  try {
    const { leftOut, failure } = await trainMembers(systems, { job, platform, trained });
    const members = systems.flatMap(({ name }) => trained.get(name) ?? []);
    if (members.length === 0) throw failure;
    const { fusion, decision } = job.config;
    const machines = fitFusion(members, { fusion, falseAlarmRate: decision.falseAlarmRate });
    for (const [machineId, { threshold }] of machines) {
      job.onProgress({ kind: 'detector', machineId, converged: true, nIter: 1, threshold });
    }
    const before = job.startFrom?.has(ENSEMBLE_FILE) ? readEnsembleFiles(job.startFrom).heldOutClips : [];
    const heldOutClips = [...new Set([...before, ...(job.heldOutClips ?? []).map(clipKey)])];
    const model: EnsembleModel = {
      ...{ members: members.map(({ name, scorer }) => ({ name, scorer })), fusion, machines, decision },
      ...{ machineType: job.target.machineType, leftOut, heldOutClips, fingerprint },
    };
    const normalScores = fusedNormalScores(
      model,
      members.map(({ scores }) => scores),
    );
    return ensembleScorer(model, normalScores);
  } catch (error) {
    for (const { scorer } of trained.values()) scorer.dispose();
    throw error;
  }
}

/**
 * Trains each member that the data suffice for; those that they do not are told and left out. What takes seconds comes first, so
 * that whatever is wrong with the data is told before hours of training, and a network's checkpoint is the last thing that is left.
 */
async function trainMembers(
  systems: readonly AsdSystem[],
  { job, platform, trained }: Training & { trained: Map<string, MemberWithScores> },
): Promise<{ leftOut: LeftOutMember[]; failure: TrainingDataError | undefined }> {
  const leftOut: LeftOutMember[] = [];
  let failure: TrainingDataError | undefined;
  const isLong = ({ name, countUpdates }: AsdSystem) =>
    countUpdates(job.config.members[name]!, job.clips, job.target) > 0;
  const quickFirst = [...systems.filter((each) => !isLong(each)), ...systems.filter(isLong)];
  for (const system of quickFirst) {
    const config = job.config.members[system.name]!;
    try {
      const startFrom = memberFiles(job.startFrom, system.name);
      const scorer = await system.train({ ...job, config, startFrom }, platform);
      const { name } = system;
      trained.set(name, { name, scorer, scores: scorer.normalScores ?? [] });
      if (scorer.normalScores === undefined) {
        trained.set(name, { name, scorer, scores: await scoreNormals(scorer, job, platform) });
      }
    } catch (error) {
      if (!(error instanceof TrainingDataError)) throw error;
      failure ??= error;
      leftOut.push({ name: system.name, reason: error.message });
      job.onProgress({
        kind: 'warning',
        message: `${system.name} is left out of the ensemble: ${error.message}`,
      });
    }
  }
  return { leftOut, failure };
}

/** Of a system that tells no held-out scores: those of the clips that it was trained on, which are too low. */
async function scoreNormals(
  scorer: ClipScorer,
  { clips, target }: Pick<TrainingJob, 'clips' | 'target'>,
  { loadClip }: Pick<Platform, 'loadClip'>,
): Promise<NormalScore[]> {
  const isNormal = ({ machineType, label, split }: Clip) =>
    machineType === target.machineType && label === 'normal' && split === 'train';
  const scores: NormalScore[] = [];
  for await (const { clip, waveform, sampleRate } of readAhead(clips.filter(isNormal), loadClip)) {
    const { path, machineId } = clip;
    const { anomalyScore } = await scorer.score(waveform, { sampleRate, machineId });
    scores.push({ path, machineId, anomalyScore });
  }
  return scores;
}
