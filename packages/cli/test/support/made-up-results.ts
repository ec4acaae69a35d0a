import {
  aggregateMeasurements,
  type ExperimentResults,
  findDifferences,
  type IdFigures,
  isRunnable,
  type Measurement,
  type OmittedVariant,
  type RunRecord,
} from '@serial-oe/experiments';
import { resolveConfig, resolveProtocol } from '@serial-oe/serial-oe';
import type { PaperExperimentName } from '../../src/paper/paper-experiment';
import { paperExperiments } from '../../src/paper/paper-experiments';

interface MadeUp {
  experiment: PaperExperimentName;
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
  const config = resolveConfig('quick', { seed: seeds[0] });
  const protocol = resolveProtocol('quick');
  const settings = { config, protocol, hasPretrained, isDcase2020, counts: [0, 1, 2, 4, 8, 16, 32] };
  const [experiment] = paperExperiments([name], settings);
  const { variants: all, title, source = '', question, xLabel = '', remarks = [], compared } = experiment!;
  const { hasRatioAxis = false } = experiment!;
  const runnable = all.filter(isRunnable);
  const variants = runnable.map(({ id, title: name, system, curve = null, isBaseline = false }) => ({
    ...{ id, title: name, system, curve, isBaseline },
  }));
  const measurements = runnable.flatMap(({ id }, v) =>
    machineTypes.flatMap((machineType, t) =>
      seeds.map((seed) => measurement(id, machineType, seed, 0.9 - 0.03 * (v % 12) - 0.02 * t + 0.01 * seed)),
    ),
  );
  const runs = seeds.map((seed): RunRecord => {
    const run = { id: `run-${seed}`, system: 'serial-oe', machineType: 'fan', machineId: null, seed };
    const counts = { nNormalClips: 3000, nOtherClips: 20000, nKnownAnomalies: 0, nContaminants: 0 };
    const made = { nUpdates: 4700, backend: 'wasm', startFrom: null, commit: null, seconds: 90 };
    const model = { hasEmbeddings: true, modelFiles: ['manifest.json'], provenance: { selectedEpoch: 40 } };
    return {
      formatVersion: 2,
      ...run,
      config: { ...config, seed },
      ...counts,
      ...made,
      ...model,
      finalLoss: 0.1234,
    };
  });
  const maps =
    name === 'embedding' ? runnable.map(({ id }, v) => madeUpMap(id, machineTypes[0] as string, v)) : [];
  return {
    ...{ formatVersion: 3, experiment: name, title, source, question },
    ...{ generatedAt: '2025-01-02T03:04:05Z', version: '0.0.0', commit: 'abcdef1' },
    dataset: { name: 'on paper', nClips: 9000 },
    ...{ systems: [{ name: 'serial-oe', preset: config.preset, config, startFrom: null }], protocol },
    ...{ machineTypes, seeds },
    variants,
    ...{ xLabel, compared: compared ?? null, remarks: [...remarks] },
    normalClipsPerId: hasRatioAxis
      ? Object.fromEntries(machineTypes.map((type) => [type, { nClips: 7000, nIds: 7 }]))
      : null,
    omittedVariants: all.filter((each): each is OmittedVariant => !isRunnable(each)),
    ...{
      skippedTypes: [],
      failures: [],
      measurements,
      aggregates: aggregateMeasurements(measurements, machineTypes),
      differences: findDifferences({ variants, machineTypes, measurements, scored: [] }),
    },
    ...{ maps, runs, costs: [], notes: [] },
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
  const runIds = [`run-${seed}`];
  const type = { ...figures, mAuc: aAuc - 0.05 };
  return { variant, machineType, seed, runIds, perId, type, pooled: figures };
}

function madeUpMap(variant: string, machineType: string, v: number) {
  const points = Array.from(
    { length: 120 },
    (_, i) => Math.sin(i * 12.9898 + v) + 3 * (Math.floor(i / 2) % 3),
  );
  const machineIds = Array.from({ length: 60 }, (_, i) => ['00', '02', '04'][i % 3] as string);
  const labels = machineIds.map((_, i) => (i % 2 === 0 ? ('normal' as const) : ('anomaly' as const)));
  const made = { variant, machineType, seed: 0, runIds: ['run-0'], perplexity: 19, trustworthiness: 0.9512 };
  return { ...made, machineIds, labels, points };
}
