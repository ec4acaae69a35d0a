import { resample } from '@serial-oe/audio-features';
import { type Clip, sessionOf } from '@serial-oe/datasets';
import { countMultiplyAccumulates, countParameters } from '@serial-oe/efficientnet-extractor';
import type {
  AsdSystem,
  ClipScorer,
  Platform as Host,
  NormalRecording,
  Target,
  TrainingJob,
} from '@serial-oe/runtime';
import { fastestOps, TrainingDataError } from '@serial-oe/runtime';
import { createPlatform } from '#platform';
import type { PresetName, SerialOeConfig } from './config/config';
import { resolveConfig } from './config/resolve-config';
import { buildTrainingSet } from './data/training-set';
import { FrontEnd } from './features/front-end';
import { finetuneConfig } from './finetune/finetune-config';
import { MIN_CLIPS } from './model/clip-detector';
import { fromBundleFiles } from './model/read-bundle';
import { readStartModel } from './model/read-start-model';
import type { SerialOeModel } from './model/serial-oe-model';
import type { StartModel } from './model/start-model';
import { MANIFEST_FILE, toBundleFiles } from './model/write-bundle';
import type { Platform } from './platform';
import { trainingFingerprintWith, trainSerialOeWith } from './train-serial-oe';
import { stepsAnEpoch } from './training/batch-plan';

/** Name of the file of `startFrom` that holds pretrained weights of EfficientNet-B0. */
export const PRETRAINED_FILE = 'pretrained.safetensors';

/**
 * Serial-OE as one detection system among others: one training covers a machine type. `startFrom` may hold
 * {@link PRETRAINED_FILE}: timm's safetensors file of `tf_efficientnet_b0*`, or what `importPretrained` made of it; or the files of a
 * model, which is then tuned further.
 */
export const serialOeSystem: AsdSystem<SerialOeConfig> = {
  name: 'serial-oe',
  scope: 'machineType',
  resolveConfig: (preset, overrides) => resolveConfig(preset as PresetName | undefined, overrides),
  finetuneConfig: (config, overrides) => finetuneConfig(config, overrides),
  countUpdates({ batch, optimization, validation }, clips, { machineType }) {
    const nNormal = clips.filter(
      (clip) => clip.split === 'train' && clip.label === 'normal' && clip.machineType === machineType,
    ).length;
    return optimization.nEpochs * Math.max(1, stepsAnEpoch(nNormal * (1 - validation.fraction), batch));
  },
  detectorClips(config, clips, { machineType }) {
    const set = buildTrainingSet({ clips: [...clips] }, machineType, config);
    const { fitOn } = config.detector;
    return [
      ...(fitOn === 'validation' ? [] : set.normal),
      ...(fitOn === 'train' ? [] : set.validationNormal),
    ].map((i) => set.clips[i] as Clip);
  },
  fingerprint: (job, host) => trainingFingerprintWith(platformOf(host), optionsOf(job, host), startOf(job)),
  async train(job, host) {
    const model = await trainSerialOeWith(platformOf(host), optionsOf(job, host), startOf(job));
    return asClipScorer(model);
  },
  async load(files, host) {
    const ops = await fastestOps('scoring', () => {});
    const model = await fromBundleFiles(files, { name: 'the model', platform: platformOf(host), ops });
    return asClipScorer(model);
  },
};

/** A model behind the contract; disposing the scorer disposes the model. */
export function asClipScorer(model: SerialOeModel): ClipScorer {
  const { machineType, config } = model;
  const { sampleRate, chunkSeconds } = config.frontEnd;
  return {
    machineType,
    config,
    get machineIds() {
      return model.machineIds;
    },
    input: { sampleRate, chunkSeconds },
    get thresholds() {
      return model.detectors;
    },
    trainingLevel: model.parts.amplitude.std,
    provenance: { ...model.provenance, ...networkCosts(model) },
    normalScores: model.parts.normalScores,
    score: (waveform, options) => model.scoreAsync(waveform, options),
    scoreMany: (clips) => model.scoreMany(clips),
    embed: (waveform, options) => model.embedAsync(waveform, options),
    ...(config.useMachineIds && {
      withMachine: (machineId: string, recordings: readonly NormalRecording[]) =>
        withMachine(model, machineId, recordings),
    }),
    scoreSpectrograms: (spectrograms, machineId) => model.scoreSpectrograms(spectrograms, machineId),
    toFiles: (options) => toBundleFiles(model.parts, options),
    dispose: () => model.dispose(),
  };
}

/** Clips of that length are what the literature counts multiply-accumulates of. */
const COUNTED_SECONDS = 10;

/** How large the network is, and how much it computes for a clip of 10 s. */
function networkCosts({ config, parts }: SerialOeModel): { nParameters: number; mMacPerClip: number } {
  const { embeddingSize } = config.network;
  const frontEnd = new FrontEnd(config.frontEnd);
  const nChunks = frontEnd.countChunks(COUNTED_SECONDS * config.frontEnd.sampleRate);
  return {
    nParameters: countParameters({ embeddingSize, nMachineIds: parts.nHeadOutputs }),
    mMacPerClip: (nChunks * countMultiplyAccumulates(frontEnd.imageShape, { embeddingSize })) / 1e6,
  };
}

/** The model's extractor as it is, with a detector more; clips that it never saw set the threshold. */
async function withMachine(
  model: SerialOeModel,
  machineId: string,
  recordings: readonly NormalRecording[],
): Promise<ClipScorer> {
  if (recordings.length < MIN_CLIPS) {
    throw new TrainingDataError(
      `serial-oe.withMachine: machine ID ${machineId} must have at least ${MIN_CLIPS} normal recordings, got ${recordings.length}.`,
    );
  }
  const { sampleRate } = model.config.frontEnd;
  const waveforms = recordings.map((each) => resample(each.waveform, each.sampleRate, sampleRate));
  const sessions = recordings.map(({ path }) => sessionOf(path));
  const { normalScores } = await model.addMachineId(machineId, { waveforms, sampleRate, sessions });
  const scores = normalScores.map((anomalyScore, i) => ({
    path: recordings[i]!.path,
    machineId,
    anomalyScore,
  }));
  return { ...asClipScorer(model), normalScores: scores };
}

/** The package's own platform with the files and the loader of the caller's. */
function platformOf({ loadClip, files, rssBytes }: Host): Platform {
  return { ...createPlatform(), loadClip, files, rssBytes };
}

function optionsOf(
  job: TrainingJob<SerialOeConfig>,
  { threads }: Host,
): Parameters<typeof trainSerialOeWith>[1] {
  const { clips, datasetName: name, target, config, heldOutClips, startFrom, checkpoint } = job;
  const { onProgress, signal } = job;
  return {
    dataset: { clips: [...clips], ...(name !== undefined && { name }) },
    machineType: checkTarget(target),
    config,
    heldOutClips,
    pretrainedWeights: pretrainedOf(startFrom),
    workers: threads.training,
    featureWorkers: threads.features,
    checkpointDir: checkpoint?.folder,
    resume: checkpoint?.resume,
    checkpointEveryEpochs: checkpoint?.everyEpochs,
    onProgress,
    signal,
  };
}

function checkTarget({ machineType, machineId }: Target): string {
  if (machineId === undefined) return machineType;
  throw new RangeError(
    `serial-oe.train: target.machineId must be left out, got ${JSON.stringify(machineId)}. One training covers all IDs of a type.`,
  );
}

/** The model that is tuned further; null for a training from the beginning. */
function startOf({ startFrom }: TrainingJob<SerialOeConfig>): StartModel | null {
  return startFrom?.has(MANIFEST_FILE) ? readStartModel(startFrom) : null;
}

function pretrainedOf(startFrom: ReadonlyMap<string, Uint8Array> | undefined): Uint8Array | undefined {
  if (startFrom === undefined || startFrom.has(MANIFEST_FILE)) return undefined;
  const bytes = startFrom.get(PRETRAINED_FILE);
  if (bytes !== undefined) return bytes;
  throw new RangeError(
    `serial-oe.train: startFrom must hold ${PRETRAINED_FILE} or a model, got ${[...startFrom.keys()].join(', ') || 'no file'}.`,
  );
}
