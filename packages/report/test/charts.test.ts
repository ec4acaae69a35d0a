import {
  barPlot,
  embeddingPlot,
  linePlot,
  rocPlot,
  scoreHistogram,
  spectrogramPlot,
  stripPlot,
} from '../src/charts';
import { allElements, parseXml, textsOf } from './support/parse-xml';

const curves = [
  { label: 'id_00', fpr: [0, 0, 0.5, 1], tpr: [0, 0.5, 1, 1], auc: 0.875 },
  { label: 'id_02', fpr: new Float64Array([0, 1]), tpr: new Float32Array([0, 1]) },
];
const scores = { normal: [1, 2, 2, 3], anomalous: new Float32Array([3, 4, 5]), threshold: 2.5 };
const series = [
  { label: 'training loss', y: [3, 2, 1.5, 1] },
  { label: 'learning rate', y: [1e-4, 1e-3, 5e-4, 1e-7], axis: 'right' as const },
];
const spectrogram = { data: Float32Array.from({ length: 12 }, (_, i) => i), nMels: 4, nFrames: 3 };
const axes = { sampleRate: 16000, hopLength: 8000, fMin: 50, fMax: 7800 };
const points = [
  [0, 0],
  [1, 2],
  [3, 1],
];

const bars = {
  categories: ['fan', 'pump'],
  series: [{ label: 'Serial-OE', values: [93, null], errors: [1, 2], marks: [94, 95] }],
};
const errors = [{ label: 'aAUC', y: [80, null, 90], errors: [3, 2, 1], marks: [81, 84, 88] }];

const drawings: Record<string, (title?: string) => string> = {
  rocPlot: (title) => rocPlot(curves, { title }),
  scoreHistogram: (title) => scoreHistogram(scores, { title }),
  embeddingPlot: (title) => embeddingPlot(points, ['a', 'b', 'a'], { title }),
  linePlot: (title) =>
    linePlot(series, { title, xLabel: 'Step', yLabel: 'Loss', rightLabel: 'Learning rate' }),
  'linePlot with errors': (title) => linePlot(errors, { title, xCategories: [0, 1, 2] }),
  barPlot: (title) => barPlot(bars, { title, yLabel: 'aAUC' }),
  spectrogramPlot: (title) => spectrogramPlot(spectrogram, { ...axes, title }),
  stripPlot: (title) =>
    stripPlot([{ label: 'fan', kind: 'normal', values: [1, 2] }], {
      title,
      threshold: 1.5,
      valueLabel: 'Severity',
    }),
};
const expected: Record<string, string[]> = {
  rocPlot: ['id_00, AUC 0.875', 'id_02', 'chance', 'True-positive rate', '0.2'],
  scoreHistogram: ['normal (4)', 'anomalous (3)', 'threshold 2.5', 'Anomaly score', 'Clips'],
  embeddingPlot: ['a', 'b'],
  linePlot: ['training loss', 'learning rate', 'Step', 'Loss', 'Learning rate'],
  'linePlot with errors': ['aAUC', 'reference', '0', '2'],
  barPlot: ['Serial-OE', 'reference', 'fan', 'pump', 'aAUC', '\u2013'],
  spectrogramPlot: ['Time (s)', 'Frequency (Hz)', '1000', '4000', '0 dB', '\u221280 dB'],
  stripPlot: ['fan (2)', 'threshold 1.5', 'Severity'],
};

describe.each(Object.keys(drawings))('%s', (name) => {
  const draw = drawings[name]!;

  it('gives well-formed SVG with size, accessible name and labels', () => {
    const svg = parseXml(draw('A heading'));
    expect(svg.name).toBe('svg');
    expect(svg.attributes).toMatchObject({ role: 'img', xmlns: 'http://www.w3.org/2000/svg', width: '640' });
    expect(svg.attributes['aria-label']).toMatch(/^A heading: ./);
    expect(svg.attributes.viewBox).toBe(`0 0 ${svg.attributes.width} ${svg.attributes.height}`);
    expect(textsOf(svg, 'text')).toEqual(expect.arrayContaining(['A heading', ...expected[name]!]));
    expect(textsOf(parseXml(draw()), 'text')).not.toContain('A heading');
  });

  it('gives the same text again, whatever was drawn in between', () => {
    const first = draw('x');
    for (const other of Object.values(drawings)) other('between');
    expect(draw('x')).toBe(first);
  });

  it('has ids of its own, and refers to no others', () => {
    const ids = (svg: string) =>
      allElements(parseXml(svg)).flatMap(({ attributes }) => (attributes.id ? [attributes.id] : []));
    const mine = ids(draw('x'));
    expect(new Set(mine).size).toBe(mine.length);
    expect(mine.filter((id) => ids(draw('y')).includes(id))).toEqual([]);
    for (const [, target] of draw('x').matchAll(/url\(#([^)]*)\)/g)) expect(mine).toContain(target);
  });

  it('holds no script, style sheet, event handler or outside reference', () => {
    for (const { name: element, attributes } of allElements(parseXml(draw('x')))) {
      expect(['script', 'style', 'foreignObject', 'a']).not.toContain(element);
      for (const [key, value] of Object.entries(attributes)) {
        expect(key).not.toMatch(/^(on|ecmeta)/);
        if (!key.startsWith('xmlns')) expect(value).not.toMatch(/https?:/);
      }
    }
  });

  it('escapes its texts', () => {
    const svg = draw('<script>alert("1")</script> & \u0000\ud800');
    expect(svg).not.toContain('<script');
    expect(textsOf(parseXml(svg), 'title')[0]).toContain('<script>alert("1")</script> & \ufffd\ufffd');
  });

  it('refuses an empty title', () => {
    expect(() => draw('  ')).toThrow(`report.${name.split(' ')[0]}: title must not be empty`);
  });
});

describe('rocPlot', () => {
  it('shades up to maxFpr and says so', () => {
    expect(rocPlot(curves)).toContain('up to 0.1)');
    expect(rocPlot(curves, { maxFpr: 0.25 })).toContain('up to 0.25)');
    const shades = (maxFpr: number) => rocPlot(curves, { maxFpr }).split('#f0c36d').length - 1;
    expect([shades(0.1), shades(1)]).toEqual([1, 0]);
  });

  it('keeps curves of one label apart', () => {
    const svg = parseXml(rocPlot([curves[0]!, { ...curves[0]!, auc: 0.5 }]));
    expect(textsOf(svg, 'text')).toEqual(expect.arrayContaining(['id_00, AUC 0.875', 'id_00, AUC 0.500']));
    const strokes = allElements(svg).map(({ attributes }) => attributes.stroke);
    expect(strokes).toEqual(expect.arrayContaining(['#1f5fc4', '#e06a00']));
  });

  it('grows with the legend and shortens long labels in their middle', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({
      ...curves[0]!,
      label: `a rather long machine name, number ${i}`,
    }));
    const svg = parseXml(rocPlot(many));
    expect(Number(svg.attributes.height)).toBeGreaterThan(600);
    expect(
      textsOf(svg, 'text').filter((text) => /^a rather.*\u2026.*29, AUC 0.875$/.test(text)),
    ).toHaveLength(1);
    const dashes = allElements(svg).map((element) => element.attributes['stroke-dasharray']);
    expect(new Set(dashes).size).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['no curves', [], /curves must hold at least one entry, got none/],
    [
      'one point',
      [{ label: 'a', fpr: [0], tpr: [0] }],
      /curves\[0\]\.fpr must hold at least 2 values, got 1/,
    ],
    [
      'unequal lengths',
      [{ label: 'a', fpr: [0, 1], tpr: [0, 1, 1] }],
      /as many fpr as tpr values, got 2 and 3/,
    ],
    [
      'NaN',
      [curves[0], { label: 'a', fpr: [0, NaN], tpr: [0, 1] }],
      /curves\[1\]\.fpr\[1\] must be a finite number, got NaN/,
    ],
    ['percent', [{ label: 'a', fpr: [0, 100], tpr: [0, 1] }], /fpr\[1\] must be a rate from 0 to 1, got 100/],
    ['no label', [{ fpr: [0, 1], tpr: [0, 1] }], /curves\[0\]\.label must be a string/],
    ['a NaN area', [{ ...curves[0], auc: NaN }], /curves\[0\]\.auc must be a finite number/],
    ['no array', 'curves', /curves must be an array/],
    ['null', [null], /curves\[0\] must be an object/],
  ])('refuses %s', (_, bad, message) => {
    expect(() => rocPlot(bad as never)).toThrow(message);
  });

  it('refuses options out of range', () => {
    for (const maxFpr of [0, 1.1, NaN]) expect(() => rocPlot(curves, { maxFpr })).toThrow(RangeError);
    expect(() => rocPlot(curves, { width: 100 })).toThrow(/width must be at least \d+ pixels, got 100/);
    expect(() => rocPlot(curves, { height: 12.5 })).toThrow(/height must be a whole number of at least 1/);
  });
});

describe('scoreHistogram', () => {
  /** Counts of each bin of a class, read back from the steps of its outline. */
  function counts(svg: string, color: string, nBins: number, highest: number): number[] {
    const outline = allElements(parseXml(svg)).find(
      ({ name, attributes }) =>
        name === 'path' &&
        attributes.stroke === color &&
        attributes.fill === 'none' &&
        attributes['clip-path'] !== undefined,
    );
    const path =
      outline ?? allElements(parseXml(svg)).filter(({ attributes }) => attributes.stroke === color)[0]!;
    const numbers = path.attributes.d!.match(/-?[\d.]+/g)!.map(Number);
    const xy = Array.from(
      { length: numbers.length / 2 },
      (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!] as const,
    );
    const base = Math.max(...xy.map(([, y]) => y));
    const top = Math.min(...xy.map(([, y]) => y));
    const left = Math.min(...xy.map(([x]) => x));
    const width = (Math.max(...xy.map(([x]) => x)) - left) / nBins;
    return Array.from({ length: nBins }, (_, bin) => {
      const middle = left + (bin + 0.5) * width;
      const k = xy.findIndex(([x], i) => i + 1 < xy.length && x <= middle && xy[i + 1]![0] >= middle);
      return Math.round((highest * (base - xy[k]![1])) / (base - top));
    });
  }

  it('counts each score in the bin that holds its lower edge', () => {
    const svg = scoreHistogram({ normal: [0, 0.5, 1, 1, 1.9, 4], anomalous: [] }, { nBins: 4 });
    expect(counts(svg, '#1f5fc4', 4, 3)).toEqual([2, 3, 0, 1]);
  });

  it('gathers scores beyond the range in its ends and says so', () => {
    const svg = scoreHistogram({ normal: [-9, 0.5, 3.5, 8, 9], anomalous: [] }, { nBins: 4, range: [0, 4] });
    expect(counts(svg, '#1f5fc4', 4, 3)).toEqual([2, 0, 0, 3]);
    expect(svg).toContain('the ends gather all beyond');
    expect(scoreHistogram({ normal: [0, 4], anomalous: [] })).not.toContain('gather');
  });

  it('draws one class, equal scores, and thresholds outside the scores', () => {
    for (const [normal, anomalous] of [
      [[1, 1, 1], []],
      [[], [2]],
    ]) {
      const texts = textsOf(
        parseXml(scoreHistogram({ normal: normal!, anomalous: anomalous!, threshold: 700 })),
        'text',
      );
      expect(texts).toEqual(expect.arrayContaining([`normal (${normal!.length})`, 'threshold 700']));
    }
  });

  it('keeps its own names', () => {
    expect(scoreHistogram(scores, { scoreLabel: 'Negative log-likelihood' })).toContain(
      '>Negative log-likelihood<',
    );
  });

  it('refuses bad input', () => {
    expect(() => scoreHistogram({ normal: [], anomalous: [] })).toThrow(/at least one score, got none/);
    expect(() => scoreHistogram({ ...scores, normal: [1, NaN] })).toThrow(
      /normal\[1\] must be a finite number, got NaN/,
    );
    expect(() => scoreHistogram({ ...scores, threshold: Infinity })).toThrow(
      /threshold must be a finite number/,
    );
    expect(() => scoreHistogram({ normal: [1] } as never)).toThrow(TypeError);
    expect(() => scoreHistogram(undefined as never)).toThrow(TypeError);
    expect(() => scoreHistogram(scores, { nBins: 0 })).toThrow(/nBins must be a whole number of at least 1/);
    expect(() => scoreHistogram(scores, { range: [2, 2] })).toThrow(/low < high/);
    expect(() => scoreHistogram(scores, { range: [3, 9] })).toThrow(/threshold must lie within range/);
  });
});

describe('linePlot', () => {
  it('draws a right axis where a series asks for it', () => {
    expect(textsOf(parseXml(linePlot(series, { rightLabel: 'rate' })), 'text')).toContain('rate');
    expect(textsOf(parseXml(linePlot([series[0]!], { rightLabel: 'rate' })), 'text')).not.toContain('rate');
  });

  it('labels a logarithmic axis at its points', () => {
    const svg = linePlot([{ label: 'aAUC', x: [1, 2, 4, 8, 16, 32], y: [1, 2, 3, 4, 5, 6] }], {
      xScale: 'log',
    });
    expect(textsOf(parseXml(svg), 'text')).toEqual(expect.arrayContaining(['1', '2', '4', '8', '16', '32']));
  });

  it('writes small numbers as powers of ten', () => {
    const texts = textsOf(parseXml(linePlot([{ label: 'rate', y: [0, 1e-5, 4e-5] }])), 'text');
    expect(texts).toEqual(expect.arrayContaining(['0', '1e-5', '4e-5']));
    const log = textsOf(parseXml(linePlot([{ label: 'rate', y: [1e-6, 10] }], { yScale: 'log' })), 'text');
    expect(log).toEqual(expect.arrayContaining(['1e-6', '10']));
  });

  it('thins a long line, but keeps its peaks and its ends', () => {
    const y = Float32Array.from({ length: 200_000 }, (_, i) => (i === 123_456 ? 9 : Math.sin(i)));
    const svg = linePlot([{ label: 'loss', y }]);
    expect(svg.length).toBeLessThan(60_000);
    const texts = textsOf(parseXml(svg), 'text');
    expect(texts).toContain('10'); // the axis reaches the single peak
    expect(texts).toContain('200,000');
  });

  it.each([
    ['no series', [], {}, /series must hold at least one entry/],
    ['no values', [{ label: 'a', y: [] }], {}, /series\[0\]\.y must hold at least 1 values, got 0/],
    ['unequal lengths', [{ label: 'a', x: [1], y: [1, 2] }], {}, /as many x as y values, got 1 and 2/],
    ['NaN', [{ label: 'a', y: [1, NaN] }], {}, /series\[0\]\.y\[1\] must be a finite number/],
    [
      'zero on a log axis',
      [{ label: 'a', y: [0, 1] }],
      { yScale: 'log' },
      /y\[0\] must be above 0 on a log axis, got 0/,
    ],
    [
      'another axis',
      [{ label: 'a', y: [1], axis: 'top' }],
      {},
      /axis must be one of 'left', 'right', got 'top'/,
    ],
    ['another scale', [{ label: 'a', y: [1] }], { xScale: 'sqrt' }, /xScale must be one of/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => linePlot(bad as never, options as never)).toThrow(message);
  });
});

describe('embeddingPlot', () => {
  it('takes flat matrices, and shows a second label as shape', () => {
    const flat = { data: Float32Array.from(points.flat()), nRows: 3, nCols: 2 };
    expect(embeddingPlot(flat, ['a', 'b', 'a'])).toBe(embeddingPlot(points, ['a', 'b', 'a']));
    const svg = embeddingPlot(points, ['a', 'b', 'a'], { shapes: ['normal', 'normal', 'anomaly'] });
    expect(textsOf(parseXml(svg), 'text')).toEqual([
      'a \u00b7 normal',
      'a \u00b7 anomaly',
      'b \u00b7 normal',
    ]);
  });

  it('draws every point, and coinciding ones', () => {
    const marks = (list: number[][]) =>
      embeddingPlot(
        list,
        list.map(() => 'a'),
      ).split('<path').length;
    expect(marks([...points, [1, 1], [2, 2]]) - marks(points)).toBe(2);
    expect(() =>
      parseXml(
        embeddingPlot(
          [
            [5, 5],
            [5, 5],
          ],
          ['a', 'a'],
        ),
      ),
    ).not.toThrow();
  });

  it('refuses bad input', () => {
    expect(() => embeddingPlot([], [])).toThrow(/points must have at least one row/);
    expect(() => embeddingPlot([[1, 2, 3]], ['a'])).toThrow(/points must have 2 columns, got 3/);
    expect(() => embeddingPlot(points, ['a'])).toThrow(/labels must have one entry a point, 3, got 1/);
    expect(() => embeddingPlot([[0, NaN]], ['a'])).toThrow(
      /points must hold finite numbers, got \w+ at row 0, column 1/,
    );
    expect(() => embeddingPlot([[0, 1], [0]], ['a', 'b'])).toThrow(
      /points must have rows of one length, got 2 columns in row 0 and 1 in row 1/,
    );
    expect(() => embeddingPlot(points, ['a', 'b', ''])).toThrow(/labels\[2\] must not be empty/);
    const five = Array.from({ length: 5 }, (_, i) => [i, i]);
    expect(() =>
      embeddingPlot(five, ['a', 'a', 'a', 'a', 'a'], { shapes: ['1', '2', '3', '4', '5'] }),
    ).toThrow(/at most 4 kinds, got 5/);
    expect(() => embeddingPlot(points, ['a', 'b', 'c'], { markerSize: 0 })).toThrow(/markerSize/);
    expect(() => embeddingPlot(points, undefined as never)).toThrow(TypeError);
  });
});
