// Tarballs of the packages, as npm would publish them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm, ROOT } from './run-command.mjs';

/** What an app installs beside `@serial-oe/cli` for the default backend. */
export const CLI_PEERS = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'];

/** The folders of all packages below `packages`, sorted. */
export function packageFolders(root = ROOT) {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .sort();
}

/** The package.json of a package by its folder's name. */
export function readManifest(name, root = ROOT) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
}

/** Packs built packages into a folder that exists; resolves with the full name, the version and the tarball's path of each. */
export async function packPackages(names, folder, root = ROOT) {
  const workspaces = names.map((name) => `--workspace=packages/${name}`);
  await npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder, ...workspaces], {
    cwd: root,
  });
  return names.map((name) => {
    const { name: fullName, version } = readManifest(name, root);
    const path = join(folder, `serial-oe-${name}-${version}.tgz`);
    if (!existsSync(path)) throw new Error(`npm pack wrote no ${path}.`);
    return { name, fullName, version, path };
  });
}
