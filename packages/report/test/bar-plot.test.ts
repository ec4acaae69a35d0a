import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { barPlot } from '../src/charts';
import type { XmlElement } from './support/parse-xml';
import { allElements, parseXml, textsOf } from './support/parse-xml';

const categories = ['fan', 'pump', 'ToyCar'];
const groups = {
  categories,
  series: [
    { label: 'Serial-OE', values: [90, 80, 70], errors: [5, 0, null], marks: [95, null, 60] },
    { label: 'without Mixup', values: new Float32Array([60, 100, 50]) },
  ],
};
const colors = ['#1f5fc4', '#e06a00'];

/** Corners of a rectangle's path, `M x y l dx 0 l 0 dy ...`, or of a polygon or polyline. */
function corners({ attributes }: XmlElement): number[][] {
  const numbers = (attributes.d ?? attributes.points!).match(/-?[\d.]+/g)!.map(Number);
  const pairs = Array.from({ length: numbers.length / 2 }, (_, i) => numbers.slice(2 * i, 2 * i + 2));
  if (attributes.d === undefined) return pairs;
  let at = [0, 0];
  return pairs.map((step) => {
    at = at.map((coordinate, axis) => coordinate + step[axis]!);
    return at;
  });
}

function box(shape: XmlElement) {
  const [xs, ys] = [0, 1].map((axis) => corners(shape).map((corner) => corner[axis]!)) as [
    number[],
    number[],
  ];
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
}

/** Boxes of the bars of both series, of the lines of error bars and of the marks; the legend is left out. */
function shapes(svg: string) {
  const drawn = allElements(parseXml(svg)).filter(({ attributes }) => !attributes.transform);
  const boxes = (name: string, wanted: Record<string, string>) =>
    drawn
      .filter(
        (shape) =>
          shape.name === name &&
          Object.entries(wanted).every(([key, value]) => shape.attributes[key] === value),
      )
      .map(box);
  return {
    bars: colors.map((fill) => boxes('path', { fill })),
    whiskers: boxes('polyline', { stroke: '#333b49' }),
    marks: boxes('polygon', { fill: '#f0c36d' }),
  };
}

describe('barPlot', () => {
  it('draws bars as long as their values, from 0 or the low end of yRange', () => {
    for (const [yRange, base] of [
      [undefined, 0],
      [[40, 100], 40],
    ] as const) {
      const { bars } = shapes(barPlot(groups, { yRange }));
      const heights = bars.map((list) => list.map(({ top, bottom }) => bottom - top));
      const pixels = heights[1]![1]! / (100 - base);
      groups.series.forEach(({ values }, i) => {
        const expected = Array.from(values, (value) => (value - base) * pixels);
        expectAllClose(heights[i]!, expected, { rtol: 0, atol: 0.1 });
      });
    }
  });

  it('draws the bars of a category beside each other, without overlap, and categories apart', () => {
    const { bars } = shapes(barPlot(groups));
    const inOrder = categories.flatMap((_, j) => [bars[0]![j]!, bars[1]![j]!]);
    const gaps = inOrder.slice(1).map(({ left }, i) => left - inOrder[i]!.right);
    for (const [i, gap] of gaps.entries()) {
      if (i % 2 === 0) expect(gap).toBeCloseTo(1, 1);
      else expect(gap).toBeGreaterThan(20);
    }
  });

  it('draws error bars and marks at their values', () => {
    const { bars, whiskers, marks } = shapes(barPlot(groups));
    const [fan, , toyCar] = bars[0]!;
    const pixels = (fan!.bottom - fan!.top) / 90;
    const at = (value: number) => fan!.bottom - value * pixels;
    // of the first bar a line and two caps, and the same for an error of 0
    expectAllClose(
      whiskers.slice(0, 3).flatMap(({ top, bottom }) => [top, bottom]),
      [95, 85, 85, 85, 95, 95].map(at),
      { rtol: 0, atol: 0.1 },
    );
    expect(whiskers).toHaveLength(6);
    const middles = marks.flatMap(({ left, right, top, bottom }) => [(left + right) / 2, (top + bottom) / 2]);
    const expected = [fan!, toyCar!].flatMap((bar, i) => [(bar.left + bar.right) / 2, at([95, 60][i]!)]);
    expectAllClose(middles, expected, { rtol: 0, atol: 0.1 });
  });

  it('takes the cap from an error bar that leaves yRange', () => {
    const { bars, whiskers } = shapes(
      barPlot({ ...groups, series: [{ ...groups.series[0]!, marks: undefined }] } as never, {
        yRange: [40, 92],
      }),
    );
    expect(whiskers).toHaveLength(5);
    expect(whiskers[0]!.top).toBeCloseTo(
      bars[0]![0]!.bottom - ((bars[0]![0]!.bottom - bars[0]![0]!.top) * 52) / 50,
      1,
    );
  });

  it('draws horizontal bars from the left, categories and series from the top', () => {
    const { bars, marks } = shapes(barPlot(groups, { orientation: 'horizontal' }));
    const widths = bars[0]!.map(({ left, right }) => right - left);
    expectAllClose([widths[1]! / widths[0]!, widths[2]! / widths[0]!], [80 / 90, 70 / 90], {
      rtol: 1e-3,
      atol: 0,
    });
    const tops = categories.flatMap((_, j) => [bars[0]![j]!.top, bars[1]![j]!.top]);
    expect(tops).toEqual(tops.slice().sort((a, b) => a - b));
    expect((marks[0]!.left + marks[0]!.right) / 2).toBeGreaterThan(bars[0]![0]!.right);
  });

  it('lies where upright bars or names have no room, and grows then', () => {
    const many = (n: number, names = categories) => ({
      categories: names,
      series: Array.from({ length: n }, (_, i) => ({
        label: `variant ${i}`,
        values: names.map(() => 50 + i),
      })),
    });
    const height = (svg: string) => Number(parseXml(svg).attributes.height);
    expect(height(barPlot(many(4)))).toBe(340);
    expect(height(barPlot(many(24)))).toBeGreaterThan(700);
    const long = [
      'a machine type with a long name, the first',
      'a machine type with a long name, the second',
      'c',
    ];
    expect(barPlot(many(2, long))).toBe(barPlot(many(2, long), { orientation: 'horizontal' }));
    expect(barPlot(many(2, long))).not.toBe(barPlot(many(2, long), { orientation: 'vertical' }));
    expect(textsOf(parseXml(barPlot(many(2, long))), 'text')).toContain(
      'a machine type w\u2026name, the first',
    );
  });

  it('shows a missing value as a dash, and names marks in the legend where there are some', () => {
    const missing = {
      categories: ['a', 'b'],
      series: [{ label: 'x', values: [1, null], errors: [null, 3] }],
    };
    const texts = textsOf(parseXml(barPlot(missing)), 'text');
    expect(texts.filter((text) => text === '\u2013')).toHaveLength(1);
    expect(texts).not.toContain('reference');
    expect(shapes(barPlot(missing)).whiskers).toEqual([]);
    const marked = textsOf(parseXml(barPlot(groups, { markLabel: 'paper' })), 'text');
    expect(marked).toEqual(expect.arrayContaining(['paper', 'Serial-OE', 'without Mixup', 'fan']));
    expect(marked).not.toContain('\u2013');
  });

  it('keeps all labels of a long legend, each in its place', () => {
    const labels = Array.from({ length: 12 }, (_, i) => `variant of the method, number ${i}`);
    const svg = parseXml(
      barPlot({ categories, series: labels.map((label) => ({ label, values: [1, 2, 3] })) }),
    );
    const places = allElements(svg)
      .filter((element) => element.name === 'text' && labels.includes(String(element.children[0])))
      .map(({ attributes }) => attributes.transform);
    expect(new Set(places).size).toBe(12);
  });

  it('draws the eighth series hollow', () => {
    const svg = barPlot({
      categories,
      series: Array.from({ length: 8 }, (_, i) => ({ label: `${i}`, values: [1, 2, 3] })),
    });
    const hollow = allElements(parseXml(svg)).filter(
      ({ attributes }) =>
        attributes.fill === 'none' && attributes.stroke === colors[0] && attributes['stroke-dasharray'],
    );
    expect(hollow).toHaveLength(3 + 1); // one in the legend
  });

  it('draws bars below 0', () => {
    const { bars } = shapes(barPlot({ categories: ['a', 'b'], series: [{ label: 'x', values: [-3, 2] }] }));
    expect(bars[0]![0]!.top).toBeCloseTo(bars[0]![1]!.bottom, 1);
  });

  const one = groups.series[0]!;
  it.each([
    ['no categories', { ...groups, categories: [] }, {}, /categories must hold at least one entry/],
    ['an empty name', { ...groups, categories: ['a', ' ', 'c'] }, {}, /categories\[1\] must not be empty/],
    ['no series', { ...groups, series: [] }, {}, /series must hold at least one entry/],
    ['no label', { categories, series: [{ values: [1, 2, 3] }] }, {}, /series\[0\]\.label must be a string/],
    [
      'too few values',
      { categories, series: [{ ...one, values: [1] }] },
      {},
      /series\[0\]\.values must hold 3 values, got 1\. Use null/,
    ],
    [
      'too many errors',
      { categories, series: [{ ...one, errors: [1, 2, 3, 4] }] },
      {},
      /errors must hold 3 values, got 4/,
    ],
    [
      'NaN',
      { categories, series: [{ ...one, values: [1, NaN, 3] }] },
      {},
      /values\[1\] must be a finite number, got NaN/,
    ],
    ['undefined', { categories, series: [{ ...one, marks: [1, undefined, 3] }] }, {}, TypeError],
    [
      'a negative error',
      { categories, series: [{ ...one, errors: [1, -2, 3] }] },
      {},
      /errors\[1\] must be at least 0, got -2/,
    ],
    [
      'a value below yRange',
      groups,
      { yRange: [60, 100] },
      /series\[1\]\.values\[2\] must lie within yRange, got 50 for \[60, 100\]/,
    ],
    [
      'a mark above yRange',
      groups,
      { yRange: [0, 94] },
      /series\[0\]\.marks\[0\] must lie within yRange, got 95/,
    ],
    ['a turned yRange', groups, { yRange: [100, 0] }, /yRange must be \[low, high\]/],
    [
      'another orientation',
      groups,
      { orientation: 'round' },
      /orientation must be one of 'vertical', 'horizontal'/,
    ],
    [
      'too many upright bars',
      groups,
      { orientation: 'vertical', width: 100 },
      /width must be at least \d+ pixels/,
    ],
    ['an empty mark label', groups, { markLabel: '' }, /markLabel must not be empty/],
    ['null', null, {}, /groups must be an object/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => barPlot(bad as never, options as never)).toThrow(message as RegExp);
  });
});
