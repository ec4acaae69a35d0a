// What docs/troubleshooting.md quotes is what the sources say today, and what docs/which-package.md names is exported.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPage } from '../docs/markdown';
import { filesUnder, ROOT } from './repository';

/** Rows about what npm or Node say. */
const FOREIGN = /\((?:npm|Node)'s own message\)/;

/** All sources, with texts that are put together from pieces in one. */
const sources = filesUnder(join(ROOT, 'packages'), /\.ts$/)
  .filter((path) => /[\\/]src[\\/]/.test(path))
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n')
  .replace(/(['`"])\s*\+\s*(['`"])/g, '');

/** What a message says whatever it is about: between `...`, sentence by sentence. */
const piecesOf = (message: string) =>
  message
    .split(/\.\.\.|(?<=\.) |\\?"/)
    .map((piece) => piece.trim().replace(/^[.,;?]+|[?]+$/g, ''))
    .filter((piece) => /[a-z]{3}/i.test(piece));

const messages = [...readPage('docs/troubleshooting.md', ROOT).matchAll(/^\| `([^`]+)` \|.*$/gm)]
  .filter(([row]) => !FOREIGN.test(row))
  .map(([, message]) => message!);

it('there are messages', () => {
  expect(messages.length).toBeGreaterThan(20);
});

it.each(messages)('%s', (message) => {
  const pieces = piecesOf(message);
  expect(pieces).not.toEqual([]);
  expect(pieces.filter((piece) => !sources.includes(piece))).toEqual([]);
});

it('the names of docs/which-package.md are exported by the packages beside them', () => {
  const rows = readPage('docs/which-package.md', ROOT).matchAll(/^\|[^|]+\|([^|]+)\|([^|]+)\|$/gm);
  const missing = [...rows].flatMap(([, packages, names]) => {
    const folders = [...packages!.matchAll(/\.\.\/packages\/([a-z-]+)\//g)].map((match) => match[1]!);
    const entries = folders.flatMap((folder) =>
      filesUnder(join(ROOT, 'packages', folder, 'src'), /^(?!.*-).*\.ts$/),
    );
    const text = entries.map((path) => readFileSync(path, 'utf8')).join('\n');
    return [...names!.matchAll(/`(\w+)`/g)]
      .map((match) => match[1]!)
      .filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
  });
  expect(missing).toEqual([]);
});
