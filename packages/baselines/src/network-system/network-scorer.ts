import { findMachineId } from '@serial-oe/datasets';
import { thresholdFromNormals } from '@serial-oe/evaluation';
import { show } from '@serial-oe/foundation';
import {
  type ClipScore,
  type ClipScorer,
  type NormalRecording,
  type ScoreOptions,
  TrainingDataError,
  UnknownMachineIdError,
} from '@serial-oe/runtime/contract';
import type { ClipFeatures } from './front-end';
import type { NetworkConfig } from './network-config';
import { toNetworkFiles } from './network-files';
import type { WindowOutputs } from './network-method';
import { type NetworkModel, standardize } from './network-model';
import type { Machine } from './network-set';
import { runInputs, runWindows } from './run-windows';
import { inputShape } from './windows';

/** Recordings of a machine that a model is shown later. */
const MIN_RECORDINGS = 4;

/** Scores clips: the mean of their windows' scores. */
export function networkScorer<Config extends NetworkConfig>(model: NetworkModel<Config>): ClipScorer {
  const { spec, config, machineType, machines, thresholds, facts, frontEnd, rule } = model;
  const machineIds = machines.map(({ name }) => name);
  const describe = (waveform: Float32Array, sampleRate: number) => describeClip(model, waveform, sampleRate);
  const run = (features: ClipFeatures, machine: Machine) => windowsOf(model, features, machine);
  return {
    ...{ machineType, machineIds, config, thresholds, trainingLevel: model.trainingLevel },
    input: {
      sampleRate: frontEnd.sampleRate,
      chunkSeconds: facts.windowSeconds,
      clipSeconds: facts.clipSeconds,
    },
    provenance: { ...model.provenance },
    normalScores: model.normalScores,
    async score(waveform, options) {
      const machine = findMachine(model, options);
      return clipScore(model, machine, await run(describe(waveform, options.sampleRate), machine));
    },
    ...(rule.embeddingSize > 0 && {
      async embed(waveform: Float32Array, { sampleRate }: { sampleRate: number }) {
        const { outputs, nWindows, nOutputs } = await run(describe(waveform, sampleRate), machines[0]!);
        const nCols = rule.embeddingSize;
        const data = new Float32Array(nWindows * nCols);
        for (let i = 0; i < nWindows; i++)
          data.set(outputs.subarray(i * nOutputs, i * nOutputs + nCols), i * nCols);
        return { data, nRows: nWindows, nCols };
      },
    }),
    ...(rule.isSameForAll && {
      withMachine: (machineId: string, recordings: readonly NormalRecording[]) =>
        withMachine(model, machineId, recordings),
    }),
    ...(!spec.inputs.includes('waveform') && {
      async scoreSpectrograms(
        { data, nChunks }: { data: Float32Array; nChunks: number },
        machineId?: string,
      ): Promise<ClipScore> {
        const machine = findMachine(model, { machineId });
        const shapes = spec.inputs.map((kind) => inputShape(kind, facts.window, frontEnd.nMels));
        const inputs = spec.inputs.map((kind) =>
          kind === 'melFrames' ? data : transposed(data, nChunks, frontEnd.nMels),
        );
        const index = machines.indexOf(machine);
        return clipScore(
          model,
          machine,
          await runInputs(model.network, inputs, { shapes, nWindows: nChunks, machine: index }),
        );
      },
    }),
    toFiles: async (options) => toNetworkFiles(model, options),
    dispose: () => model.network.dispose(),
  };
}

function describeClip<Config extends NetworkConfig>(
  { frontEnd, facts }: Pick<NetworkModel<Config>, 'frontEnd' | 'facts'>,
  waveform: Float32Array,
  sampleRate: number,
): ClipFeatures {
  const minSamples = facts.window.nSamples;
  const features = frontEnd.compute(waveform, { sampleRate, name: 'the waveform', minSamples });
  if (facts.bands !== null) standardize(features, facts.bands);
  return features;
}

/** What the network makes of a clip, for a machine. */
export function windowsOf<Config extends NetworkConfig>(
  { spec, network, facts, config, machines }: NetworkModel<Config>,
  features: ClipFeatures,
  machine: Machine,
): Promise<WindowOutputs> {
  return runWindows(network, features, {
    ...{ inputs: spec.inputs, window: facts.window, hopLength: config.frontEnd.hopLength },
    machine: Math.max(0, machines.indexOf(machine)),
  });
}

/** The mean of the windows' scores. */
export function meanScore(chunkScores: Float64Array): number {
  return chunkScores.reduce((sum, score) => sum + score, 0) / chunkScores.length;
}

function clipScore<Config extends NetworkConfig>(
  { rule, thresholds }: NetworkModel<Config>,
  machine: Machine,
  windows: WindowOutputs,
): ClipScore {
  const chunkScores = rule.score(windows, machine.classIndex);
  const anomalyScore = meanScore(chunkScores);
  const { threshold } = thresholds.get(machine.name)!;
  return { anomalyScore, chunkScores, isAnomaly: anomalyScore > threshold, threshold };
}

/** The machine by its ID, by `type/ID`, or by both where they are given apart; the only one where none is named. */
function findMachine<Config extends NetworkConfig>(
  { spec, machines }: NetworkModel<Config>,
  { machineId, machineType }: Pick<ScoreOptions, 'machineId' | 'machineType'>,
): Machine {
  const ofType = machines.filter((each) => machineType === undefined || each.machineType === machineType);
  if (machineId === undefined && ofType.length === 1) return ofType[0]!;
  if (machineId !== undefined) {
    const whole = ofType.filter(
      (each) => `${each.machineType}/${each.machineId}` === machineId || each.name === machineId,
    );
    const known = findMachineId(
      ofType.map((each) => each.machineId),
      machineId,
    );
    const found = whole.length > 0 ? whole : ofType.filter((each) => each.machineId === known);
    if (found.length === 1) return found[0]!;
  }
  const names = machines.map(({ name }) => name);
  const typed = machineType === undefined ? '' : ` of the type ${show(machineType)}`;
  throw new UnknownMachineIdError(
    `baselines.${spec.name}: machineId must be one of ${names.join(', ')}, got ${show(machineId)}${typed}.`,
    machineId,
    names,
  );
}

/** The network hears all machines alike: another one needs a threshold alone, of its own recordings. */
async function withMachine<Config extends NetworkConfig>(
  model: NetworkModel<Config>,
  machineId: string,
  recordings: readonly NormalRecording[],
): Promise<ClipScorer> {
  const { spec, config, rule, machines } = model;
  if (recordings.length < MIN_RECORDINGS) {
    throw new TrainingDataError(
      `baselines.${spec.name}: machine ID ${machineId} must have at least ${MIN_RECORDINGS} normal recordings, got ${recordings.length}.`,
    );
  }
  const machineType = model.machineType ?? machines[0]!.machineType;
  const machine: Machine = { name: machineId, machineType, machineId, classIndex: -1 };
  const normalScores = [];
  for (const { path, waveform, sampleRate } of recordings) {
    const windows = await windowsOf(model, describeClip(model, waveform, sampleRate), machine);
    normalScores.push({ path, machineId, anomalyScore: meanScore(rule.score(windows, machine.classIndex)) });
  }
  const { falseAlarmRate } = config.decision;
  const scores = normalScores.map(({ anomalyScore }) => anomalyScore);
  const threshold = thresholdFromNormals(scores, falseAlarmRate);
  const calibration = { method: 'heldOut', nClips: scores.length, falseAlarmRate };
  return networkScorer({
    ...model,
    machines: [...machines.filter(({ name }) => name !== machineId), machine],
    thresholds: new Map([...model.thresholds, [machineId, { threshold, calibration }]]),
    normalScores,
  });
}

/** `[n, nMels, nFrames]` as `[n, nFrames, nMels]`. */
function transposed(data: Float32Array, n: number, nMels: number): Float32Array {
  const size = data.length / n;
  const nFrames = size / nMels;
  return Float32Array.from({ length: data.length }, (_, i) => {
    const [row, rest] = [Math.floor(i / size), i % size];
    return data[row * size + (rest % nMels) * nFrames + Math.floor(rest / nMels)]!;
  });
}
