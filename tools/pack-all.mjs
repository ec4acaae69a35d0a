// `npm run pack:all`: a tarball of each package, for an app that installs from a clone while nothing is on npm.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './workspace/build-packages.mjs';
import { ensureInstalled } from './workspace/ensure-installed.mjs';
import { CLI_PEERS, packageFolders, packPackages } from './workspace/pack-packages.mjs';
import { ROOT, runAsMain } from './workspace/run-command.mjs';

const HELP = `npm run pack:all [-- --out DIR]

Installs and builds if needed, packs every package into DIR (default: tarballs; older tarballs of ours there are removed), and
ends with the line that installs the command and its peers from there into an app.`;

const OPTIONS = {
  out: { type: 'string', default: join(ROOT, 'tarballs') },
  'no-build': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

await runAsMain(async (args) => {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  await ensureInstalled();
  if (!values['no-build']) await buildPackages();
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder).filter((name) => /^serial-oe-.*\.tgz$/.test(name))) {
    rmSync(join(folder, old)); // two versions side by side would not install together
  }
  const tarballs = await packPackages(packageFolders(), folder);
  console.log(
    `Packed ${tarballs.length} packages, version ${tarballs[0].version}, into ${shown(folder)}. In your app:\n`,
  );
  console.log(`npm install ${tarballArguments(folder, tarballs)} ${CLI_PEERS.join(' ')}`);
  return 0;
});

/** A folder of the repository by its name, another one by its path. */
function shown(folder) {
  const path = relative(ROOT, folder);
  return path.startsWith('..') ? folder : path;
}

/** One pattern, which a shell expands; on Windows, where none does, the list. Tarballs need each other: all are named. */
function tarballArguments(folder, tarballs) {
  if (process.platform === 'win32') return tarballs.map(({ path }) => `"${path}"`).join(' ');
  const isPlain = /^[\w./@+-]+$/.test(folder);
  return `${isPlain ? folder : `'${folder.replaceAll("'", String.raw`'\''`)}'`}/serial-oe-*.tgz`;
}
