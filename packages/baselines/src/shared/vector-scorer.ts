import { findMachineId, sessionOf } from '@serial-oe/datasets';
import { show } from '@serial-oe/foundation';
import { type ClipScorer, TrainingDataError, UnknownMachineIdError } from '@serial-oe/runtime/contract';
import { deviationsOf, fitMachine, MIN_CLIPS, scoreVector } from './fit-machine';
import { LogMel, MIN_SECONDS } from './log-mel';
import { toModelFile } from './model-file';
import type { VectorConfig } from './vector-method';
import type { VectorModel } from './vector-model';

/** Scores whole clips: one vector each, which is the embedding too. */
export function vectorScorer<Config extends VectorConfig>(model: VectorModel<Config>): ClipScorer {
  const { method, config, machineType, choice, machines, nClips, trainingLevel, normalScores } = model;
  const mel = new LogMel(config.frontEnd);
  const machineIds = [...machines.keys()];
  const describe = (waveform: Float32Array, sampleRate: number) =>
    method.describe(mel.compute(waveform, { sampleRate, name: 'the waveform' }), config, [choice])[0]!;
  return {
    ...{ machineType, machineIds, config, thresholds: machines, trainingLevel },
    input: { sampleRate: config.frontEnd.sampleRate, chunkSeconds: MIN_SECONDS },
    normalScores,
    provenance: { ...model.provenance, nNormalClips: nClips, choice: { ...choice } },
    async score(waveform, { sampleRate, machineId }) {
      const only = machineIds.length === 1 ? machineIds[0] : undefined;
      const known = machineId === undefined ? only : findMachineId(machineIds, machineId);
      const machine = known === undefined ? undefined : machines.get(known);
      if (machine === undefined) {
        throw new UnknownMachineIdError(
          `baselines.${method.name}: machineId must be one of ${machineIds.join(', ')}, got ${show(machineId)}.`,
          machineId,
          machineIds,
        );
      }
      const anomalyScore = scoreVector(machine.detector, describe(waveform, sampleRate), method);
      const { threshold } = machine;
      return {
        anomalyScore,
        chunkScores: Float64Array.of(anomalyScore),
        isAnomaly: anomalyScore > threshold,
        threshold,
      };
    },
    async embed(waveform, { sampleRate }) {
      const vector = describe(waveform, sampleRate);
      return { data: Float32Array.from(vector), nRows: 1, nCols: vector.length };
    },
    async withMachine(machineId, recordings) {
      const vectors = recordings.map(({ waveform, sampleRate }) => describe(waveform, sampleRate));
      if (vectors.length < MIN_CLIPS) {
        throw new TrainingDataError(
          `baselines.${method.name}: machine ID ${machineId} must have at least ${MIN_CLIPS} normal recordings, got ${vectors.length}.`,
        );
      }
      const sessions = recordings.map(({ path }) => sessionOf(path));
      const options = { method, config, machineId, deviations: deviationsOf(vectors), sessions };
      const { normalScores: scores, ...machine } = fitMachine(vectors, options);
      return vectorScorer({
        ...model,
        machines: new Map([...machines, [machineId, machine]]),
        nClips: nClips - (machines.get(machineId)?.calibration.nClips ?? 0) + vectors.length,
        normalScores: recordings.map(({ path }, i) => ({ path, machineId, anomalyScore: scores[i]! })),
      });
    },
    toFiles: async () => toModelFile(model),
    dispose() {},
  };
}
