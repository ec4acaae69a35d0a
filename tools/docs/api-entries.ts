import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A module that users may import. */
export interface ApiEntry {
  /** As it is imported: `@serial-oe/gmm`, `@serial-oe/runtime/node`. */
  name: string;
  /** The package's folder. */
  folder: string;
  /** Its TypeScript file. */
  source: string;
  /** Its page, without the ending. */
  file: string;
  /** The package's own words. */
  description: string;
}

interface Manifest {
  name: string;
  description?: string;
  exports?: Record<string, string | { '@serial-oe/source'?: string }>;
}

const readManifest = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;

/** Every public entry of every package, in the order of their names. */
export function apiEntries(root: string): ApiEntry[] {
  const folders = readdirSync(join(root, 'packages')).sort();
  return folders.flatMap((folder) => {
    const manifest = readManifest(join(root, 'packages', folder, 'package.json'));
    return Object.entries(manifest.exports ?? {}).flatMap(([key, target]) => {
      const source = typeof target === 'string' ? undefined : target['@serial-oe/source'];
      if (source === undefined) return [];
      return {
        name: manifest.name + key.slice(1),
        folder,
        source: join(root, 'packages', folder, source),
        file: `${folder}${key.slice(1).replaceAll('/', '-')}`,
        description: manifest.description ?? '',
      };
    });
  });
}

/** The page that lists them. */
export function apiIndex(entries: readonly ApiEntry[]): string {
  const rows = entries.map(({ name, file, description }) => `| [${name}](${file}.md) | ${description} |`);
  return `# API\n\nEvery public name of every package, made from the sources when the site is built.\n\n| entry | its package |\n| --- | --- |\n${rows.join('\n')}\n`;
}

/** Which examples import it, and which of its names. */
export function usedBy({ name, folder }: ApiEntry, root: string): string {
  const lines = readdirSync(join(root, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => exampleLine(join('examples', entry.name), name, root));
  const readme = `[README of the package](../../packages/${folder}/README.md)`;
  if (lines.length === 0) return `${readme}. No example imports it.\n`;
  return `${readme}. Examples that use it:\n\n${lines.join('\n')}\n`;
}

function exampleLine(example: string, name: string, root: string): string[] {
  const files = sourcesIn(join(root, example)).map((file) => join(example, file));
  const uses = files.flatMap((file) => {
    const names = importedNames(readFileSync(join(root, file), 'utf8'), name);
    return names === undefined
      ? []
      : [`[${file}](../../${file})${names.length > 0 ? `: ${names.join(', ')}` : ''}`];
  });
  return uses.map((use) => `- ${use}`);
}

function sourcesIn(folder: string): string[] {
  const own = ['', 'src'].filter((part) => existsSync(join(folder, part)));
  return own.flatMap((part) =>
    readdirSync(join(folder, part))
      .filter((file) => /\.tsx?$/.test(file) && !/\.(?:config|d)\.ts$/.test(file))
      .map((file) => join(part, file)),
  );
}

/** The names that a source imports from a module; undefined where it does not import it. */
function importedNames(source: string, name: string): string[] | undefined {
  const statements = [...source.matchAll(/^import\s+(?:type\s+)?(?:\{([^}]*)\}\s+from\s+)?'([^']+)'/gm)];
  const found = statements.filter(([, , from]) => from === name);
  if (found.length === 0) return undefined;
  const names = found.flatMap(([, list = '']) => list.split(','));
  return names
    .map((each) => each.trim().replace(/^type /, ''))
    .filter(Boolean)
    .map((each) => `\`${each}\``);
}
