// What the repository holds, read from the disk, for the tests in this folder.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const ROOT = resolve(__dirname, '..', '..');

/** A branch of `exports`: condition -> file, or condition -> further conditions. */
export type Conditions = { [condition: string]: string | Conditions };

/** The fields of a package.json that the tests look at. */
export interface Manifest {
  name: string;
  version?: string;
  description?: string;
  license?: string;
  private?: boolean;
  type?: string;
  sideEffects?: boolean | string[];
  main?: string;
  types?: string;
  bin?: Record<string, string>;
  exports?: Record<string, Conditions | string>;
  files?: string[];
  engines?: { node?: string };
  repository?: { directory?: string };
  publishConfig?: { access?: string };
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
  devDependencies?: Record<string, string>;
}

/** A workspace: its folder's name, its folder, its package.json. */
export interface Workspace {
  folder: string;
  path: string;
  manifest: Manifest;
}

/** The workspaces in `packages` or `examples`, by name. */
export function workspaces(kind: 'packages' | 'examples'): Workspace[] {
  return readdirSync(join(ROOT, kind), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const path = join(ROOT, kind, name);
      return { folder: name, path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) };
    });
}

/** The files of one folder whose name matches, as absolute paths. */
export function filesIn(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));
}

const SKIPPED_FOLDERS = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.turbo',
  '.git',
  '.venv',
  '__pycache__',
]);

/** Every file under a folder that is neither installed nor generated, as absolute paths; none where there is no folder. */
export function filesUnder(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const found: string[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) found.push(...filesUnder(path, pattern));
    } else if (pattern.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}

/** A path as the repository shows it. */
export function fromRoot(path: string): string {
  return relative(ROOT, path).split(sep).join('/');
}

/** The names of the modules that a TypeScript or JavaScript source imports, re-exports or requires. */
export function importedModules(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, ''); // doc comments hold examples
  const patterns = [
    /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]/gm,
    /^\s*import\s*['"]([^'"]+)['"]/gm,
    /\b(?:import|require)\s*\(\s*['"]([^'"]+)['"]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1]!));
}

/** `@scope/name` of `@scope/name/entry`, `name` of `name/entry`. */
export function packageOf(moduleName: string): string {
  const parts = moduleName.split('/');
  return parts.slice(0, moduleName.startsWith('@') ? 2 : 1).join('/');
}
