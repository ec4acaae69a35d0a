import { htmlTable } from '../src/html-table';
import { allElements, parseXml, textOf, textsOf } from './support/parse-xml';

const draw = (rows: (string | number | null)[][], nColumns = rows[0]!.length) =>
  parseXml(
    htmlTable({ columns: Array.from({ length: nColumns }, (_, i) => ({ header: `c${i}` })), rows }, 'table'),
  );
const cells = (rows: (string | number | null)[][]) =>
  allElements(draw(rows)).filter(({ name }) => name === 'td');

describe('a table of means and deviations', () => {
  it('keeps each on one line, the deviation apart from the mean', () => {
    const [first, second, third] = cells([['a', '93.29 \u00b1 0.41', '\u2212 1 \u00b1 2', '-5\u00b10']]);
    expect(textOf(first!)).toBe('93.29\u00a0\u00b1\u00a00.41');
    expect(textsOf(first!, 'span')).toEqual(['\u00a0\u00b1\u00a00.41']);
    expect(textOf(second!)).toBe('\u2212 1 \u00b1 2'); // no number: as it is
    expect(textOf(third!)).toBe('-5\u00a0\u00b1\u00a00');
  });

  it('sets a column right where it holds figures alone', () => {
    const rows = [
      ['a', '93.29 \u00b1 0.41', 'x \u00b1 y', '00'],
      ['b', null, '1 \u00b1 2', '02'],
      ['c', 93.5, 3, '04'],
    ];
    const classes = cells(rows).map(({ attributes }) => attributes.class);
    expect(classes.slice(0, 3)).toEqual(['right', 'left', 'left']);
  });

  it('is set closer from seven columns on', () => {
    const tableClass = (nColumns: number) =>
      allElements(draw([Array.from({ length: nColumns }, (_, i) => i)])).find(({ name }) => name === 'table')!
        .attributes.class;
    expect([tableClass(6), tableClass(7)]).toEqual([undefined, 'dense']);
  });
});
