// Installs the dependencies of the repository when they are missing or not those of package-lock.json.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from './run-command.mjs';

const MIN_NODE_MAJOR = 20;

/** Runs `npm ci` unless `node_modules` already holds what package-lock.json asks for. */
export async function ensureInstalled() {
  const [major] = process.versions.node.split('.');
  if (Number(major) < MIN_NODE_MAJOR) {
    throw new Error(`Node ${MIN_NODE_MAJOR} or later is needed, this is ${process.version}.`);
  }
  const reason = reasonToInstall(ROOT);
  if (!reason) return;
  console.log(`Installing dependencies (${reason}) ...`);
  const start = performance.now();
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' }; // its install script downloads CUDA libraries
  await npm(['ci', '--include=dev', '--no-audit', '--no-fund'], { env });
  console.log(`Installed in ${seconds(start)}.`);
}

/**
 * Why `npm ci` is needed in a folder, or undefined. npm lists what it installed in node_modules/.package-lock.json; the contents
 * are compared, because a checkout or a copy changes the times of files.
 */
export function reasonToInstall(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return 'nothing is installed yet';
  const { packages: locked } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { packages: installed } = JSON.parse(readFileSync(installedFile, 'utf8'));
  for (const [path, entry] of Object.entries(locked)) {
    if (!path.includes('node_modules/')) continue; // the root and the workspaces themselves
    if (entry.link || !installed[path]) {
      const isOptional = entry.optional || entry.devOptional; // binaries of other platforms
      if (!isOptional && !existsSync(join(root, path))) return `${path} is missing`;
    } else if (installed[path].version !== entry.version || installed[path].integrity !== entry.integrity) {
      return `${path} has another version`;
    }
  }
  return undefined;
}

/** The time since `start` of `performance.now()`, as text. */
export function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}
