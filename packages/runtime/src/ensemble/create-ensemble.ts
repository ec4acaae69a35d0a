import { FUSIONS, type Fusion } from '@serial-oe/decision';
import { checkOneOf, checkOptions, type OptionNames, sha256, show } from '@serial-oe/foundation';
import type { AsdSystem, TrainingJob } from '../contract/asd-system';
import type { Platform } from '../contract/platform';
import { BundleError, TrainingDataError } from '../errors';
import { type EnsembleConfig, finetuneEnsembleConfig, resolveEnsembleConfig } from './ensemble-config';
import { memberFiles, readEnsembleFiles } from './ensemble-files';
import type { TrainedMember } from './ensemble-model';
import { type EnsembleScorer, ensembleScorer } from './ensemble-scorer';
import { trainEnsemble } from './train-ensemble';

export type { EnsembleConfig } from './ensemble-config';
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

const OPTIONS: OptionNames<EnsembleOptions> = { name: true, members: true, fusion: true };

/** Several systems as one; what it makes tells of its members. */
export interface Ensemble extends AsdSystem<EnsembleConfig> {
  train(job: TrainingJob<EnsembleConfig>, platform: Platform): Promise<EnsembleScorer>;
  load(files: ReadonlyMap<string, Uint8Array>, platform: Platform): Promise<EnsembleScorer>;
}

/**
 * Several systems as one, without a label: each is trained on its own, its scores are made comparable by held-out or cross-fitted
 * scores of the machine's normal clips (z-scores), and fused. A system that the data do not suffice for is left out, with a
 * warning, so that it trains what the data allow.
 *
 * @throws RangeError or TypeError for options that make no ensemble
 */
export function createEnsemble(options: EnsembleOptions): Ensemble {
  checkOptions('runtime.createEnsemble', options, OPTIONS);
  const { name, members, fusion = 'max' } = options;
  checkMembers(members);
  checkOneOf('runtime.createEnsemble: fusion', fusion, FUSIONS);
  const canTell = members.every((system) => system.fingerprint !== undefined);
  const fingerprint = (job: TrainingJob<EnsembleConfig>, platform: Platform) =>
    fingerprintOf(members, job, platform);
  return {
    name,
    scope: 'machineType',
    resolveConfig: (preset, overrides) => resolveEnsembleConfig({ name, members, fusion }, preset, overrides),
    ...(members.some((system) => system.finetuneConfig !== undefined) && {
      finetuneConfig: (config: EnsembleConfig, overrides: object) =>
        finetuneEnsembleConfig({ name, members, fusion }, config, overrides),
    }),
    countUpdates: (config, clips, target) =>
      members.reduce(
        (sum, system) => sum + system.countUpdates(config.members[system.name]!, clips, target),
        0,
      ),
    ...(canTell && { fingerprint }),
    train: async (job, platform) => {
      const own = canTell ? await fingerprint(job, platform) : undefined;
      return trainEnsemble(members, { job, platform, fingerprint: own });
    },
    load: (files, platform) => loadEnsemble(members, files, platform),
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

/** Of all members' own; a member that the data do not suffice for takes no part in it. */
async function fingerprintOf(
  members: readonly AsdSystem[],
  job: TrainingJob<EnsembleConfig>,
  platform: Platform,
): Promise<string> {
  const { fusion, decision } = job.config;
  const all: [string, string | null][] = [];
  for (const { name, fingerprint } of members) {
    try {
      const config = job.config.members[name]!;
      const startFrom = memberFiles(job.startFrom, name);
      all.push([name, await fingerprint!({ ...job, config, startFrom, onProgress: () => {} }, platform)]);
    } catch (error) {
      if (!(error instanceof TrainingDataError)) throw error;
      all.push([name, null]);
    }
  }
  return sha256(JSON.stringify([fusion, decision, all]));
}

async function loadEnsemble(
  members: readonly AsdSystem[],
  files: ReadonlyMap<string, Uint8Array>,
  platform: Platform,
): Promise<EnsembleScorer> {
  const { names, files: ofMembers, ...model } = readEnsembleFiles(files);
  const systems = names.map((name) => {
    const system = members.find((each) => each.name === name);
    if (system !== undefined) return system;
    throw new BundleError(
      'format',
      `runtime.ensemble: the model holds the system ${show(name)}, which this ensemble has not.`,
    );
  });
  const trained: TrainedMember[] = [];
  try {
    for (const [i, system] of systems.entries()) {
      trained.push({ name: system.name, scorer: await system.load(ofMembers[i]!, platform) });
    }
  } catch (error) {
    for (const { scorer } of trained) scorer.dispose();
    throw error;
  }
  return ensembleScorer({ ...model, members: trained });
}
