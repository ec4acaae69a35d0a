import type { Clip } from '@serial-oe/datasets';
import { isRunnable } from '@serial-oe/experiments';
import { resolveConfig, resolveProtocol } from '@serial-oe/serial-oe';
import { resolveCounts } from '../src/paper/experiment-settings';
import { PAPER_EXPERIMENTS } from '../src/paper/experiments';
import { isDcase2020 } from '../src/paper/is-dcase2020';
import type { PaperExperimentName } from '../src/paper/paper-experiment';
import { paperExperiments } from '../src/paper/paper-experiments';
import { COMPARED_AAUC, COMPARED_MAUC, PAPER_AAUC, PAPER_MAUC } from '../src/paper/paper-figures';
import { SYSTEM_NAMES, type SystemName } from '../src/system-table';

const experimentNamed = (wanted: PaperExperimentName) =>
  PAPER_EXPERIMENTS.find(({ name }) => name === wanted)!;

describe('the experiments', () => {
  const choices = { hasPretrained: true, counts: [0, 1, 2] };

  it('are the nine and the comparison, each with variants of different IDs', () => {
    expect(PAPER_EXPERIMENTS.map(({ name }) => name)).toEqual([
      ...['main', 'id-loss', 'ablation', 'no-id', 'few-anomalies'],
      ...['contamination', 'embedding', 'detectors', 'aggregators', 'compare'],
    ]);
    for (const { variants } of PAPER_EXPERIMENTS) {
      const ids = variants(choices).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(0);
    }
  });

  it('give every variant with a figure in the paper its figure', () => {
    for (const [name, rows] of Object.entries(PAPER_AAUC)) {
      const ids = experimentNamed(name as 'main')
        .variants(choices)
        .map(({ id }) => id);
      const ours = name === 'ablation' ? ['id-type-weights-outliers'] : [];
      expect([...Object.keys(rows), ...ours].sort()).toEqual([...ids].sort());
    }
  });

  it('have averages in the paper that are means of its types', () => {
    // As they are printed, these two averages are half a point off the mean of their types.
    const { 'GMADE+SSC': odd, ...ofAAuc } = COMPARED_AAUC;
    const { SCAdaCos: oddToo, ...ofMAuc } = COMPARED_MAUC;
    expect([odd?.average.mean, oddToo?.average.mean]).toEqual([86.27, 86.88]);
    const tables = [...Object.values(PAPER_AAUC), ofAAuc, ofMAuc];
    const rows = [PAPER_MAUC, ...tables.flatMap((each) => Object.values(each))];
    for (const { average, ...types } of rows) {
      const values = Object.values(types);
      expect(values).toHaveLength(6);
      // Its tables round; a digit that was copied wrongly shows.
      expect(Math.abs(values.reduce((sum, { mean }) => sum + mean, 0) / 6 - average.mean)).toBeLessThan(0.02);
    }
  });

  it("have the paper's deviations, and what it says of them, beside its means", () => {
    const main = PAPER_AAUC.main?.['serial-oe'];
    expect(main?.fan).toEqual({ mean: 93.29, std: 0.07 });
    expect(main?.average).toEqual({ mean: 93.54, std: 1, remark: '(sic)' });
    expect(COMPARED_AAUC['Noisy-ArcMix']?.average).toEqual({ mean: 91.98 });
    const rows = [PAPER_MAUC, ...Object.values(PAPER_AAUC).flatMap((each) => Object.values(each))];
    for (const each of rows) for (const { std } of Object.values(each)) expect(std).toBeGreaterThan(0);
  });

  it('run all eight combinations of the ablation with weights, the four others without, and one more', () => {
    const { variants } = experimentNamed('ablation');
    const all = variants(choices).flatMap((each) => ('training' in each ? [each] : []));
    const settings = all.map(({ training }) => JSON.stringify([training.config, training.isPretrained]));
    expect(new Set(settings).size).toBe(9);
    const without = variants({ ...choices, hasPretrained: false });
    expect(without.filter((each) => 'training' in each).map(({ id }) => id)).toEqual([
      'id-type-mixup',
      'id-type',
      'id-mixup',
      'id',
      'id-type-weights-outliers',
    ]);
    expect(without.filter((each) => !('training' in each))).toHaveLength(4);
  });
});

describe('paperExperiments', () => {
  const config = resolveConfig('quick');
  const settings = {
    ...{ config, protocol: resolveProtocol('quick'), hasPretrained: true, counts: [0, 1, 2] },
    isDcase2020: true,
    systems: undefined as readonly SystemName[] | undefined,
  };
  const scoringOf = (name: PaperExperimentName, id: string, more: Partial<typeof settings> = {}) =>
    paperExperiments([name], { ...settings, ...more })[0]
      ?.variants.filter(isRunnable)
      .find((variant) => variant.id === id)?.scoring;
  const { covarianceType, regCovar, tol, maxIter, nInit } = config.detector;
  const mixture = { kind: 'gaussianMixture', covarianceType, regCovar, tol, maxIter, nInit };

  it('leave the scores to the model where nothing else is asked for', () => {
    expect(scoringOf('main', 'serial-oe')).toEqual({ nHeldOut: 0 });
    expect(scoringOf('contamination', 'ids-2')).toEqual({ nHeldOut: 2 });
  });

  it('state the whole mixture and the aggregation where a detector is asked for', () => {
    expect(scoringOf('detectors', 'gmm-4')).toEqual({
      ...{ detector: { ...mixture, nComponents: 4 }, detectorScope: 'machineId' },
      ...{ aggregation: 'upperHalfMean', nHeldOut: 0 },
    });
    const withoutIds = { ...config, useMachineIds: false };
    expect(scoringOf('detectors', 'knn-5', { config: withoutIds })?.detectorScope).toBe('machineType');
    expect(scoringOf('aggregators', 'max')).toEqual({ aggregation: 'max', nHeldOut: 0 });
  });

  it('keep hidden anomalies from the detectors, and aggregate normalised scores as the published code', () => {
    const reference = { config: resolveConfig('reference'), protocol: resolveProtocol('reference') };
    expect(scoringOf('contamination', 'ids-2', reference)).toMatchObject({
      ...{ detector: { kind: 'gaussianMixture', nComponents: 2 }, detectorScope: 'machineId' },
      aggregation: 'lowerHalfMean',
    });
    expect(scoringOf('contamination', 'no-ids-1', reference)?.detectorScope).toBe('machineType');
    expect(scoringOf('contamination', 'ids-0', reference)).toEqual({
      aggregation: 'lowerHalfMean',
      nHeldOut: 2,
    });
  });

  it("have the paper's figures beside them on its recordings alone", () => {
    const [main] = paperExperiments(['main'], settings);
    expect(main?.compared?.rows.aAuc?.['serial-oe']?.average?.mean).toBe(93.54);
    expect(main?.remarks).toEqual([]);
    const [other] = paperExperiments(['main'], { ...settings, isDcase2020: false });
    expect(other?.compared).toBeUndefined();
    expect(other?.remarks?.[0]).toMatch(/do not compare with the paper/);
  });

  it('have systems without a network beside them where they fit', () => {
    const baselinesOf = (name: PaperExperimentName) =>
      paperExperiments([name], settings)[0]
        ?.variants.filter(isRunnable)
        .filter(({ isBaseline }) => isBaseline)
        .map(({ id }) => id);
    for (const name of ['main', 'id-loss', 'ablation', 'no-id', 'few-anomalies', 'detectors'] as const)
      expect(baselinesOf(name)).toEqual(['mel-statistics', 'level']);
    for (const name of ['embedding', 'aggregators'] as const) expect(baselinesOf(name)).toEqual([]);
    expect(baselinesOf('contamination')).toEqual(
      ['mel-statistics', 'level'].flatMap((name) => [0, 1, 2].map((count) => `${name}-${count}`)),
    );
    expect(scoringOf('few-anomalies', 'level')).toEqual({ nHeldOut: 2 }); // on the clips of the curves
  });

  it('compare every system, or those that are asked for, with the paper beside its own', () => {
    const [all] = paperExperiments(['compare'], settings);
    const variants = all!.variants.filter(isRunnable);
    expect(variants.map(({ system }) => system).sort()).toEqual([...SYSTEM_NAMES].sort());
    expect(variants[0]).toMatchObject({ system: 'serial-oe', scoring: { nHeldOut: 0 }, isBaseline: false });
    expect(variants.at(-1)).toMatchObject({ isBaseline: true, scoring: {} });
    expect(all?.compared?.rows.aAuc?.['serial-oe']?.average?.mean).toBe(93.54);
    expect(all?.compared?.rows.mAuc?.scadacos?.average?.mean).toBe(86.88);
    const [some] = paperExperiments(['compare'], { ...settings, systems: ['mel-statistics', 'serial-oe'] });
    expect(some!.variants.map(({ id }) => id)).toEqual(['serial-oe', 'mel-statistics']);
  });

  it('name what the text of the paper says of its plots', () => {
    const remarksOf = (name: PaperExperimentName) => paperExperiments([name], settings)[0]?.remarks?.join();
    expect(remarksOf('few-anomalies')).toMatch(/one known clip adds 2\.4 points/);
    expect(remarksOf('contamination')).toMatch(/8 hidden clips \(80 s\) equals SCAdaCos/);
  });

  it('count from 0, each number once, and one must be above it', () => {
    expect(resolveCounts([4, 1, 4])).toEqual([0, 1, 4]);
    expect(() => resolveCounts([0])).toThrow(/one of them above 0, got 0/);
  });
});

/** Clips on paper: two types, of each the given IDs, with so many normal and anomalous test clips. */
function listClips({ ids = ['00', '01'], nTrain = 3, nNormal = 3, nAnomalous = 6 } = {}): Clip[] {
  const clips = ['fan', 'pump'].flatMap((machineType) =>
    ids.flatMap((machineId) => {
      const some = (n: number, split: Clip['split'], label: Clip['label']) =>
        Array.from({ length: n }, (_, i): Clip => {
          const path = `/data/${machineType}/${split}/${label}_id_${machineId}_${String(i).padStart(8, '0')}.wav`;
          return { path, machineType, machineId, label, split };
        });
      return [
        ...some(nTrain, 'train', 'normal'),
        ...some(nNormal, 'test', 'normal'),
        ...some(nAnomalous, 'test', 'anomaly'),
      ];
    }),
  );
  return clips;
}

describe('isDcase2020', () => {
  it('wants the development IDs with about as many clips as it has', () => {
    const many = listClips({ ids: ['00', '02', '04', '06'], nTrain: 300, nNormal: 60, nAnomalous: 60 });
    expect(isDcase2020(many, ['fan', 'pump'])).toBe(true);
    expect(
      isDcase2020(
        many.slice(0, -1).filter(({ machineId }) => machineId !== '06'),
        ['fan'],
      ),
    ).toBe(false);
    expect(isDcase2020(listClips({ ids: ['00', '02', '04', '06'] }), ['fan'])).toBe(false);
  });
});
