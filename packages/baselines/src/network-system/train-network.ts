import { adamWUpdateFor, fastestOps, useBackend } from '@serial-oe/runtime';
import { type ClipScorer, clipKey, type Platform, type TrainingJob } from '@serial-oe/runtime/contract';
import {
  checkpointFile,
  createLocalEngine,
  runTraining,
  type TrainingEngine,
  type TrainingResult,
} from '@serial-oe/training';
import { getBackend } from '@tensorflow/tfjs-core';
import { countMacs } from './count-macs';
import { FeatureStore } from './feature-store';
import { fitRule, setThresholds } from './fit-scores';
import { NetworkFrontEnd } from './front-end';
import { measureClips } from './measure-clips';
import { type NetworkBatch, prepareBatch } from './network-batch';
import type { NetworkConfig } from './network-config';
import { fingerprintOf, runFingerprint } from './network-fingerprint';
import type { LearningNetwork, NetworkMethod, NetworkSetup, ScoreRule } from './network-method';
import type { ModelFacts, NetworkModel } from './network-model';
import { networkScorer } from './network-scorer';
import { buildNetworkSet, type NetworkSet } from './network-set';
import type { NetworkSpec, Stage } from './network-spec';
import { type NetworkPlan, planEpoch, stepsPerEpoch } from './plan-epoch';
import { TrainableNetwork } from './trainable-network';
import { inputShape, windowStarts } from './windows';

/** Features of clips kept in memory, bytes. */
const MAX_CACHE_BYTES = 2 ** 30;

/** A training whose clips have been measured. */
interface Run<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  method: NetworkMethod<Config>;
  job: TrainingJob<Config>;
  platform: Platform;
  set: NetworkSet;
  store: FeatureStore;
  frontEnd: NetworkFrontEnd;
  facts: ModelFacts;
  trainingLevel: number;
  setup: NetworkSetup<Config>;
  stages: readonly Stage[];
  /** Updates of an epoch. */
  nSteps: number;
}

/** Trains a network, fits what its scores are made of, and sets thresholds on clips that the training has not seen. */
export async function trainNetwork<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
  job: TrainingJob<Config>,
  platform: Platform,
): Promise<ClipScorer> {
  const run = await prepareRun(spec, job, platform);
  const { weights, history } = await trainWeights(run);
  const network = run.method.create(run.setup);
  try {
    network.loadWeights(weights);
    const { set, setup } = run;
    const watched = set.machines.map(({ classIndex }) => classIndex);
    const rule = run.method.createRule({
      config: job.config,
      nClasses: setup.nClasses,
      watched,
      weights,
      fitted: null,
    });
    const mMacPerClip = await macsPerClip(run);
    const model = modelOf(run, { network, rule, weights, history, mMacPerClip });
    await fitRule(run, model);
    const { thresholds, normalScores } = await setThresholds(run, model);
    return networkScorer({ ...model, thresholds, normalScores });
  } catch (error) {
    network.dispose(); // without a scorer nobody else would
    throw error;
  }
}

async function prepareRun<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
  job: TrainingJob<Config>,
  platform: Platform,
): Promise<Run<Config>> {
  const { config, onProgress } = job;
  const method = await spec.load();
  await useBackend(undefined, { caller: `${spec.name}.train` });
  const ops = await fastestOps('training', (message) => onProgress({ kind: 'warning', message }));
  const set = buildNetworkSet(spec, job);
  const frontEnd = frontEndOf(spec, config);
  const store = new FeatureStore(set.clips, {
    loadClip: platform.loadClip,
    frontEnd,
    maxBytes: MAX_CACHE_BYTES,
  });
  const measured = await measureClips(set, { spec, job, platform, frontEnd, store });
  const { classes, machines } = set;
  const nSteps = stepsPerEpoch(spec.sampling(config), set.trained.length, config.batch);
  return {
    ...{ spec, method, job, platform, set, store, frontEnd, nSteps, ...measured },
    setup: {
      ...{ config, ops, nClasses: classes.length, nMachines: machines.length },
      ...{ window: measured.facts.window, nMels: frontEnd.nMels },
      classCounts: classes.map((_, k) => set.trained.filter((clip) => set.classOf[clip] === k).length),
    },
    stages: spec.stages(config, { nMachines: machines.length, nSteps }),
  };
}

/** Spectrograms of a system, and waveforms where its network hears them. */
export function frontEndOf<Config extends NetworkConfig>(
  { frontEnd, inputs }: NetworkSpec<Config>,
  config: Config,
): NetworkFrontEnd {
  return new NetworkFrontEnd(config.frontEnd, { ...frontEnd, keepsWaveform: inputs.includes('waveform') });
}

async function trainWeights<Config extends NetworkConfig>(run: Run<Config>): Promise<TrainingResult> {
  const { spec, method, job, platform, set, setup, stages, nSteps, facts, store } = run;
  const { config, checkpoint } = job;
  const trainable = new TrainableNetwork(method.create(setup), {
    ...{ config, stages, nSteps, updateKernel: await adamWUpdateFor(setup.ops?.name ?? 'tfjs') },
    inputShapes: spec.inputs.map((kind) => inputShape(kind, facts.window, setup.nMels)),
  });
  const { microBatchSize } = config.batch;
  const engine = createLocalEngine(trainable, { microBatchSize: microBatchSize || Number.POSITIVE_INFINITY });
  const context = { ...{ spec, method, config, store }, window: facts.window, nMels: setup.nMels };
  const prepare = (plan: NetworkPlan) => prepareBatch(plan, context);
  const planned = (epoch: number) => planEpoch(set, { spec, config, stages }, epoch);
  const isValidated = set.validation.length > 0;
  try {
    return await runTraining(
      { planEpoch: planned, prepare },
      {
        engine,
        nEpochs: stages.reduce((sum, { nEpochs }) => sum + nEpochs, 0),
        selection: isValidated ? 'best' : 'last',
        validate: isValidated
          ? () => validationLoss(engine, set, { prepare, size: config.batch.size })
          : null,
        checkpoint:
          checkpoint && checkpointFile(platform.files, checkpoint.folder, runFingerprint(spec, job, set)),
        resume: checkpoint?.resume,
        checkpointEveryEpochs: checkpoint?.everyEpochs,
        onProgress: job.onProgress,
        signal: job.signal,
        rssBytes: platform.rssBytes,
      },
    );
  } finally {
    await engine.close().catch(() => {}); // a backend that has run out of memory may fail here again
  }
}

/** Mean loss of the validation clips, unmixed. */
async function validationLoss(
  engine: TrainingEngine<NetworkBatch>,
  { validation, classOf }: NetworkSet,
  { prepare, size }: { prepare: (plan: NetworkPlan) => Promise<NetworkBatch>; size: number },
): Promise<number> {
  let sum = 0;
  for (let first = 0; first < validation.length; first += size) {
    const own = validation.slice(first, first + size);
    const batch = await prepare({
      clips: Int32Array.from(own),
      starts: new Float64Array(own.length),
      labels: Int32Array.from(own, (clip) => classOf[clip]!),
      ...{ stage: 0, seedPath: ['validation', first], dropoutSeed: 0 },
    });
    const { loss } = await engine.evaluate({ ...batch, inputs: batch.inputs, mixing: null });
    sum += loss * own.length;
  }
  return sum / validation.length;
}

function modelOf<Config extends NetworkConfig>(
  { spec, method, job, platform, set, setup, facts, frontEnd, trainingLevel }: Run<Config>,
  made: {
    network: LearningNetwork;
    rule: ScoreRule;
    weights: TrainingResult['weights'];
    history: object[];
    mMacPerClip: number;
  },
): NetworkModel<Config> {
  const { config, target, datasetName, heldOutClips = [] } = job;
  const { network, rule, weights, history, mMacPerClip } = made;
  const isOfOneType = set.machines.every(({ name, machineId }) => name === machineId);
  return {
    ...{ spec, method, config, facts, frontEnd, trainingLevel, weights, network, rule, platform },
    weightType: 'float32',
    machineType: isOfOneType ? target.machineType : undefined,
    classes: set.classes,
    machines: set.machines,
    thresholds: new Map(),
    provenance: {
      dataset: datasetName ?? null,
      heldOutClips: heldOutClips.map(clipKey),
      fingerprint: fingerprintOf(spec, job, getBackend()),
      backend: getBackend(),
      nNormalClips: set.trained.length,
      nClasses: setup.nClasses,
      nParameters: network.variables.reduce((sum, { size }) => sum + size, 0),
      mMacPerClip,
      history,
    },
  };
}

/** Of a clip of the usual length, millions. */
async function macsPerClip<Config extends NetworkConfig>({
  spec,
  method,
  setup,
  facts,
  frontEnd,
}: Run<Config>): Promise<number> {
  const { window, clipSeconds } = facts;
  const nSamples = Math.max(window.nSamples, Math.round(clipSeconds * frontEnd.sampleRate));
  const { length: nWindows } = windowStarts({ nFrames: frontEnd.nFrames(nSamples) }, window);
  const shapes = spec.inputs.map((kind) => inputShape(kind, window, setup.nMels));
  return (nWindows * (await countMacs(method, setup, shapes))) / 1e6;
}
