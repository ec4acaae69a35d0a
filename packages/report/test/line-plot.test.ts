import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { linePlot } from '../src/charts';
import { allElements, parseXml, textsOf } from './support/parse-xml';

const blue = '#1f5fc4';
const xCategories = [0, 1, 2, 4, 8];
const series = [
  { label: 'with IDs', y: [80, 85, null, 90, 92], errors: [4, 2, 1, null, 1], marks: [82, null, 86, 89, 91] },
];

/** Elements with these attributes. */
function drawn(svg: string, name: string, wanted: Record<string, string>) {
  return allElements(parseXml(svg)).filter(
    (shape) =>
      shape.name === name && Object.entries(wanted).every(([key, value]) => shape.attributes[key] === value),
  );
}

const numbers = (text: string) => text.match(/-?[\d.]+/g)!.map(Number);

/** `[x, y]` of each dot of a colour; the legend's is not to be seen. */
function dots(svg: string, fill: string): number[][] {
  return drawn(svg, 'path', { fill })
    .filter(({ attributes }) => attributes.transform && attributes['fill-opacity'] !== '0')
    .map(({ attributes }) => numbers(attributes.transform!).slice(-2));
}

describe('linePlot over categories', () => {
  it('sets its points at equal distances, a dot on each and a gap at null', () => {
    const svg = linePlot([{ label: 'a', y: [1, 2, null, 4, 5] }], { xCategories });
    const places = dots(svg, blue);
    expect(places).toHaveLength(4);
    const [first, second, fourth, fifth] = places.map(([x]) => x!);
    expectAllClose([fourth! - second!, fifth! - fourth!], [2 * (second! - first!), second! - first!], {
      rtol: 0,
      atol: 0.2,
    });
    expect(textsOf(parseXml(svg), 'text')).toEqual(expect.arrayContaining(['0', '1', '2', '4', '8']));
  });

  it('takes names', () => {
    const texts = textsOf(
      parseXml(linePlot([{ label: 'a', y: [1, 2] }], { xCategories: ['none', 'all'] })),
      'text',
    );
    expect(texts).toEqual(expect.arrayContaining(['none', 'all']));
  });
});

describe('linePlot with errors', () => {
  const whiskers = (svg: string) => drawn(svg, 'polyline', { 'stroke-width': '1.25', stroke: blue });
  const bands = (svg: string) => drawn(svg, 'polygon', { fill: blue });

  it('draws whiskers of their length at its points', () => {
    const svg = linePlot([{ label: 'a', y: [10, 20, 0], errors: [5, null, 10] }]);
    const spans = whiskers(svg).map(({ attributes }) => {
      const [x0, y0, x1, y1] = numbers(attributes.points!);
      return { x0: x0!, x1: x1!, y0: y0!, y1: y1! };
    });
    expect(spans).toHaveLength(6); // two error bars, each a line and two caps
    const [short, , , long] = spans;
    expectAllClose((long!.y0 - long!.y1) / (short!.y0 - short!.y1), 2, { rtol: 1e-2, atol: 0 });
    const points = dots(svg, blue);
    expectAllClose([short!.x0, (short!.y0 + short!.y1) / 2], points[0]!, { rtol: 0, atol: 0.2 });
    expectAllClose([long!.x0, (long!.y0 + long!.y1) / 2], points[2]!, { rtol: 0, atol: 0.2 });
  });

  it('draws a band around a line without dots, and where it is asked for', () => {
    expect(bands(linePlot(series, { xCategories }))).toEqual([]);
    // the stretches 0 to 1 and, too short for a band, 8
    const banded = linePlot(series, { xCategories, errorStyle: 'band' });
    expect(bands(banded).map(({ attributes }) => numbers(attributes.points!).length)).toEqual([8]);
    expect(whiskers(banded)).toHaveLength(3);
    const y = Array.from({ length: 50_000 }, (_, i) => Math.sin(i));
    const long = linePlot([{ label: 'loss', y, errors: y.map((_, i) => (i === 20_000 ? 40 : 0.5)) }]);
    expect(bands(long)).toHaveLength(1);
    expect(long.length).toBeLessThan(120_000);
    expect(textsOf(parseXml(long), 'text')).toContain('40'); // the axis reaches the widest place
  });

  it('shows dots or leaves them out', () => {
    const y = Array.from({ length: 60 }, (_, i) => i);
    const count = (options: object) => dots(linePlot([{ label: 'a', y }], options), blue).length;
    expect([count({}), count({ showPoints: true })]).toEqual([0, 60]);
    expect(count({ xCategories: y, showPoints: false })).toBe(0);
  });

  it('keeps the swatch of each line in the legend', () => {
    const lines = drawn(linePlot(series, { xCategories }), 'path', { stroke: blue, 'stroke-width': '2' });
    expect(lines).toHaveLength(1 + 1);
  });
});

describe('linePlot with marks', () => {
  it('draws them dashed and names them once', () => {
    const two = [...series, { ...series[0]!, label: 'without IDs' }];
    const svg = linePlot(two, { xCategories, markLabel: 'paper' });
    expect(textsOf(parseXml(svg), 'text').filter((text) => text === 'paper')).toHaveLength(1);
    const dashed = allElements(parseXml(svg)).filter(({ attributes }) => attributes['stroke-dasharray']);
    expect(dashed).toHaveLength(2 + 1); // one in the legend
    const plain = linePlot([{ label: 'a', y: [1, 2] }], { markLabel: 'paper' });
    expect(textsOf(parseXml(plain), 'text')).not.toContain('paper');
  });

  it('makes room for marks beyond the lines', () => {
    const texts = textsOf(parseXml(linePlot([{ label: 'a', y: [1, 2], marks: [1, 30] }])), 'text');
    expect(texts).toContain('30');
  });
});

describe('linePlot', () => {
  it('keeps a legend of many rows apart', () => {
    const labels = Array.from({ length: 12 }, (_, i) => `variant of the method, number ${i}`);
    const svg = parseXml(linePlot(labels.map((label) => ({ label, y: [1, 2] }))));
    const places = allElements(svg)
      .filter((element) => element.name === 'text' && labels.includes(String(element.children[0])))
      .map(({ attributes }) => attributes.transform);
    expect(new Set(places).size).toBe(12);
  });

  const one = series[0]!;
  it.each([
    ['too few values', [{ label: 'a', y: [1] }], { xCategories }, /series\[0\]\.y must hold 5 values, got 1/],
    [
      'x beside categories',
      [{ ...one, x: xCategories }],
      { xCategories },
      /x must be left out where there are xCat/,
    ],
    [
      'categories on a log axis',
      [one],
      { xCategories, xScale: 'log' },
      /xCategories must not come with xScale 'log'/,
    ],
    ['no categories', [one], { xCategories: [] }, /xCategories must hold at least one entry/],
    ['too few errors', [{ ...one, errors: [1] }], {}, /series\[0\]\.errors must hold 5 values, got 1/],
    [
      'a negative error',
      [{ ...one, errors: [1, 1, 1, 1, -1] }],
      {},
      /errors\[4\] must be at least 0, got -1/,
    ],
    ['a NaN mark', [{ ...one, marks: [1, 1, NaN, 1, 1] }], {}, /marks\[2\] must be a finite number/],
    [
      'null for x',
      [{ ...one, x: [1, null, 3, 4, 5] }],
      {},
      /series\[0\]\.x\[1\] must be a finite number, got null/,
    ],
    [
      'an error bar down to 0 on a log axis',
      [{ label: 'a', y: [1, 2], errors: [0.5, 2] }],
      { yScale: 'log' },
      /y - errors\[1\] must be above 0 on a log axis, got 0/,
    ],
    ['another style', [one], { errorStyle: 'box' }, /errorStyle must be one of 'whiskers', 'band'/],
    ['an empty mark label', [one], { markLabel: ' ' }, /markLabel must not be empty/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => linePlot(bad as never, options as never)).toThrow(message);
  });
});
