import { type StripRow, stripPlot } from '../src/charts';
import { swarm } from '../src/swarm';
import { allElements, parseXml, textsOf } from './support/parse-xml';

const rows: StripRow[] = [
  { label: 'fan 00 normal', kind: 'normal', values: [-10, 0, 0, 0, 55] },
  { label: 'fan 00 faulty', kind: 'anomalous', values: new Float32Array([40, 80, 95]) },
];

/** Dots of a class: how many are filled and how many are outlines. */
function dots(svg: string, color: string): { nFilled: number; nOutlines: number } {
  const paths = allElements(parseXml(svg)).filter(({ attributes }) => attributes.stroke === color);
  const nFilled = paths.filter(({ attributes }) => attributes.fill === color).length;
  return { nFilled, nOutlines: paths.length - nFilled };
}

describe('stripPlot', () => {
  it('draws each value as a dot, filled above the threshold', () => {
    const svg = stripPlot(rows, { threshold: 50 });
    expect(dots(svg, '#1f5fc4')).toEqual({ nFilled: 1, nOutlines: 4 });
    expect(dots(svg, '#e06a00')).toEqual({ nFilled: 2, nOutlines: 1 });
    expect(dots(stripPlot(rows), '#1f5fc4')).toEqual({ nFilled: 5, nOutlines: 0 });
  });

  it('names rows with their counts, the threshold and the axis', () => {
    const svg = stripPlot(rows, {
      threshold: 50,
      ticks: [0, 50, 100],
      range: [-20, 100],
      valueLabel: 'Severity',
    });
    const texts = textsOf(parseXml(svg), 'text');
    expect(texts).toEqual(
      expect.arrayContaining([
        'fan 00 normal (5)',
        'fan 00 faulty (3)',
        'threshold 50',
        'Severity',
        '0',
        '100',
      ]),
    );
    expect(texts).not.toContain('20');
    expect(parseXml(svg).attributes['aria-label']).toBe(
      'Severity: one dot a clip, fan 00 normal (5), fan 00 faulty (3), threshold 50',
    );
  });

  it('says where values lie beyond the axis', () => {
    const texts = textsOf(parseXml(stripPlot(rows, { range: [0, 90] })), 'text');
    expect(texts).toContain('Anomaly score (the ends gather all beyond)');
  });

  it('grows with the rows and with the dots that are heaped', () => {
    const height = (list: typeof rows) => Number(parseXml(stripPlot(list)).attributes.height);
    const heaped = { ...rows[0]!, values: new Array<number>(9).fill(0) };
    expect(height([...rows, ...rows])).toBeGreaterThan(height(rows));
    expect(height([heaped, rows[1]!])).toBeGreaterThan(height(rows));
    const thousands = { ...rows[0]!, values: Array.from({ length: 5000 }, (_, i) => Math.sin(i)) };
    expect(height([thousands, rows[1]!])).toBeLessThan(400);
  });

  it('draws a single value', () => {
    expect(dots(stripPlot([{ label: 'a', kind: 'normal', values: [7] }]), '#1f5fc4').nFilled).toBe(1);
  });

  it.each([
    ['no rows', [], {}, /rows must hold at least one entry, got none/],
    ['no values', [{ label: 'a', kind: 'normal', values: [] }], {}, /at least one value, got none/],
    [
      'NaN',
      [{ label: 'a', kind: 'normal', values: [NaN] }],
      {},
      /rows\[0\]\.values\[0\] must be a finite number/,
    ],
    [
      'another kind',
      [{ label: 'a', kind: 'odd', values: [1] }],
      {},
      /rows\[0\]\.kind must be one of 'normal', 'anom/,
    ],
    [
      'a threshold beyond the range',
      rows,
      { threshold: 5, range: [6, 9] },
      /threshold must lie within range, got 5/,
    ],
    ['a misspelt option', rows, { treshold: 5 }, /threshold/],
    ['no room', rows, { width: 100 }, /width must be at least/],
  ])('refuses %s', (_, bad, options, message) => {
    expect(() => stripPlot(bad as never, options as never)).toThrow(message);
  });
});

describe('swarm', () => {
  const options = { step: 10, maxHeight: 50 };

  it('moves dots only where they would cover others', () => {
    expect(swarm([0, 10, 20], options)).toEqual([0, 0, 0]);
    expect(swarm([5, 0, 100, 3], options)).toEqual([-10, 0, 0, 10]);
  });

  it('keeps all dots of a row apart while they fit', () => {
    const places = Array.from({ length: 60 }, (_, i) => 400 * ((i * 0.618034) % 1));
    const offsets = swarm(places, options);
    for (let i = 0; i < places.length; i++) {
      for (let j = 0; j < i; j++) {
        const isApart = offsets[i] !== offsets[j] || Math.abs(places[i]! - places[j]!) >= 10;
        expect(isApart).toBe(true);
      }
    }
    expect(Math.max(...offsets.map(Math.abs))).toBeLessThanOrEqual(20);
  });

  it('covers others where a row is full', () => {
    expect(swarm([0, 0, 0, 0, 0, 0], options)).toHaveLength(6);
    expect(Math.max(...swarm(new Array<number>(50).fill(0), options))).toBe(20);
  });
});
