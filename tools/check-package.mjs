// Packs packages and checks each tarball: publint --strict, and that its types resolve the same way from ESM and CommonJS
// (are-the-types-wrong). The licence must be in it. Without arguments the package in the current folder, with --all every one,
// which takes a third of the time of one process each.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packageFolders, packPackages } from './workspace/pack-packages.mjs';
import { runAsMain } from './workspace/run-command.mjs';

const PACKED = ['LICENSE', 'README.md', 'package.json'];
/** What a package has before its first release. */
const UNRELEASED = '0.0.0';
/** node10 cannot read "exports" at all; every supported Node and bundler can. */
const IGNORED_RESOLUTION = 'node10';

await runAsMain(async (args) => {
  const { values } = parseArgs({ args, options: { all: { type: 'boolean', default: false } } });
  const names = values.all ? packageFolders() : [basename(process.cwd())];
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-pack-'));
  try {
    let isClean = true;
    for (const { name, fullName, path } of await packPackages(names, folder)) {
      const complaints = await checkTarball(fullName, path);
      for (const complaint of complaints) console.error(`${name}: ${complaint}`);
      if (complaints.length === 0) console.log(`ok  ${name}: publint, types, licence`);
      else isClean = false;
    }
    return isClean ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What is wrong with the tarball of a package, as lines of text. */
async function checkTarball(fullName, path) {
  const tarball = new Uint8Array(readFileSync(path));
  const packed = createPackageFromTarballData(tarball);
  const manifest = JSON.parse(packed.readFile(`/node_modules/${fullName}/package.json`));
  const wanted = manifest.version === UNRELEASED ? PACKED : [...PACKED, 'CHANGELOG.md'];
  const missing = wanted.filter((file) => !packed.fileExists(`/node_modules/${fullName}/${file}`));
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
  const { types, problems = [] } = await checkPackage(packed);
  return [
    ...missing.map((file) => `The tarball must hold ${file}, got none.`),
    ...messages
      .filter(({ type }) => type !== 'suggestion')
      .map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`),
    ...(types ? [] : ['are-the-types-wrong: the tarball holds no types']),
    ...problems
      .filter(({ resolutionKind }) => resolutionKind !== IGNORED_RESOLUTION)
      .map((problem) => `are-the-types-wrong: ${JSON.stringify(problem)}`),
  ];
}
