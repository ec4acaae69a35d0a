// Every code block of docs, README.md and CONTRIBUTING.md is run here, copied from a file that is run elsewhere, or says why it is not.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Block, blocksOf, guidePages } from '../docs/markdown';
import { fateOf, runBlocks } from '../docs/run-blocks';
import { ROOT } from './repository';

const TIMEOUT_MS = 300_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const block = (part: Partial<Block>): Block => ({
  file: 'x.md',
  line: 1,
  language: 'bash',
  mark: '',
  code: '',
  ...part,
});
let count = 0;
const run = (...blocks: Partial<Block>[]) => {
  count++;
  runBlocks(blocks.map(block), { root: ROOT, folder: join(folder, `case-${count}`) });
};

describe('what is found', () => {
  it.each([
    ['a block that nothing accounts for', { language: 'text' }, /neither run nor accounted for/],
    ['a block that is not run, without a reason', { mark: 'no-run' }, /neither run nor accounted for/],
    ['a command that fails', { code: 'serial-oe score nothing.wav' }, /ended with 2[\s\S]*--model is needed/],
    ['a program that fails', { language: 'ts', code: 'throw new Error("why" as string);' }, /why/],
    [
      'a copy that is none',
      { mark: 'from: package.json', code: 'not there' },
      /not what stands in package.json/,
    ],
  ])('%s', (_, part, message) => {
    expect(() => run(part)).toThrow(message);
  });

  it('output that was not printed, whatever its numbers', () => {
    const printed = { code: 'echo "AUC  0.91"; echo done' };
    run(printed, { language: 'text', mark: 'output', code: 'AUC 0.87\n' });
    expect(() => run(printed, { language: 'text', mark: 'output', code: 'aAUC 0.87\n' })).toThrow(
      /was not printed/,
    );
  });
});

const pages = guidePages(ROOT).map((file) => ({ file, blocks: blocksOf(file, ROOT) }));
const withBlocks = pages.filter(({ blocks }) => blocks.length > 0);

it.each(withBlocks)(
  '$file',
  ({ file, blocks }) => {
    runBlocks(blocks, { root: ROOT, folder: join(folder, file) });
  },
  TIMEOUT_MS,
);

it('some are run', () => {
  const fates = withBlocks.flatMap(({ blocks }) => blocks.map((each) => fateOf(each).kind));
  expect(fates.filter((kind) => kind === 'run').length).toBeGreaterThan(10);
});
