// An app for browsers pays for every byte: each package has a budget, and who exceeds it does so knowingly.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { build as esbuildBuild } from 'esbuild';
import { ROOT, workspaces } from './repository';
import { ENTRY_BUDGETS, IMPORT_BUDGETS, NODE_ONLY, PACKAGE_BUDGETS, type SizeBudget } from './size-budgets';

// esbuild is tsup's own; this is what the packages are built with.
const { build } = createRequire(require.resolve('tsup'))('esbuild') as { build: typeof esbuildBuild };

const PACKAGES = workspaces('packages');

/** Peers are the app's own, whether it has them or not. */
const PEERS = [...new Set(PACKAGES.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})))];

/** The size of an app that keeps what a statement takes from a package. */
async function sizeOf(statement: string): Promise<SizeBudget> {
  const { outputFiles } = await build({
    stdin: { contents: exporting(statement), resolveDir: join(ROOT, 'tools') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: PEERS,
    write: false,
    logLevel: 'silent',
  });
  const bytes = outputFiles[0]!.contents;
  return { minified: bytes.length, gzipped: gzipSync(bytes).length };
}

/** An import that nothing uses would be dropped; what is exported stays. */
function exporting(statement: string): string {
  return statement.replace(/^import/, 'export');
}

/** Says what is above the budget, and how to see what it is made of; nothing where nothing is. */
function excess(statement: string, size: SizeBudget, budget: SizeBudget): string[] {
  const flags = ['--bundle', '--minify', '--format=esm', '--analyze', '--outfile=/dev/null'];
  const external = PEERS.map((name) => `--external:${name}`);
  const look = `echo "${exporting(statement)}" | npx esbuild ${[...flags, ...external].join(' ')}`;
  return (['minified', 'gzipped'] as const)
    .filter((kind) => size[kind] > budget[kind])
    .map(
      (kind) =>
        `"${statement}" is ${size[kind]} bytes ${kind}, ${size[kind] - budget[kind]} above its budget of ${budget[kind]} in ` +
        `tools/test/size-budgets.ts. What it is made of, seen from tools/: ${look}`,
    );
}

it.each(PACKAGES.map(({ folder }) => folder))('packages/%s has a budget or is for Node only', (folder) => {
  if (PACKAGE_BUDGETS[folder] !== undefined) return;
  throw new Error(
    `packages/${folder} has no size budget. Add a line to PACKAGE_BUDGETS of tools/test/size-budgets.ts: ` +
      `${folder}: { minified: BYTES, gzipped: BYTES }, or 'Node only' if no page loads it.`,
  );
});

it('budgets are for packages that there are', () => {
  const folders = PACKAGES.map(({ folder }) => folder);
  expect(Object.keys(PACKAGE_BUDGETS).filter((folder) => !folders.includes(folder))).toEqual([]);
});

/** Entries beside the main one that are not for Node by their name, as `package/entry`. */
const FURTHER_ENTRIES = PACKAGES.filter(({ folder }) => !NODE_ONLY.includes(folder)).flatMap(
  ({ folder, manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((entry) => entry !== '.' && entry !== './package.json' && !/^\.\/node(\/|$)/.test(entry))
      .map((entry) => `${folder}${entry.slice(1)}`),
);

it('each further entry has a budget, or is for Node only, and every budget an entry', () => {
  expect(Object.keys(ENTRY_BUDGETS).sort()).toEqual([...FURTHER_ENTRIES].sort());
});

const entryCases = Object.entries(ENTRY_BUDGETS).map(
  ([entry, budget]) => [`export * from '@serial-oe/${entry}'`, budget] as const,
);

const packageCases = PACKAGES.filter(({ folder }) => !NODE_ONLY.includes(folder)).map(
  ({ folder, manifest }) => [`export * from '${manifest.name}'`, PACKAGE_BUDGETS[folder]] as const,
);

it.each([...packageCases, ...entryCases, ...Object.entries(IMPORT_BUDGETS)])(
  '%s stays within its budget',
  async (statement, budget) => {
    if (budget === undefined || budget === 'Node only') return; // said above
    expect(excess(statement, await sizeOf(statement), budget)).toEqual([]);
  },
  60_000,
);

it('says by how much a budget is exceeded, and how to look at it', async () => {
  const statement = "import { tsne } from '@serial-oe/report'";
  const size = await sizeOf(statement);
  const budget = { minified: size.minified - 10, gzipped: size.gzipped };
  expect(excess(statement, size, budget)).toEqual([
    expect.stringMatching(/bytes minified, 10 above its budget of \d+ in .*--analyze/),
  ]);
  expect(size.minified).toBeGreaterThan(5_000); // t-SNE is in it
});

it('who installs serial-oe to score gets no chart library, no command and no experiments', () => {
  const installed = new Set(['@serial-oe/serial-oe']);
  for (const name of installed) {
    const found = PACKAGES.find(({ manifest }) => manifest.name === name);
    for (const dependency of Object.keys(found?.manifest.dependencies ?? {})) installed.add(dependency); // the loop gets there
  }
  expect(installed).toContain('@serial-oe/gmm');
  const unwanted = ['echarts', '@serial-oe/report', '@serial-oe/experiments', '@serial-oe/cli'];
  expect(unwanted.filter((name) => installed.has(name))).toEqual([]);
});
