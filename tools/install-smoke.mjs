// Packs the packages, installs the tarballs into an empty folder as a user would, and uses each from TypeScript that is compiled
// to ESM and to CommonJS. `node tools/install-smoke.mjs [--no-build] [PACKAGE ...]`; without names, every package.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPackages } from './workspace/build-packages.mjs';
import { ensureInstalled } from './workspace/ensure-installed.mjs';
import { packageFolders, packPackages, readManifest } from './workspace/pack-packages.mjs';
import { CommandError, npm, ROOT, runAsMain, runNode } from './workspace/run-command.mjs';

const SOURCES = join(ROOT, 'tools', 'install-smoke');
const INSTALL_FLAGS = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];

/** What a user installs beside the packages: the peers of some of them, and a compiler for the test itself. */
const BESIDE = [
  '@nats-io/jetstream',
  '@nats-io/kv',
  '@nats-io/transport-node',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@types/node',
  'bullmq',
  'echarts',
  'ioredis',
  'mqtt',
  'pg',
  'prom-client',
  'typescript',
];

await runAsMain(async (args) => {
  const options = { 'no-build': { type: 'boolean', default: false } };
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  await ensureInstalled();
  if (!values['no-build']) await buildPackages();
  const names = withInternalDependencies(positionals.length > 0 ? positionals : packageFolders());
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-install-'));
  try {
    const packed = await packPackages(names, folder);
    await install(
      folder,
      packed.map(({ fullName, path }) => [fullName, `file:./${basename(path)}`]),
    );
    copySources(names, folder);
    await compile(folder);
    await check('run what was compiled', folder, ['run.mjs', ...names]);
    if (names.includes('cli')) {
      await npm(['exec', '--no', '--', 'serial-oe', '--help'], { cwd: folder });
      console.log('ok  serial-oe --help');
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  return 0;
});

/** The named packages and those of the repository that they need, sorted. */
function withInternalDependencies(names) {
  const all = new Set(names);
  for (const name of all) {
    for (const dependency of Object.keys(readManifest(name).dependencies ?? {})) {
      if (dependency.startsWith('@serial-oe/')) all.add(dependency.slice('@serial-oe/'.length)); // the loop reaches it too
    }
  }
  return [...all].sort();
}

/** Tarballs depend on each other by version; the overrides keep npm from asking the registry for those. */
async function install(folder, tarballs) {
  const { packages: locked } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const manifest = {
    name: 'install-smoke',
    private: true,
    dependencies: {
      ...Object.fromEntries(tarballs),
      ...Object.fromEntries(BESIDE.map((name) => [name, locked[`node_modules/${name}`].version])),
    },
    overrides: Object.fromEntries(tarballs.map(([name]) => [name, `$${name}`])),
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  await npm(['install', ...INSTALL_FLAGS], { cwd: folder });
  console.log(`ok  ${tarballs.length} tarballs installed into an empty folder`);
}

/** install-smoke/<package>.ts uses the package; it is compiled once as an ES module and once as a CommonJS module. */
function copySources(names, folder) {
  mkdirSync(join(folder, 'src'));
  for (const name of names) {
    const source = join(SOURCES, `${name}.ts`);
    if (!existsSync(source))
      throw new Error(`tools/install-smoke/${name}.ts is missing: it uses the package once.`);
    for (const extension of ['mts', 'cts']) copyFileSync(source, join(folder, 'src', `${name}.${extension}`));
  }
  copyFileSync(join(SOURCES, 'run.mjs'), join(folder, 'run.mjs'));
}

async function compile(folder) {
  const base = {
    strict: true,
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],

    outDir: 'out',
    rootDir: 'src',
  };
  const resolutions = {
    node16: { module: 'node16', moduleResolution: 'node16' },
    bundler: { module: 'preserve', moduleResolution: 'bundler', noEmit: true },
  };
  for (const [name, resolution] of Object.entries(resolutions)) {
    const compilerOptions = { ...base, ...resolution };
    writeFileSync(
      join(folder, `tsconfig.${name}.json`),
      JSON.stringify({ compilerOptions, include: ['src'] }),
    );
    const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
    await check(`types, moduleResolution ${name}`, folder, [tsc, '-p', `tsconfig.${name}.json`]);
  }
}

async function check(label, cwd, args) {
  const exitCode = await runNode(args, { cwd });
  if (exitCode !== 0) throw new CommandError(label, exitCode);
  console.log(`ok  ${label}`);
}
