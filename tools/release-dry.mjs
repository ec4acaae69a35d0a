// `npm run release:dry`: everything that a release does, to a registry on this machine, and what its users do then.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { APPS, SkippedError } from './release-dry/apps.mjs';
import { startRegistry } from './release-dry/registry.mjs';
import { NPM_WARNING, runQuietly } from './release-dry/run-quietly.mjs';
import { copyRepository } from './release-dry/scratch-repository.mjs';
import { tryApp } from './release-dry/try-app.mjs';
import { buildPackages } from './workspace/build-packages.mjs';
import { ensureInstalled, seconds } from './workspace/ensure-installed.mjs';
import { packageFolders, readManifest } from './workspace/pack-packages.mjs';
import { npm, runAsMain } from './workspace/run-command.mjs';

const NAMES = APPS.map(({ name }) => name);
const HELP = `npm run release:dry [-- --only NAME,NAME --no-build --no-check --keep]

In a copy of the repository: versions all packages by their changesets, builds, packs and checks them, publishes them to a
registry that is started here for it (third-party packages come through it), and installs from it into empty projects, each of
which runs the same few lines. A warning of npm, a compiler, a bundler or a runtime is a failure. Nothing leaves this machine.

  --only NAMES   these projects alone: ${NAMES.join(', ')}
  --no-build     publishes what is built in the working tree, instead of building the copy (its --version is the old one)
  --no-check     leaves publint and are-the-types-wrong out, which \`npm test\` runs too
  --keep         leaves the folder with everything, and says where

Exit code: 0 when everything passed or was skipped with a reason, 1 otherwise.`;

const OPTIONS = {
  only: { type: 'string' },
  'no-build': { type: 'boolean', default: false },
  'no-check': { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

await runAsMain(async (args) => {
  const { values } = parseArgs({ args, options: OPTIONS });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const apps = selectedApps(values.only);
  await ensureInstalled();
  if (values['no-build']) await buildPackages();
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-release-'));
  const rows = [];
  try {
    await rehearse({ folder, apps, withBuilds: values['no-build'], isChecked: !values['no-check'], rows });
  } finally {
    if (values.keep) console.log(`\nKept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  printTable(rows);
  return rows.every(({ result }) => result !== 'FAILED') ? 0 : 1;
});

function selectedApps(only) {
  if (only === undefined) return APPS;
  const names = only.split(',');
  const unknown = names.filter((name) => !NAMES.includes(name));
  if (unknown.length > 0) {
    const message = `release:dry: --only must name some of ${NAMES.join(', ')}, got ${unknown.join(', ')}.`;
    throw Object.assign(new RangeError(message), { code: 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE' });
  }
  return APPS.filter(({ name }) => names.includes(name));
}

async function rehearse({ folder, apps, withBuilds, isChecked, rows }) {
  const repository = join(folder, 'repository');
  const tarballs = join(folder, 'tarballs');
  const cache = join(folder, 'npm-cache'); // versions are published anew at each run: no cache of another may answer
  const inCopy = (...args) => runQuietly(process.execPath, args, { cwd: repository });
  const step = (name, run) => stepOf(rows, name, run);

  let version = '';
  const isReady =
    (await step('version', async () => {
      copyRepository(repository, { withBuilds });
      await npm(['run', 'version-packages'], { cwd: repository });
      version = oneVersion(repository);
      return version;
    })) &&
    (await step(withBuilds ? 'pack' : 'build, pack', async () => {
      mkdirSync(tarballs);
      await inCopy('tools/pack-all.mjs', '--out', tarballs, ...(withBuilds ? ['--no-build'] : []));
    })) &&
    (!isChecked || (await step('check tarballs', () => checkTarballs(inCopy))));
  if (!isReady) return;

  const registry = await startRegistry(join(folder, 'registry'));
  const env = {
    npm_config_registry: registry.url,
    npm_config_cache: cache,
    npm_config_audit: 'false', // not ours: what the registry says of third-party packages that day
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun-cache'),
    DENO_DIR: join(folder, 'deno-cache'),
    DENO_NO_UPDATE_CHECK: '1',
  };
  try {
    if (!(await step('publish', () => publish(repository, registry, env)))) return;
    for (const app of apps) {
      const place = join(folder, 'apps', app.name);
      await step(app.name, () =>
        tryApp(app, { folder: place, registry, env, version, isRebuilt: !withBuilds }),
      );
    }
  } finally {
    await registry.stop();
  }
}

async function checkTarballs(inCopy) {
  await inCopy('tools/check-package.mjs', '--all');
  return 'publint, types, LICENSE, CHANGELOG';
}

/** By the command that the workflow uses, which warns of every package that the registry does not have yet. */
async function publish(repository, { token }, env) {
  const changeset = join(repository, 'node_modules', '@changesets', 'cli', 'bin.js');
  const output = await runQuietly(process.execPath, [changeset, 'publish', '--no-git-tag'], {
    cwd: repository,
    env: { ...env, [`npm_config_${token}`]: 'anyone' },
    warning: NPM_WARNING,
  });
  const published = new Set(output.match(/@serial-oe\/[a-z-]+@[\d.]+/g));
  const expected = packageFolders(repository).length;
  if (published.size !== expected)
    throw new Error(`${expected} packages must be published, got ${published.size}.\n${output}`);
  return `${published.size} packages by changeset publish`;
}

function oneVersion(repository) {
  const versions = new Set(packageFolders(repository).map((name) => readManifest(name, repository).version));
  if (versions.size !== 1)
    throw new Error(`All packages must have one version, got ${[...versions].join(', ')}.`);
  return [...versions][0];
}

/** Runs a step and adds its row; resolves with whether it passed. */
async function stepOf(rows, name, run) {
  const start = performance.now();
  const row = { name, result: 'passed', note: '' };
  try {
    row.note = (await run()) ?? '';
  } catch (error) {
    row.result = error instanceof SkippedError ? 'SKIPPED' : 'FAILED';
    row.note = error instanceof SkippedError ? error.message : '';
    if (row.result === 'FAILED') console.error(`\n${name} FAILED\n${error.message}\n`);
  }
  row.time = seconds(start);
  rows.push(row);
  console.log(`${name}: ${row.result}, ${row.time}`);
  return row.result === 'passed';
}

function printTable(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log('');
  for (const { name, result, time, note } of rows) {
    console.log(`${name.padEnd(width)}  ${result.padEnd(7)}  ${time.padStart(7)}  ${note}`.trimEnd());
  }
}
