import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as index from '../src/index';
import * as node from '../src/node';

/** The modules that a source file reaches by its imports, those of packages by their bare names. */
function reachable(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/from '([^']+)'/g)) {
    const path = `${join(dirname(file), name!)}.ts`;
    if (name!.startsWith('.') && existsSync(path)) reachable(path, seen);
    else seen.add(name!);
  }
  return seen;
}

describe('entries', () => {
  it('the main one imports nothing of Node, so it loads in a browser', () => {
    const modules = [...reachable(join(__dirname, '../src/index.ts'))];
    expect(modules.length).toBeGreaterThan(15);
    expect(modules.filter((name) => !name.endsWith('.ts')).sort()).toEqual([
      '@noble/hashes/legacy', // MD5, in plain JavaScript
      '@serial-oe/foundation',
      'fft.js',
      'wave-resampler',
    ]);
  });

  it('export what the README lists', () => {
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    const names = [...Object.keys(index), ...Object.keys(node)];
    expect(names).toHaveLength(27);
    for (const name of names) expect(readme).toContain(`\`${name}`);
  });
});
