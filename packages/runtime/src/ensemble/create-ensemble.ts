import type { Clip } from '@serial-oe/datasets';
import { FUSIONS, type Fusion } from '@serial-oe/decision';
import {
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  type OptionNames,
  RATE,
  show,
} from '@serial-oe/foundation';
import type { AsdSystem, ClipScorer, NormalScore, TrainingJob } from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import { readAhead } from '../contract/read-ahead';
import { BundleError, TrainingDataError } from '../errors';
import { readEnsembleFiles, toEnsembleFiles } from './ensemble-files';
import { type EnsembleModel, ensembleScorer, fusedNormalScores, type TrainedMember } from './ensemble-scorer';
import { fitFusion } from './fusion-model';

export { ENSEMBLE_FILE } from './ensemble-files';

/** Which systems an ensemble is made of. */
export interface EnsembleOptions {
  /** Of the ensemble as a system. */
  name: string;
  /** At least one, by different names; the first gives embeddings, and its files keep their names. */
  members: readonly AsdSystem[];
  /** Default 'max': anomalous where any system says so, which suits systems that hear different things. 'min': where all do. */
  fusion?: Fusion | undefined;
}

/** How an ensemble is trained; plain JSON. */
export interface EnsembleConfig {
  /** Handed to every member. */
  seed: number;
  fusion: Fusion;
  decision: { falseAlarmRate: number };
  /** Configuration of each member, by its name. */
  members: Record<string, object>;
}

const OPTIONS: OptionNames<EnsembleOptions> = { name: true, members: true, fusion: true };
const CONFIG: OptionNames<EnsembleConfig> = { seed: true, fusion: true, decision: true, members: true };
const DEFAULT_FALSE_ALARM_RATE = 0.1;

/**
 * Several systems as one, without a label: each is trained on its own, its scores are made comparable by held-out or cross-fitted
 * scores of the machine's normal clips (z-scores), and fused. A system that the data do not suffice for is left out, with a
 * warning, so that it trains what the data allow.
 *
 * @throws RangeError or TypeError for options that make no ensemble
 */
export function createEnsemble(options: EnsembleOptions): AsdSystem<EnsembleConfig> {
  checkOptions('runtime.createEnsemble', options, OPTIONS);
  const { name, members, fusion = 'max' } = options;
  checkMembers(members);
  checkOneOf('runtime.createEnsemble: fusion', fusion, FUSIONS);
  const named = new Map(members.map((system) => [system.name, system]));
  return {
    name,
    scope: 'machineType',
    resolveConfig: (preset, overrides) => resolveConfig({ name, members, fusion }, preset, overrides),
    countUpdates: (config, clips, target) =>
      members.reduce(
        (sum, system) => sum + system.countUpdates(config.members[system.name]!, clips, target),
        0,
      ),
    train: (job, platform) => trainEnsemble(members, job, platform),
    async load(files, platform) {
      const { names, fusion: stored, machines, files: ofMembers } = readEnsembleFiles(files);
      const trained: TrainedMember[] = [];
      for (const [i, each] of names.entries()) {
        const system = named.get(each);
        if (system === undefined) {
          throw new BundleError(
            'format',
            `runtime.ensemble: the model holds the system ${show(each)}, which this ensemble has not.`,
          );
        }
        trained.push({ name: each, scorer: await system.load(ofMembers[i]!, platform) });
      }
      const model: EnsembleModel = { members: trained, fusion: stored, machines };
      return ensembleScorer(model, { toFiles: () => toEnsembleFiles(model), normalScores: undefined });
    },
  };
}

function checkMembers(members: readonly AsdSystem[]): void {
  const where = 'runtime.createEnsemble: members';
  if (!Array.isArray(members) || members.length === 0)
    throw new RangeError(`${where} must be at least one system.`);
  const names = members.map((system) => system.name);
  const twice = names.find((each, i) => names.indexOf(each) !== i);
  if (twice !== undefined)
    throw new RangeError(`${where} must have different names, got ${show(twice)} twice.`);
}

function resolveConfig(
  { name, members, fusion }: Required<Pick<EnsembleOptions, 'name' | 'members'>> & { fusion: Fusion },
  preset: string | undefined,
  overrides: object,
): EnsembleConfig {
  const where = `runtime.${name}: config`;
  checkKind(where, overrides, 'object');
  checkOptions(where, overrides as EnsembleConfig, CONFIG);
  const given = overrides as Partial<EnsembleConfig>;
  const seed = checkNumber(`${where}.seed`, given.seed ?? 0, COUNT);
  const { falseAlarmRate = DEFAULT_FALSE_ALARM_RATE } = given.decision ?? {};
  const own = checkKind(`${where}.members`, given.members ?? {}, 'object') as Record<string, object>;
  const unknown = Object.keys(own).find((each) => !members.some((system) => system.name === each));
  if (unknown !== undefined) {
    throw new RangeError(
      `${where}.members must name ${members.map((system) => system.name).join(', ')}, got ${show(unknown)}.`,
    );
  }
  return {
    seed,
    fusion: checkOneOf(`${where}.fusion`, given.fusion ?? fusion, FUSIONS),
    decision: { falseAlarmRate: checkNumber(`${where}.decision.falseAlarmRate`, falseAlarmRate, RATE) },
    members: Object.fromEntries(
      members.map((system, i) => [
        system.name,
        system.resolveConfig(i === 0 ? preset : undefined, { ...own[system.name], seed }),
      ]),
    ),
  };
}

async function trainEnsemble(
  members: readonly AsdSystem[],
  job: TrainingJob<EnsembleConfig>,
  platform: Platform,
): Promise<ClipScorer> {
  const trained: (TrainedMember & { scores: readonly NormalScore[] })[] = [];
  try {
    const { failures } = await trainMembers(members, { job, platform, trained });
    if (trained.length === 0)
      throw failures[0] ?? new TrainingDataError('runtime.ensemble: no member could be trained.');
    const { fusion, decision } = job.config;
    const machines = fitFusion(trained, { fusion, falseAlarmRate: decision.falseAlarmRate });
    const model: EnsembleModel = { members: trained, fusion, machines };
    for (const [machineId, { threshold }] of machines) {
      job.onProgress({ kind: 'detector', machineId, converged: true, nIter: 1, threshold });
    }
    const normalScores = fusedNormalScores(
      model,
      trained.map(({ scores }) => scores),
    );
    return ensembleScorer(model, { toFiles: () => toEnsembleFiles(model), normalScores });
  } catch (error) {
    for (const { scorer } of trained) scorer.dispose();
    throw error;
  }
}

/** Trains each member that the data suffice for; those that they do not are told and left out. */
async function trainMembers(
  members: readonly AsdSystem[],
  {
    job,
    platform,
    trained,
  }: {
    job: TrainingJob<EnsembleConfig>;
    platform: Platform;
    trained: (TrainedMember & { scores: readonly NormalScore[] })[];
  },
): Promise<{ failures: TrainingDataError[] }> {
  const failures: TrainingDataError[] = [];
  for (const system of members) {
    const config = job.config.members[system.name]!;
    try {
      const scorer = await system.train({ ...job, config }, platform);
      trained.push({ name: system.name, scorer, scores: scorer.normalScores ?? [] });
      if (scorer.normalScores === undefined)
        trained.at(-1)!.scores = await scoreNormals(scorer, job, platform);
    } catch (error) {
      if (!(error instanceof TrainingDataError)) throw error;
      failures.push(error);
      job.onProgress({
        kind: 'warning',
        message: `${system.name} is left out of the ensemble: ${error.message}`,
      });
    }
  }
  return { failures };
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
