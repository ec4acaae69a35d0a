import * as fs from 'node:fs';
import * as path from 'node:path';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { type Clip, DatasetError, seededRandom } from '../src';
import { readManifest } from '../src/node';
import { manifestOf } from '../src/node/read-manifest';
import { temporaryFolder } from './support/temporary-folder';

const { root, touch } = temporaryFolder();
const FILES = [
  'fan/00/n0.wav',
  'fan/00/n1.wav',
  'fan/00/größer, lauter.wav',
  'fan/00/a.wav',
  'pump/02/t.wav',
  'pump/02/異常.wav',
];
touch(...FILES);
const HEADER = ['path', 'machineType', 'machineId', 'label', 'split'];
const ROWS = [
  ['fan/00/n0.wav', 'fan', '00', 'normal', 'train'],
  ['fan/00/größer, lauter.wav', 'fan', '00', 'normal', 'train'],
  ['fan/00/a.wav', 'fan', '00', 'anomaly', 'test'],
  ['pump/02/t.wav', 'pump', '02', 'normal', 'test'],
];
const EXPECTED = ['fan 00 normal train', 'fan 00 normal train', 'fan 00 anomaly test', 'pump 02 normal test'];

const describeClip = ({ machineType, machineId, label, split }: Clip) =>
  `${machineType} ${machineId} ${label} ${split}`;
const write = (bytes: string | Uint8Array, name = 'list.csv') => {
  fs.writeFileSync(path.join(root, name), bytes);
  return path.join(root, name);
};
const read = (bytes: string | Uint8Array) => readManifest(write(bytes));

interface CsvOptions {
  separator?: string;
  eol?: string;
  header?: readonly string[];
  quote?: string;
}

function csv(
  rows: readonly (readonly string[])[],
  { separator = ',', eol = '\n', header = HEADER, quote = '"' }: CsvOptions = {},
): string {
  const cell = (text: string) => (/[ ,;|\t]/.test(text) ? `${quote}${text}${quote}` : text);
  return [header, ...rows].map((row) => row.map(cell).join(separator) + eol).join('');
}

const utf16 = (text: string, isBig: boolean) => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};
const column = (at: number, change: (cell: string) => string) =>
  ROWS.map((row) => row.map((cell, i) => (i === at ? change(cell) : cell)));

describe('readManifest takes what spreadsheets and people write', () => {
  it.each<[string, string | Uint8Array]>([
    ['commas', csv(ROWS)],
    ['semicolons', csv(ROWS, { separator: ';' })],
    ['tabs', csv(ROWS, { separator: '\t' })],
    ['bars', csv(ROWS, { separator: '|' })],
    ['a line that says the separator', `sep=;\r\n${csv(ROWS, { separator: ';', eol: '\r\n' })}`],
    ['such a line of a tab', `sep=\t\r\n${csv(ROWS, { separator: '\t', eol: '\r\n' })}`],
    ['such a line with empty cells', `sep=;;;;;\r\n${csv(ROWS, { separator: ';', eol: '\r\n' })}`],
    ['such a line behind a mark', `\ufeff"sep=;"\r\n${csv(ROWS, { separator: ';', eol: '\r\n' })}`],
    ['a mark and CRLF', `\ufeff${csv(ROWS, { separator: ';', eol: '\r\n' })}`],
    ['CR alone', csv(ROWS, { eol: '\r' })],
    ['UTF-16, little-endian', utf16(csv(ROWS, { separator: '\t', eol: '\r\n' }), false)],
    ['UTF-16, big-endian', utf16(csv(ROWS), true)],
    ['UTF-16 without a mark', Buffer.from(csv(ROWS), 'utf16le')],
    [
      'single quotes',
      csv(
        ROWS.map((row) => row.map((cell) => `'${cell}'`)),
        { header: HEADER.map((cell) => `'${cell}'`), quote: '' },
      ),
    ],
    ['spaces behind commas', csv(ROWS, { separator: ', ' })],
    ['blank rows', `${csv(ROWS)},,,,\n\n;;;\n  \n`.replace(';;;\n', '')],
    ['blank rows before', `\n\n,,,,\n${csv(ROWS)}`],
    ['comments', `# fan and pump, hall 3\n#\n${csv(ROWS)}# the end, really\n`],
    [
      'columns without names',
      csv(
        ROWS.map((row) => [...row, '', '']),
        { header: [...HEADER, '', ''] },
      ),
    ],
    [
      'an index',
      csv(
        ROWS.map((row, i) => [String(i), ...row]),
        { header: ['', ...HEADER] },
      ),
    ],
    ['empty cells behind', csv(ROWS.map((row) => [...row, '']))],
    ['snake case', csv(ROWS, { header: ['path', 'machine_type', 'machine_id', 'label', 'split'] })],
    ['spaces and capitals', csv(ROWS, { header: ['Path', ' Machine Type', 'MACHINE-ID', 'Label', 'Split'] })],
    ['other words for columns', csv(ROWS, { header: ['file_name', 'type', 'id', 'condition', 'subset'] })],
    ['backslashes', csv(column(0, (cell) => cell.replaceAll('/', '\\')))],
    ['./ before paths', csv(column(0, (cell) => `./${cell}`))],
    ['addresses', csv(column(0, (cell) => `file://${encodeURI(path.join(root, cell))}`))],
    ['whole paths', csv(column(0, (cell) => path.join(root, cell)))],
    ['NFD', csv(ROWS).normalize('NFD')],
    ['capitals', csv(column(3, (cell) => cell.toUpperCase()))],
    ['abnormal', csv(column(3, (cell) => (cell === 'normal' ? 'Normal' : 'abnormal')))],
    ['ok and nok', csv(column(3, (cell) => (cell === 'normal' ? 'ok' : 'NOK')))],
    ['good and defective', csv(column(3, (cell) => (cell === 'normal' ? 'good' : 'defective')))],
    ['German', csv(column(3, (cell) => (cell === 'normal' ? 'i.O.' : 'n.i.O.')))],
    ['Japanese', csv(column(3, (cell) => (cell === 'normal' ? '正常' : '異常')))],
    ['0 and 1', csv(column(3, (cell) => (cell === 'normal' ? '0' : '1')))],
    ['0.0 and 1.0', csv(column(3, (cell) => (cell === 'normal' ? '0.0' : '1.0')))],
    ['IDs without zero', csv(column(2, (cell) => String(Number(cell))))],
    ['IDs as decimals', csv(column(2, (cell) => Number(cell).toFixed(1)))],
    ['IDs as folders have them', csv(column(2, (cell) => `id_${cell}`))],
    ['other words for splits', csv(column(4, (cell) => (cell === 'train' ? 'Training' : 'eval')))],
  ])('%s', (_, text) => {
    const { clips } = read(text);
    expect(clips.map(describeClip)).toEqual(EXPECTED);
    for (const clip of clips) expect(fs.existsSync(clip.path)).toBe(true);
  });

  it('finds files whose names are in another Unicode form than the rows', () => {
    const nfd = 'Lüfter/Gehäuse/geräusch.wav'.normalize('NFD');
    touch(nfd, `${'Prüfstand'.normalize('NFC')}/${'Gehäuse'.normalize('NFD')}/x.wav`);
    const { clips } = read(
      csv([
        [nfd.normalize('NFC'), 'fan', '00', 'normal', 'train'],
        ['Prüfstand/Gehäuse/x.wav'.normalize('NFC'), 'fan', '00', 'normal', 'train'],
      ]),
    );
    for (const { path: file } of clips) expect(fs.existsSync(file)).toBe(true);
    expect(clips).toHaveLength(2);
  });

  it('warns of what was taken for something', () => {
    const withoutSplit = read(
      csv(
        ROWS.map((row) => row.slice(0, 4)),
        { header: HEADER.slice(0, 4) },
      ),
    );
    expect(withoutSplit.clips.map(({ split }) => split)).toEqual(['train', 'train', 'test', 'train']);
    expect(withoutSplit.warnings).toEqual([expect.stringMatching(/no column split/)]);
    expect(read(csv(column(3, (cell) => (cell === 'normal' ? '0' : '1')))).warnings).toEqual([
      expect.stringMatching(/0 and 1 are read as normal and anomaly/),
    ]);
    const doubtful = read(csv([['pump/02/異常.wav', 'pump', '02', 'normal', 'train']]));
    expect(doubtful.warnings).toEqual([
      expect.stringMatching(/1 clip\(s\) train as normal.*paths say anomaly/),
    ]);
  });

  it('never trains what is held out', () => {
    const held = [['fan/00/n1.wav', 'fan', '00', 'normal', 'val']];
    const { clips, warnings } = read(csv([...ROWS, ...held]));
    expect(clips.map(describeClip)).toEqual(EXPECTED);
    expect(warnings).toEqual([expect.stringMatching(/1 clip\(s\) left out: they are held out/)]);
    expect(read(csv([ROWS[0]!, ...held])).clips.map(({ split }) => split)).toEqual(['train', 'test']);
  });
});

describe('readManifest refuses, with the line', () => {
  const row = (file: string) => csv([ROWS[0]!, [file, 'fan', '00', 'normal', 'train']]);

  it.each<[string, string | Uint8Array, RegExp]>([
    ['a path that is too long', row(`${'x'.repeat(300)}.wav`), /line 3: file .* has a name that is too long/],
    ['many folders', row(`${'long/'.repeat(2000)}a.wav`), /line 3: file .* has a name that is too long/],
    ['NUL', row('fan/00/n1\0.wav'), /line 3: file .* has a NUL character/],
    ['a path through a file', row('fan/00/n0.wav/x.wav'), /line 3: file .* leads through a file/],
    ['a folder', row('fan/00'), /line 3: file .* is no file but a folder/],
    ['a missing file', row('fan/00/none.wav'), /line 3: file .* does not exist/],
    [
      'an unquoted separator',
      `${csv([])}fan/00/größer, lauter.wav,fan,00,normal,train\n`,
      /line 2: has 6 cells where the header has 5; .* quotes/,
    ],
    [
      'a label that is none',
      csv([['fan/00/n0.wav', 'fan', '00', 'maybe', 'train']]),
      /line 2: label must be normal or anomaly, got maybe/,
    ],
    ['two labels', csv([['fan/00/n0.wav', 'fan', '00', 'ok or nok', 'train']]), /label must be/],
    [
      'a number that is no label',
      csv([['fan/00/n0.wav', 'fan', '00', '2', 'train']]),
      /label must be .*got 2/,
    ],
    ['-1', csv([['fan/00/n0.wav', 'fan', '00', '-1', 'train']]), /label must be/],
    [
      'a split that is none',
      csv([['fan/00/n0.wav', 'fan', '00', 'normal', 'dev']]),
      /split must be train or test, got dev/,
    ],
    ['an empty split', csv([['fan/00/n0.wav', 'fan', '00', 'normal', '']]), /line 2: split is empty/],
    [
      'the same file in two spellings',
      csv([ROWS[0]!, ['fan\\00\\n0.wav', ...ROWS[0]!.slice(1)]]),
      /line 3: path .* is that of line 2 again/,
    ],
    [
      'Latin-1',
      Buffer.from(csv(ROWS), 'latin1'),
      /got other bytes on line 3, as in Latin-1.*iconv -f WINDOWS-1252/,
    ],
    ['half of UTF-16', utf16(csv(ROWS), false).subarray(0, 101), /must be whole UTF-16/],
    ['a column twice', csv([], { header: [...HEADER, 'Label'] }), /label twice/],
    ['no column', csv([], { header: HEADER.slice(1) }), /without path/],
    ['nothing', '', /must have the columns/],
    ['blank lines', '\n\n,,,\n', /must have the columns/],
    ['binary', new Uint8Array(2000).map((_, i) => (i * 37) % 256), /./],
  ])('%s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(DatasetError);
    expect(() => read(bytes)).toThrow(message);
  });

  it('a place that cannot be read', () => {
    for (const target of [
      root,
      path.join(root, 'fan/00/n0.wav', 'list.csv'),
      path.join(root, `${'x'.repeat(300)}.csv`),
      '\0.csv',
    ]) {
      expect(() => readManifest(target)).toThrow(DatasetError);
    }
  });
});

it('reads or refuses 10,000 damaged manifests, each in one way', async () => {
  // Damage goes to the first 256 bytes half of the time: a comment there leaves some of them whole.
  const comment = `# ${'fan and pump, hall 3; '.repeat(20)}\n`;
  const texts = [csv(ROWS), csv(ROWS, { separator: ';', eol: '\r\n' }), csv(ROWS, { separator: '\t' })];
  const samples = [
    ...[...texts, ...texts.map((text) => comment + text)].map((text) => Buffer.from(text)),
    ...[utf16(texts[0]!, false), utf16(comment + texts[1]!, true)],
  ];
  const { nRead, nRefused } = await fuzzReader({
    samples,
    read: (bytes) => {
      for (const clip of manifestOf(bytes, path.join(root, 'list.csv')).clips) {
        if (!/ (?:normal|anomaly) (?:train|test)$/.test(describeClip(clip)))
          throw new Error('a clip of no kind');
      }
    },
    isExpected: (error) => error instanceof DatasetError,
    random: seededRandom(0, 'damaged manifests'),
    maxMilliseconds: 2000,
  });
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(100);
}, 60_000);

it.each([
  [[0x50, 0x4b, 0x03, 0x04], 'a workbook (XLSX, ODS)'],
  [[0xd0, 0xcf, 0x11, 0xe0, 0xa1], 'an old Excel workbook (XLS)'],
])('a spreadsheet with the name of a manifest is named as such: %j', (start, kind) => {
  const bytes = new Uint8Array(600);
  bytes.set(start);
  expect(() => read(bytes)).toThrow(kind);
  expect(() => read(bytes)).toThrow(
    /^datasets\.readManifest: .*list\.csv must be a CSV text, .*save it as "CSV UTF-8"\.$/,
  );
});
