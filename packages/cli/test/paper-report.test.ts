import { type ExperimentResults, experimentReport, resultsTable } from '@serial-oe/experiments';
import { PAPER_EXPERIMENTS } from '../src/paper/experiments';
import { madeUpResults } from './support/made-up-results';

/** Text of a page, its tags left out. */
const textOf = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]*>/g, ' ');
const figures = (page: string) => page.match(/<figure[^>]*>[\s\S]*?<\/figure>/g) ?? [];

describe('experimentReport', () => {
  it.each(PAPER_EXPERIMENTS.map(({ name }) => name))(
    'of %s has plots, tables and where it came from',
    (experiment) => {
      const results = madeUpResults({ experiment, machineTypes: ['fan', 'pump'] });
      const page = experimentReport(results);
      expect(page).toMatch(/^<!DOCTYPE html>/);
      const text = textOf(page);
      for (const { title } of results.variants) expect(text).toContain(title.replace("'", '&#39;'));
      for (const heading of ['Results', 'Tables', 'Machine IDs', 'Trainings', 'Provenance']) {
        expect(page).toMatch(new RegExp(`<h2[^>]*>${heading}</h2>`));
      }
      expect(figures(page).length).toBeGreaterThan(0);
      expect(page).toContain('91.00<span class="spread">'); // 0.9, 0.91 and 0.92
      expect(text).toContain('abcdef1');
      expect(page).not.toContain('What was not measured');
      expect(experimentReport(results)).toBe(page);
    },
  );

  it("draws bars beside the paper's figures on its recordings, and leaves these out on others", () => {
    const [bars] = figures(experimentReport(madeUpResults({ experiment: 'ablation' })));
    expect(bars).toContain('>in the paper<');
    const other = experimentReport(madeUpResults({ experiment: 'ablation', isDcase2020: false }));
    expect(other).not.toContain('in the paper<');
    expect(textOf(other)).toContain('do not compare with the paper');
  });

  it('draws aAUC and mAUC as curves of each machine type, the average first', () => {
    const page = experimentReport(madeUpResults({ experiment: 'few-anomalies' }));
    const plots = figures(page);
    expect(plots).toHaveLength(14);
    const lines = 'mel-statistics (no network); level (no network); SCAdaCos, in the paper';
    const curves = 'with machine IDs; without machine IDs';
    expect(plots[0]).toContain(`aria-label="(a) average: ${curves}; ${lines}"`);
    expect(plots[1]).toContain(`aria-label="(b) average: ${curves}; ${lines}"`);
    expect(plots[0]).toContain('Known anomalous clips / normal clips of a machine ID, per cent');
    // One clip of 1,000 is 0.1 per cent.
    for (const ratio of ['0', '0.1', '0.2', '0.4', '0.8', '1.6', '3.2'])
      expect(plots[0]).toContain(`>${ratio}</text>`);
    expect(plots[0]).toContain('Mean and standard error over 3 seeds');
    expect(textOf(page)).toContain('one known clip adds 2.4 points');
  });

  it('draws each map with its trustworthiness', () => {
    const page = experimentReport(madeUpResults({ experiment: 'embedding' }));
    expect(page.match(/perplexity 19; trustworthiness 0\.951/g)).toHaveLength(4);
    expect(page).toContain('>04 \u00b7 anomaly</text>');
  });

  it('stands one machine type on its own, one seed without deviations', () => {
    const page = experimentReport(
      madeUpResults({ experiment: 'detectors', machineTypes: ['fan'], seeds: [0] }),
    );
    expect(page).not.toContain('class="spread"');
    expect(textOf(page)).toContain('One seed');
    expect(page).not.toContain('average<');
  });

  it('names the figures of the only variant first, and other systems on the same types', () => {
    const page = experimentReport(madeUpResults({ experiment: 'main' }));
    expect(page).toMatch(/<dd>86\.00 ± 1\.00<\/dd>/);
    expect(page).toContain('Noisy-ArcMix');
    expect(page).toContain('93.54 ± 1.00 (sic)');
    const [fan] = experimentReport(madeUpResults({ experiment: 'main', machineTypes: ['fan'] })).match(
      /Noisy-ArcMix<\/th>.*?<\/tr>/,
    )!;
    expect(fan).toContain('96.83');
    expect(fan).not.toContain('91.98');
  });

  it('sets differences from the first variant beside the figures, and says where a baseline is not beaten', () => {
    const results = madeUpResults({ experiment: 'id-loss', machineTypes: ['fan'] });
    const page = experimentReport(results);
    expect(page).toMatch(/<h2[^>]*>Differences<\/h2>/);
    // aAUC falls by 0.03 a variant, the same in every seed.
    expect(page).toMatch(
      /cross-entropy<\/th><td[^>]*>binary cross-entropy \(Serial-OE\)<\/td><td[^>]*>-3\.00</,
    );
    expect(textOf(page)).not.toContain('Not better than a baseline');
    const [first] = results.variants;
    const won = {
      ...results,
      variants: results.variants.map((each) => (each === first ? { ...each, isBaseline: true } : each)),
    };
    expect(textOf(experimentReport(won))).toMatch(
      /Not better than a baseline on fan, by aAUC: binary cross-entropy/,
    );
  });

  it('tells what is missing, failed or leaks', () => {
    const results: ExperimentResults = {
      ...madeUpResults({ experiment: 'ablation', hasPretrained: false }),
      skippedTypes: [{ machineType: 'gearbox', reason: 'no anomalies to test with' }],
      failures: [
        { variant: 'id', machineType: 'fan', seed: 2, runIds: ['r'], reason: 'the loss is not finite' },
      ],
      notes: ['A note of the run.'],
    };
    results.protocol.knownAnomalies = 'reference';
    const text = textOf(experimentReport(results));
    expect(text).toContain('What was not measured');
    for (const part of [
      'needs pretrained weights',
      'gearbox',
      'the loss is not finite',
      'A note of the run.',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain('Measurements that failed: 1.');
    expect(text).toMatch(/most of the smaller sets are tested on as well/);
  });

  it('lists many notes at its end', () => {
    const results = madeUpResults({ experiment: 'main', machineTypes: ['fan'] });
    const page = (n: number) =>
      experimentReport({ ...results, notes: Array.from({ length: n }, (_, i) => `leak of run ${i}.`) });
    expect(page(2)).toMatch(/Note:<\/strong> leak of run 1\./);
    expect(page(9)).toMatch(/>Notes<\/h2>[\s\S]*>leak of run 8\.<\/th>/);
  });

  it('is a page where nothing could be measured', () => {
    const results = madeUpResults({ experiment: 'main' });
    const page = experimentReport({ ...results, measurements: [], aggregates: [], runs: [] });
    expect(figures(page)).toEqual([]);
    expect(page).not.toMatch(/<h2[^>]*>Results</);
  });
});

describe('resultsTable', () => {
  it('compares the average of the measured types with that of the same types in the paper', () => {
    const average = (machineTypes: string[]) =>
      resultsTable(madeUpResults({ experiment: 'main', machineTypes }), 'aAuc').rows[1]?.cells.at(-1)?.mean;
    expect(average(['fan', 'pump'])).toBeCloseTo((93.29 + 94.87) / 2, 10);
    expect(average(['fan', 'pump', 'slider', 'valve', 'ToyCar', 'ToyConveyor'])).toBe(93.54);
  });
});
