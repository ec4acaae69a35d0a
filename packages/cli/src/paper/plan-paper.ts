import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '@serial-oe/datasets';
import { backboneChecksum, readPretrained } from '@serial-oe/efficientnet-extractor';
import {
  type Experiment,
  type JobQueue,
  processQueue,
  type RunExperimentsOptions,
  type Shard,
  type StartFile,
} from '@serial-oe/experiments';
import type { BullQueue } from '@serial-oe/experiments/bullmq';
import { BundleError } from '@serial-oe/runtime';
import type { BackendName } from '@serial-oe/runtime/node';
import type { PresetName, SerialOeConfigOverrides } from '@serial-oe/serial-oe';
import { PRETRAINED_FILE } from '@serial-oe/serial-oe';
import { loadBullmq } from '../experiment/queue-packages';
import type { SystemName } from '../system-table';
import { systems } from '../systems';
import { systemsModule } from '../systems-module';
import { readWeightsFile } from '../weights/read-weights-file';
import { developmentIds, resolveCounts, resolveExperimentSettings } from './experiment-settings';
import { isDcase2020 } from './is-dcase2020';
import type { PaperExperimentName } from './paper-experiment';
import { paperExperiments } from './paper-experiments';
import { type OtherSystems, systemSetups } from './system-setups';

/** What the user asks of the paper's experiments. */
export interface PaperOptions extends Pick<RunExperimentsOptions, 'machineTypes' | 'onProgress' | 'signal'> {
  names: readonly PaperExperimentName[];
  /** Folders of the data set. */
  paths: readonly string[];
  dataset: Dataset;
  preset: PresetName | undefined;
  /** Changes to the preset. */
  config: SerialOeConfigOverrides;
  /** What is asked of the systems that `compare` compares with; default nothing. */
  others?: OtherSystems | undefined;
  /** Differences of the published code by name. */
  reference: readonly string[] | undefined;
  /** Pretrained weights. */
  weights: string | undefined;
  /** Numbers of anomalies an ID of `few-anomalies` and `contamination`. Default 0, 1, 2, 4, 8, 16, 32. */
  counts: readonly number[] | undefined;
  /** Systems of `compare`; default all. */
  systems: readonly SystemName[] | undefined;
  /** Trainings of each variant, with the seeds 0 to N - 1. Default 5. */
  nSeeds: number | undefined;
  outFolder: string | undefined;
  shard: Shard | undefined;
  /** Address of the server whose workers do the jobs. */
  queue: string | undefined;
  queueName: string | undefined;
  onWarning: (message: string) => void;
  workers: number | undefined;
  backend: BackendName | undefined;
}

/** The paper's experiments for the harness, and what it runs them with. */
export interface PlannedPaper {
  experiments: Experiment[];
  options: RunExperimentsOptions;
  /** The queue among the options, where it is on a server. */
  serverQueue: BullQueue | null;
  /** Lets go of the server, where there is one. */
  close: () => Promise<void>;
}

const NOTHING_ASKED: OtherSystems = { systemConfigs: {}, nEpochs: undefined, batchSize: undefined };

/** @throws UsageError or RangeError for a value that there is not; BundleError where `weights` cannot be started from */
export async function planPaper(options: PaperOptions): Promise<PlannedPaper> {
  const { names, paths, dataset, machineTypes, weights, nSeeds, onProgress, signal } = options;
  const { config, protocol } = resolveExperimentSettings(options.preset, options.config, options.reference);
  const startFrom = weights === undefined ? undefined : { [PRETRAINED_FILE]: await readStart(weights) };
  const types = machineTypes ?? [...new Set(dataset.clips.map(({ machineType }) => machineType))];
  const isSynthetic = paths.some((path) => existsSync(join(path, 'synthesis.json')));
  const settings = {
    ...{ config, protocol, hasPretrained: weights !== undefined, counts: resolveCounts(options.counts) },
    isDcase2020: !isSynthetic && isDcase2020(dataset.clips, types),
    systems: options.systems,
  };
  const serverQueue = await openServerQueue(options);
  return {
    experiments: paperExperiments(names, settings),
    options: {
      ...{ systems, dataset, machineTypes, protocol, onProgress, signal },
      outFolder: options.outFolder ?? 'experiments',
      shard: options.shard,
      seeds: nSeeds === undefined ? undefined : Array.from({ length: nSeeds }, (_, seed) => seed),
      setups: systemSetups(config, startFrom, options.others ?? NOTHING_ASKED),
      averagedIds: settings.isDcase2020 ? developmentIds() : undefined,
      queue: serverQueue ?? localQueue(options),
    },
    serverQueue,
    close: async () => serverQueue?.close(),
  };
}

/** Processes of this machine. */
function localQueue({ workers, backend }: PaperOptions): JobQueue {
  return processQueue({ workers, backend, systemsModule: systemsModule() });
}

/** Workers of a server, where one is named. */
async function openServerQueue({
  queue: connection,
  queueName: name,
  backend,
  onWarning,
}: PaperOptions): Promise<BullQueue | null> {
  if (connection === undefined) return null;
  const { bullQueue } = await loadBullmq(connection);
  return bullQueue({ connection, name, backend, onProblem: onWarning });
}

/** Tells before days of training whether the file holds what a training starts from; the same weights have the same checksum. */
async function readStart(file: string): Promise<StartFile> {
  const bytes = await readWeightsFile('serial-oe experiment: --weights', file);
  try {
    return { path: file, checksum: backboneChecksum(readPretrained(bytes).weights) };
  } catch (cause) {
    throw new BundleError(
      'weights',
      `serial-oe experiment: --weights must hold pretrained weights of EfficientNet-B0, got ${file}: ${(cause as Error).message}`,
      { cause },
    );
  }
}
