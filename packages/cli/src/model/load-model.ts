import {
  ALL_MACHINE_TYPES,
  type AsdSystem,
  BundleError,
  type ClipScorer,
  createEnsemble,
  DECISIONS_FILE,
  type ModelSource,
  readModelFiles,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import type { SerialOeModel } from '@serial-oe/serial-oe';
import { UsageError } from '../command/usage-error';
import {
  checkRuntimeFlags,
  namesWhatComputes,
  type Runtime,
  type RuntimeFlags,
  refuseNetworkFlags,
  refuseOtherRuntimes,
  startRuntime,
} from '../score/start-runtime';
import { isComparedNetwork, loadSystem, NETWORK_SYSTEM } from '../system-table';
import { systemsModule } from '../systems-module';
import { type FoundModel, findModel } from './find-model';
import { isEnsemble, type LoadedModel } from './loaded-model';
import { typesIn } from './machine-names';
import { type ThreadedScorer, type ThreadedScorerOptions, threadedScorer } from './threaded-scorer';

export interface LoadModelOptions {
  /** What computes a network, where the model has one. */
  flags?: RuntimeFlags | undefined;
  onWarning?: ((message: string) => void) | undefined;
  /** Whether it may be a model of several machine types at once. Default false: one is refused. */
  takesAllTypes?: boolean | undefined;
  /** Ends a download. */
  signal?: AbortSignal | undefined;
}

/**
 * Loads a model of any system, which its files tell: a folder, a zip, or an address of either. tfjs or an ONNX runtime is started
 * where the model has a network.
 *
 * @throws BundleError saying what is missing, altered, or of another version; BackendError with the command that installs what
 *   computes; UsageError for flags that do not go together, or say how a network runs where there is none
 */
export async function loadModel(source: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const { flags = {}, signal } = options;
  checkRuntimeFlags(flags);
  const asked = namesWhatComputes(flags) ? await startRuntime(flags) : null; // what is not installed is told before anything is read
  const found = await findModel(source, signal);
  if (found.decisions === null) {
    options.onWarning?.(
      `${found.source.name} holds no ${DECISIONS_FILE}: its thresholds are those of the training, and there is no severity. ` +
        '"serial-oe calibrate" makes them from normal recordings',
    );
  }
  if (isComparedNetwork(found.system)) {
    refuseOtherRuntimes(flags, found.system);
    const { backend } = asked ?? (await startRuntime(flags));
    const model = toModel(found, await threadedSystem(found, { workers: flags.workers, backend }), null);
    if (model.machineType === ALL_MACHINE_TYPES && !options.takesAllTypes)
      await refuseAllTypes(model, source);
    return model;
  }
  if (!found.systems.includes(NETWORK_SYSTEM)) {
    refuseNetworkFlags(flags, `${found.source.name} (${found.systems.join(', ')})`);
    return toModel(found, await loadScorer(found, null), null);
  }
  const network = await networkLoader(asked ?? (await startRuntime(flags)), options);
  if (found.system === NETWORK_SYSTEM) {
    const scorer = await network.load(found.source);
    return toModel(found, scorer, { model: network.model(), scorer });
  }
  const scorer = await loadScorer(found, network);
  return toModel(found, scorer, { model: network.model(), scorer: network.scorer() });
}

/** A model of one of the systems that the paper compares itself with; threads load it as this one does. */
async function threadedSystem(
  found: FoundModel,
  options: Pick<ThreadedScorerOptions, 'workers' | 'backend'>,
): Promise<ThreadedScorer> {
  const scorer = await loadScorer(found, null);
  return threadedScorer(scorer, {
    ...options,
    async create(nThreads) {
      const { createScoringThreads } = await import('@serial-oe/runtime/node');
      const files = await scorer.toFiles();
      return createScoringThreads({
        systemsModule: systemsModule(),
        system: found.system,
        files,
        nThreads,
      });
    },
  });
}

async function refuseAllTypes(model: LoadedModel, source: string): Promise<never> {
  await model.close();
  throw new UsageError(
    `the model ${source} covers several machine types at once (${typesIn(model.machineIds).join(', ')}), and one of a single type is needed here. ` +
      'Train a model of that type for it.',
  );
}

/** Loads networks, and keeps the one that it has loaded. */
interface NetworkLoader {
  load(source: ModelSource): Promise<ThreadedScorer>;
  model(): SerialOeModel;
  scorer(): ThreadedScorer;
}

async function networkLoader(
  { options, backend }: Runtime,
  { flags, onWarning, signal }: LoadModelOptions,
): Promise<NetworkLoader> {
  const { loadSerialOe } = await import('@serial-oe/serial-oe');
  const { networkScorer } = await import('./network-scorer');
  let loaded: { model: SerialOeModel; scorer: ThreadedScorer } | undefined;
  return {
    async load(source) {
      const model = await loadSerialOe(source, { ...options, onWarning, signal });
      loaded = { model, scorer: networkScorer(model, { workers: flags?.workers, backend }) };
      return loaded.scorer;
    },
    model: () => loaded!.model,
    scorer: () => loaded!.scorer,
  };
}

async function loadScorer(
  { system, systems, files, source }: FoundModel,
  network: NetworkLoader | null,
): Promise<ClipScorer> {
  const bytes = await source.read(files);
  const platform = createNodePlatform();
  const members: AsdSystem[] = [];
  for (const name of systems) {
    const member = await loadSystem(name);
    const load = (own: ReadonlyMap<string, Uint8Array>) => network!.load(asSource(own, source.name));
    members.push(name === NETWORK_SYSTEM ? { ...member, load } : member);
  }
  if (system === 'ensemble') return createEnsemble({ name: system, members }).load(bytes, platform);
  return members[0]!.load(bytes, platform);
}

/** Files that are there already, as what is read from. */
function asSource(files: ReadonlyMap<string, Uint8Array>, name: string): ModelSource {
  return { name, read: async (wanted) => new Map([...files].filter(([file]) => wanted.includes(file))) };
}

function toModel(
  { system, systems, source, files, decisions }: FoundModel,
  scorer: ClipScorer | ThreadedScorer,
  network: { model: SerialOeModel; scorer: ThreadedScorer } | null,
): LoadedModel {
  const threaded = network?.scorer ?? ('startThreads' in scorer ? scorer : null);
  // One of a system that covers all types says none.
  const { machineType = isComparedNetwork(system) ? ALL_MACHINE_TYPES : undefined } = scorer;
  if (machineType === undefined) {
    throw new BundleError('manifest', `serial-oe: ${source.name} must say of which machine type it is.`);
  }
  return {
    ...{ system, systems: isEnsemble(scorer) ? systems : [system], machineType, systemScorer: scorer },
    scorer: decisions === null ? scorer : withDecisions(scorer, decisions),
    machineIds: scorer.machineIds,
    usesMachineIds: system !== NETWORK_SYSTEM || network!.model.config.useMachineIds,
    readFiles: async (names) =>
      names === undefined ? readModelFiles({ source, files }) : source.read(names),
    network: network?.model ?? null,
    startThreads: async (nClips) => threaded?.startThreads(nClips) ?? 0,
    async close() {
      await threaded?.close();
      if (scorer !== threaded) scorer.dispose();
    },
  };
}
