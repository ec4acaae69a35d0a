import type { AsdSystem, Target } from '@serial-oe/runtime';
import { ALL_MACHINE_TYPES } from '@serial-oe/runtime';
import type { Variant } from '../experiment-types';
import { RUNS_FOLDER } from '../jobs/job-files';
import type { Job, NamedClip } from '../jobs/job-types';
import { clipText, hashOf, stableJson } from './job-hash';
import { mergeOverrides } from './merge-overrides';
import { evaluatedClips, type JobData, planData, trainedIds } from './plan-data';
import type { PlanJobsOptions } from './plan-jobs-options';

/** Changes with what a job computes from the same inputs; finished jobs of another format are not taken. */
const JOB_FORMAT = 2;

/** What a job is planned for: a variant on a machine type with a seed. */
export interface OfCell {
  variant: Variant;
  machineType: string;
  seed: number;
  /** All types that the experiment measures. */
  machineTypes: readonly string[];
}

/** What cells have in common, worked out once: a data set of 24,000 clips has a thousand jobs. */
export class PlannedOnce {
  readonly #options: PlanJobsOptions;
  readonly #jobs = new Map<string, Job[]>();
  readonly #data = new Map<string, JobData>();
  readonly #evaluated = new Map<string, string[]>();
  readonly #clipTexts = new Map<NamedClip, string>();
  readonly #dataTexts = new Map<JobData, string>();
  readonly #allTypes: readonly string[];

  constructor(options: PlanJobsOptions) {
    this.#options = options;
    this.#allTypes = [...new Set(options.clips.map(({ machineType }) => machineType))].sort();
  }

  /** The jobs that the cell is measured by: one, or one a machine ID where the system trains for each of them. */
  jobs(cell: OfCell): Job[] {
    const { machineType, machineTypes, seed, variant } = cell;
    const { system, training, scoring } = variant;
    const isOfType = this.#system(system).scope !== 'dataset';
    const types = isOfType ? machineType : training.moved ? machineTypes : null;
    const pool = training.moved ? scoring.nHeldOut : null;
    const key = JSON.stringify([types, seed, system, training, pool]);
    return getOrAdd(this.#jobs, key, () => this.#targets(cell).map((target) => this.#plan(cell, target)));
  }

  /** Names of the clips that the cell is measured on, those apart that its job was trained on. */
  evaluated({ machineType, seed, variant: { scoring } }: OfCell): string[] {
    const { nHeldOut } = scoring;
    const { clips } = this.#options;
    const key = JSON.stringify([machineType, nHeldOut ? [seed, nHeldOut] : null]);
    return getOrAdd(this.#evaluated, key, () =>
      evaluatedClips(clips, { machineType, seed, nHeldOut }).map(({ name }) => name),
    );
  }

  #system(name: string): AsdSystem {
    return this.#options.systems.find((system) => system.name === name) as AsdSystem;
  }

  #targets({ machineType, variant }: OfCell): Target[] {
    switch (this.#system(variant.system).scope) {
      case 'dataset':
        return [{ machineType: ALL_MACHINE_TYPES }];
      case 'machineType':
        return [{ machineType }];
      case 'machineId':
        return trainedIds(this.#options.clips, machineType).map((machineId) => ({ machineType, machineId }));
    }
  }

  #plan(cell: OfCell, target: Target): Job {
    const { variant, seed } = cell;
    const { training } = variant;
    const { backend, files, outFolder, setups } = this.#options;
    const system = this.#system(variant.system);
    const { preset, config: changes = {}, startFrom = null } = setups[system.name] ?? {};
    const config = system.resolveConfig(preset, mergeOverrides(changes, { seed }, training.config));
    const start = training.isPretrained ? startFrom : null;
    const data = this.#dataOf(cell, target);
    const identity = stableJson({
      format: JOB_FORMAT,
      system: system.name,
      ...(system.scope === 'dataset' ? {} : target),
      config,
      seed,
      backend,
      startFrom: start?.hashes ?? null,
    });
    const hash = hashOf(`${identity}[${this.#textOf(data)}]`);
    const place = [target.machineType, target.machineId].filter((part) => part !== undefined).join('-');
    const id = `${place.replaceAll(/[^\w.-]+/g, '_')}-seed${seed}-${hash}`;
    return {
      ...{ id, folder: files.join(outFolder, RUNS_FOLDER, id), system: system.name, target, config, seed },
      ...data,
      startFrom: start,
      nUpdates: system.countUpdates(config, data.trainClips, target),
      scorings: [],
      isMapped: false,
    };
  }

  #dataOf(cell: OfCell, { machineType, machineId }: Target): JobData {
    const { clips, protocol } = this.#options;
    const { seed, variant } = cell;
    const { moved } = variant.training;
    const nHeldOut = variant.scoring.nHeldOut ?? 0;
    const isAll = machineType === ALL_MACHINE_TYPES;
    const types = {
      machineTypes: isAll ? this.#allTypes : [machineType],
      movedTypes: isAll ? cell.machineTypes : undefined,
    };
    const key = JSON.stringify([types, machineId, moved ? [seed, moved, nHeldOut] : null]);
    return getOrAdd(this.#data, key, () => {
      const data = planData(clips, { ...types, seed, moved, nHeldOut, protocol });
      if (machineId === undefined) return data;
      return { ...data, testClips: data.testClips.filter((clip) => clip.machineId === machineId) };
    });
  }

  /** The clips of a job as JSON, in the order of their roles. */
  #textOf(data: JobData): string {
    const textOf = (clip: NamedClip) =>
      getOrAdd(this.#clipTexts, clip, () => clipText(clip, this.#options.fingerprints.get(clip.name)));
    return getOrAdd(this.#dataTexts, data, () =>
      [...data.trainClips, ...data.testClips].map(textOf).join(','),
    );
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
