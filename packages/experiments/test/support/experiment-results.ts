import { PAPER_PROTOCOL, resolveConfig } from '@serial-oe/serial-oe';
import { type ExperimentName, isRunnable, type OmittedVariant } from '../../src/experiment-types';
import type { RunRecord } from '../../src/jobs/job-types';
import { experimentNamed } from '../../src/paper/experiments';
import { aggregateMeasurements } from '../../src/results/aggregate-measurements';
import type { ExperimentResults, IdFigures, Measurement } from '../../src/results/experiment-results';

interface MadeUp {
  experiment: ExperimentName;
  machineTypes?: string[];
  seeds?: number[];
  isDcase2020?: boolean;
  hasPretrained?: boolean;
}

/** Results of an experiment on paper: of variant v, type t and seed s the aAUC is 0.9 - 0.03 v - 0.02 t + 0.01 s. */
export function madeUpResults({
  experiment: name,
  machineTypes = ['fan', 'pump', 'slider', 'valve', 'ToyCar', 'ToyConveyor'],
  seeds = [0, 1, 2],
  isDcase2020 = true,
  hasPretrained = true,
}: MadeUp): ExperimentResults {
  const { variants, title, source, question } = experimentNamed(name);
  const all = variants({ hasPretrained, counts: [0, 1, 2, 4, 8, 16, 32] });
  const runnable = all.filter(isRunnable);
  const config = resolveConfig('quick', { seed: seeds[0] });
  const measurements = runnable.flatMap(({ id }, v) =>
    machineTypes.flatMap((machineType, t) =>
      seeds.map((seed) => measurement(id, machineType, seed, 0.9 - 0.03 * (v % 12) - 0.02 * t + 0.01 * seed)),
    ),
  );
  const runs = seeds.map((seed): RunRecord => {
    const counts = {
      selectedEpoch: 40,
      nNormalClips: 3000,
      nOutlierClips: 20000,
      nKnownAnomalies: 0,
      nContaminants: 0,
      nSteps: 4700,
    };
    const made = {
      backend: 'wasm',
      operations: 'kernels',
      pretrainedWeights: null,
      version: '0.0.0',
      commit: null,
    };
    const trainedAt = '2025-01-02T03:04:05Z';
    const run = { id: `run-${seed}`, machineType: 'fan', config: { ...config, seed } };
    return { ...run, ...counts, ...made, trainedAt, finalLoss: 0.1234, seconds: 90 };
  });
  const maps =
    name === 'embedding' ? runnable.map(({ id }, v) => madeUpMap(id, machineTypes[0] as string, v)) : [];
  return {
    ...{ formatVersion: 1, experiment: name, title, source, question },
    ...{ generatedAt: '2025-01-02T03:04:05Z', version: '0.0.0', commit: 'abcdef1' },
    dataset: { name: 'on paper', nClips: 9000, isDcase2020 },
    ...{ preset: config.preset, config, protocol: { ...PAPER_PROTOCOL }, pretrainedWeights: null },
    ...{ machineTypes, seeds },
    variants: runnable.map(({ id, title: name, curve = null }) => ({ id, title: name, curve })),
    omittedVariants: all.filter((each): each is OmittedVariant => !isRunnable(each)),
    ...{
      skippedTypes: [],
      failures: [],
      measurements,
      aggregates: aggregateMeasurements(measurements, machineTypes),
    },
    ...{ maps, runs, notes: [] },
  };
}

function measurement(variant: string, machineType: string, seed: number, aAuc: number): Measurement {
  const figures = { auc: aAuc + 0.02, pAuc: aAuc - 0.02, aAuc };
  const perId = ['00', '02', '01'].map(
    (machineId): IdFigures => ({
      ...{ machineId, isAveraged: machineId !== '01', ...figures },
      ...{ nNormal: 100, nAnomalous: 150, reason: null },
    }),
  );
  const runId = `run-${seed}`;
  const type = { ...figures, mAuc: aAuc - 0.05 };
  return { variant, machineType, seed, runId, perId, type, pooled: figures };
}

function madeUpMap(variant: string, machineType: string, v: number) {
  const points = Array.from(
    { length: 120 },
    (_, i) => Math.sin(i * 12.9898 + v) + 3 * (Math.floor(i / 2) % 3),
  );
  const machineIds = Array.from({ length: 60 }, (_, i) => ['00', '02', '04'][i % 3] as string);
  const labels = machineIds.map((_, i) => (i % 2 === 0 ? ('normal' as const) : ('anomaly' as const)));
  const made = { variant, machineType, seed: 0, runId: 'run-0', perplexity: 19, trustworthiness: 0.9512 };
  return { ...made, machineIds, labels, points };
}
