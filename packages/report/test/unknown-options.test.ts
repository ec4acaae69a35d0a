import * as charts from '../src/charts';
import { htmlReport, spectrogramImage, trustworthiness, tsne } from '../src/index';

const spectrogram = { data: [0, 1, 2, 3], nMels: 2, nFrames: 2 };
const axes = { sampleRate: 16000, hopLength: 8, fMin: 50, fMax: 7800 };
const rows = [[0, 1], new Float32Array([1, 0]), [2, 2], [3, 1], [4, 0], [5, 5]];
const random = () => 0.25;
const curve = { label: 'a', fpr: [0, 1], tpr: [0, 1] };
const bars = { categories: ['a'], series: [{ label: 'b', values: [1] }] };
const section = { heading: 'A', text: 'b' };

/** What takes options, with a misspelt one, and what it must name. */
const cases: Record<string, [call: (options: object) => unknown, misspelt: object, meant: string]> = {
  rocPlot: [(options) => charts.rocPlot([curve], options), { max_fpr: 0.2 }, 'maxFpr'],
  scoreHistogram: [
    (options) => charts.scoreHistogram({ normal: [1], anomalous: [2] }, options),
    { bins: 3 },
    'nBins',
  ],
  linePlot: [(options) => charts.linePlot([{ label: 'a', y: [1] }], options), { ylabel: 'y' }, 'yLabel'],
  barPlot: [(options) => charts.barPlot(bars, options), { orientations: 'vertical' }, 'orientation'],
  embeddingPlot: [
    (options) => charts.embeddingPlot(rows, ['a', 'b', 'c', 'd', 'e', 'f'], options),
    { shape: [] },
    'shapes',
  ],
  spectrogramPlot: [
    (options) => charts.spectrogramPlot(spectrogram, { ...axes, ...options }),
    { fmax: 4000 },
    'fMax',
  ],
  spectrogramImage: [(options) => spectrogramImage(spectrogram, options), { colourmap: 'gray' }, 'colormap'],
  tsne: [(options) => tsne(rows, { random, perplexity: 2, nIter: 1, ...options }), { n_iter: 2 }, 'nIter'],
  trustworthiness: [
    (options) => trustworthiness(rows, rows, { nNeighbors: 1, ...options }),
    { nNeighbours: 2 },
    'nNeighbors',
  ],
  htmlReport: [
    (options) => htmlReport({ title: 'A', sections: [section], ...options }),
    { subTitle: 'b' },
    'subtitle',
  ],
};

describe.each(Object.entries(cases))('%s', (name, [call, misspelt, meant]) => {
  it('takes the options that there are', () => expect(() => call({})).not.toThrow());

  it('names the option that was meant', () => {
    const [wrong] = Object.keys(misspelt);
    expect(() => call(misspelt)).toThrow(
      new TypeError(`report.${name}: unknown option '${wrong}'. Did you mean '${meant}'?`),
    );
  });
});

it.each([
  ['sections[0]', { ...section, figureColumn: 2 }, 'figureColumns'],
  ['sections[0].tables[0]', { ...section, tables: [{ columns: [{ header: 'a' }], row: [] }] }, 'rows'],
  [
    'sections[0].tables[0].columns[0]',
    { ...section, tables: [{ columns: [{ header: 'a', digit: 2 }], rows: [] }] },
    'digits',
  ],
  ['sections[0].figures[0]', { ...section, figures: [{ svg: '<svg/>', captions: 'a' }] }, 'caption'],
])('htmlReport: %s names the place too', (place, bad, meant) => {
  const unknown = /unknown option '\w+'\. Did you mean '(\w+)'\?$/;
  const report = { title: 'A', sections: [bad] } as never;
  expect(() => htmlReport(report)).toThrow(unknown);
  expect(() => htmlReport(report)).toThrow(`report.htmlReport: ${place}: `);
  expect(() => htmlReport(report)).toThrow(`'${meant}'?`);
});

it('rows may be typed arrays, as far as they hold the same numbers', () => {
  const typed = rows.map((row) => Float32Array.from(row));
  const options = { random, perplexity: 2, nIter: 20 };
  expect(tsne(typed, options)).toEqual(tsne(rows, options));
});
