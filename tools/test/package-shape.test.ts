import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Conditions, filesUnder, ROOT, workspaces } from './repository';

const SCRIPTS = ['build', 'test', 'test:integration', 'lint', 'typecheck', 'test:package'];
const FILES = ['README.md', 'tsconfig.json', 'tsup.config.ts', 'jest.config.cjs', 'src/index.ts'];
const SOURCE = '@serial-oe/source';
/** The source, for this repository's own tests and type checks; ESM and CommonJS, each with its own types, which must come first. */
const conditionsOf = (name: string): Conditions => ({
  [SOURCE]: `./src/${name}.ts`,
  import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
  require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
});
/** What an entry of `exports` may be. */
function shapesOf(name: string): Conditions[] {
  const all = conditionsOf(name);
  const { [SOURCE]: source, ...built } = all;
  return [
    all,
    { node: conditionsOf('node'), ...all }, // Node gets more than a browser does
    // CommonJS for all of Node is what can explain a missing optional peer: an ES module has no say before it links.
    { [SOURCE]: source!, node: all.require!, ...built },
  ];
}

const CHANGESETS = readdirSync(join(ROOT, '.changeset'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => readFileSync(join(ROOT, '.changeset', name), 'utf8'))
  .join('\n');

describe.each(workspaces('packages'))('packages/$folder', ({ folder, path, manifest }) => {
  it('has a README, a build, tests and one entry that lists its names', () => {
    expect(FILES.filter((file) => !existsSync(join(path, file)))).toEqual([]);
    expect(filesUnder(join(path, 'test'), /\.(test|integration)\.ts$/)).not.toEqual([]);
  });

  it('brings the licence along, word for word', () => {
    const licence = (folder: string) => readFileSync(join(folder, 'LICENSE'), 'utf8'); // npm packs it without being told
    expect(licence(path)).toBe(licence(ROOT));
  });

  it('is described for the registry', () => {
    expect(manifest).toMatchObject({
      name: `@serial-oe/${folder}`,
      description: expect.stringMatching(/^[A-Z].*\.$/),
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20' },
      repository: { directory: `packages/${folder}` },
      publishConfig: { access: 'public' },
    });
    expect(manifest.private).toBeUndefined();
    expect(manifest.files).toEqual(expect.arrayContaining(['CHANGELOG.md', 'dist', 'src']));
    expect(Object.keys(manifest.scripts ?? {})).toEqual(expect.arrayContaining(SCRIPTS));
  });

  it('exports its source, ESM and CommonJS, each with its own types first', () => {
    const { './package.json': own, ...entries } = manifest.exports ?? {};
    expect(own).toBe('./package.json');
    expect(Object.keys(entries)).toContain('.');
    for (const [entry, conditions] of Object.entries(entries)) {
      const name = entry === '.' ? 'index' : entry.slice(2);
      // As text, because the order of conditions decides and toEqual ignores it.
      expect(shapesOf(name).map((shape) => JSON.stringify(shape))).toContain(JSON.stringify(conditions));
      expect(existsSync(join(path, `src/${name}.ts`))).toBe(true);
    }
    expect(manifest).toMatchObject({ main: './dist/index.cjs', types: './dist/index.d.ts' });
  });

  it('runs each of its benchmarks by `npm run bench`, or by `bench:NAME` where it needs more than the lockfile has', () => {
    const benches = filesUnder(join(path, 'bench'), /\.bench\.ts$/);
    const scripts = Object.entries(manifest.scripts ?? {}).filter(([name]) => /^bench(:|$)/.test(name));
    const commands = scripts.map(([, command]) => command).join('\n');
    expect(benches.filter((bench) => !commands.includes(bench.slice(path.length + 1)))).toEqual([]);
  });

  it('takes tfjs as a wide peer with a pinned development version', () => {
    expect(
      Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@tensorflow/')),
    ).toEqual([]);
    for (const [name, range] of Object.entries(manifest.peerDependencies ?? {})) {
      if (!name.startsWith('@tensorflow/')) continue;
      expect(range).toMatch(/^\^\d+\.0\.0$/);
      // tfjs-node fetches a library from a host that `npm ci` may not reach: it is the user's to install.
      if (name === '@tensorflow/tfjs-node' && manifest.peerDependenciesMeta?.[name]?.optional) continue;
      expect(manifest.devDependencies?.[name]).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  it('has a changeset or has been released', () => {
    const isReleased = existsSync(join(path, 'CHANGELOG.md'));
    expect(isReleased || CHANGESETS.includes(`'${manifest.name}': `)).toBe(true);
  });
});
