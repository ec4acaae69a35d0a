// Runs the code blocks of a page, one after the other, in one folder, as a reader would who follows it.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { transformSync } from 'esbuild';
import { type Block, placeOf } from './markdown';

const TIMEOUT_MS = 120_000;
const PROGRAMS = ['js', 'mjs', 'ts'];
const SHELLS = ['bash', 'sh'];
/** Too short to say why. */
const MIN_REASON = 8;

/** What becomes of a block, by what follows its language: nothing, that it is run. */
export type Fate =
  | { kind: 'run' }
  | { kind: 'skip'; reason: string }
  | { kind: 'copy'; from: string }
  | { kind: 'file'; name: string }
  | { kind: 'output' };

/** @throws Error that names the block, for a mark that means nothing, and for a block that nothing accounts for */
export function fateOf(block: Block): Fate {
  const { mark, language } = block;
  const [, word = '', text = ''] = /^([a-z-]+):?\s*(.*)$/.exec(mark) ?? [];
  if (word === 'no-run' && text.length >= MIN_REASON) return { kind: 'skip', reason: text };
  if (word === 'from' && text !== '') return { kind: 'copy', from: text };
  if (word === 'file' && text !== '') return { kind: 'file', name: text };
  if (mark === 'output') return { kind: 'output' };
  if (mark === '' && [...PROGRAMS, ...SHELLS].includes(language)) return { kind: 'run' };
  throw new Error(
    `${placeOf(block)}: a block "${language} ${mark}" is neither run nor accounted for. Mark it behind the language: "no-run: REASON", "from: FILE" (a copy of a part of it), "file: NAME" (what later blocks read), "output" (of the block before).`,
  );
}

export interface RunOptions {
  root: string;
  /** The page's own folder, empty at first. */
  folder: string;
}

/** Runs or checks the blocks of one page. @throws Error with the first block that failed, and why */
export function runBlocks(blocks: readonly Block[], { root, folder }: RunOptions): void {
  prepareFolder(folder, root);
  let output = '';
  for (const [i, block] of blocks.entries()) {
    const fate = fateOf(block);
    if (fate.kind === 'copy') checkCopy(block, fate.from, root);
    else if (fate.kind === 'file') writeBeside(folder, fate.name, block.code);
    else if (fate.kind === 'output') checkOutput(block, output);
    else if (fate.kind === 'run') output = runBlock(block, { folder, name: `block-${i}` });
  }
}

/** What is installed, and `npx serial-oe` as the built command, which spares npx's second of looking around. */
function prepareFolder(folder: string, root: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const command = `#!/bin/sh\nexec "${process.execPath}" "${join(root, 'packages/cli/bin/serial-oe.js')}" "$@"\n`;
  writeBeside(folder, 'bin/serial-oe', command);
  writeBeside(folder, 'bin/npx', '#!/bin/sh\nexec "$@"\n');
  for (const name of ['serial-oe', 'npx']) chmodSync(join(folder, 'bin', name), 0o755);
}

function writeBeside(folder: string, name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

function runBlock(block: Block, { folder, name }: { folder: string; name: string }): string {
  const isShell = SHELLS.includes(block.language);
  const file = `${name}.${isShell ? 'sh' : 'mjs'}`;
  writeBeside(folder, file, isShell ? `set -euo pipefail\n${block.code}` : asModule(block));
  const { stdout, stderr, status, error } = spawnSync(isShell ? 'bash' : process.execPath, [file], {
    cwd: folder,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` },
  });
  if (status !== 0)
    throw new Error(`${placeOf(block)} ended with ${status ?? error}\n${block.code}\n${stdout}${stderr}`);
  return stdout;
}

function asModule({ code, language }: Block): string {
  return transformSync(code, { loader: language === 'ts' ? 'ts' : 'js', format: 'esm', target: 'node20' })
    .code;
}

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

function checkCopy(block: Block, from: string, root: string): void {
  const path = join(root, from);
  if (!existsSync(path)) throw new Error(`${placeOf(block)} is from ${from}, which there is not.`);
  if (squeezed(readFileSync(path, 'utf8')).includes(squeezed(block.code))) return;
  throw new Error(`${placeOf(block)} is not what stands in ${from}:\n${block.code}`);
}

/** Lines with any number the same: what a machine computes differs in its last digits from another's. */
const shapeOf = (line: string) =>
  line
    .replace(/-?\d+(?:[.,:]\d+)*(?:e[+-]\d+)?/g, '#')
    .replace(/[-─=]{3,}/g, '---')
    .replace(/\s+/g, ' ')
    .trim();

/** Each line that is shown was printed, in that order, but for its numbers; `...` stands for lines left out. */
function checkOutput(block: Block, output: string): void {
  const printed = output.split('\n').map(shapeOf);
  let at = 0;
  for (const line of block.code.split('\n').map(shapeOf)) {
    if (line === '' || line === '...') continue;
    const found = printed.indexOf(line, at);
    if (found < 0) throw new Error(`${placeOf(block)} shows "${line}", which was not printed:\n${output}`);
    at = found + 1;
  }
}
