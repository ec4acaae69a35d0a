// What a package consists of before it has a subject: a small function that works, in the shape that
// tools/test/package-shape.test.ts asks for. Its author replaces range.ts, its test and the sentences about it.

/**
 * @param name of the folder in packages/
 * @returns path from the root of the repository -> text; LICENSE is the root's
 */
export function packageFiles(name, { licence }) {
  const inPackage = {
    LICENSE: licence,
    'README.md': readme(name),
    'jest.config.cjs': JEST_CONFIG(name),
    'package.json': manifest(name),
    'src/index.ts': "export { range } from './range';\n",
    'src/range.ts': RANGE(name),
    'test/range.test.ts': RANGE_TEST,
    'tsconfig.json': TSCONFIG,
    'tsup.config.ts': TSUP_CONFIG,
  };
  return new Map([
    ...Object.entries(inPackage).map(([path, text]) => [`packages/${name}/${path}`, text]),
    [`tools/install-smoke/${name}.ts`, installSmoke(name)],
    [`.changeset/${name}.md`, changeset(name)],
  ]);
}

function manifest(name) {
  const built = (types, code) => ({ types: `./dist/index.${types}`, default: `./dist/index.${code}` });
  const fields = {
    name: `@serial-oe/${name}`,
    version: '0.0.0',
    description: `Finds the smallest and the largest of some numbers.`,
    keywords: [name],
    license: 'Apache-2.0',
    type: 'module',
    repository: {
      type: 'git',
      url: 'git+https://github.com/serial-oe/serial-oe.git',
      directory: `packages/${name}`,
    },
    engines: { node: '>=20' },
    sideEffects: false,
    main: './dist/index.cjs',
    module: './dist/index.js',
    types: './dist/index.d.ts',
    exports: {
      '.': {
        '@serial-oe/source': './src/index.ts',
        import: built('d.ts', 'js'),
        require: built('d.cts', 'cjs'),
      },
      './package.json': './package.json',
    },
    files: ['CHANGELOG.md', 'dist', 'src'],
    publishConfig: { access: 'public' },
    scripts: {
      build: 'tsup',
      test: 'jest',
      'test:integration': 'SERIAL_OE_TESTS=integration jest --passWithNoTests',
      lint: 'biome check .',
      typecheck: 'compile-assembly --all && tsc --noEmit',
      'test:package': 'node ../../tools/check-package.mjs',
    },
    devDependencies: { '@serial-oe/tooling': '*' },
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

const readme = (name) => `# @serial-oe/${name}

Finds the smallest and the largest of some numbers.

\`\`\`bash
npm install @serial-oe/${name}
\`\`\`

\`\`\`ts
import { range } from '@serial-oe/${name}';

console.log(range([3, 1, 2])); // { min: 1, max: 3 }
\`\`\`

## Exports

| export          | what it does                                                          |
| --------------- | --------------------------------------------------------------------- |
| \`range(values)\` | the smallest and the largest of at least one number, none of them NaN |
`;

const JEST_CONFIG = (name) => `module.exports = {
  ...require('@serial-oe/tooling/jest.config.base.cjs'),
  displayName: '${name}',
  rootDir: __dirname,
};
`;

const TSCONFIG = `{
  "extends": "@serial-oe/tooling/tsconfig.base.json",
  "include": ["src", "test", "bench", "*.config.ts"]
}
`;

const TSUP_CONFIG = `import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({ entry: ['src/index.ts'] });
`;

const RANGE = (name) => `/**
 * The smallest and the largest of some numbers.
 *
 * @param values at least one, none of them NaN
 * @throws RangeError when there is none, or one is NaN
 */
export function range(values: ArrayLike<number>): { min: number; max: number } {
  if (values.length === 0) throw new RangeError('${name}.range: values must hold at least one number, got none.');
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) throw new RangeError(\`${name}.range: values[\${i}] must be a number, got NaN.\`);
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min, max };
}
`;

const RANGE_TEST = `import { range } from '../src/index';

describe('range', () => {
  it('is the smallest and the largest', () => {
    expect(range([3, 1, 2])).toEqual({ min: 1, max: 3 });
    expect(range(Float32Array.of(-0.5))).toEqual({ min: -0.5, max: -0.5 });
  });

  it('refuses what has none', () => {
    expect(() => range([])).toThrow('range: values must hold at least one number, got none.');
    expect(() => range([1, Number.NaN])).toThrow('range: values[1] must be a number, got NaN.');
  });
});
`;

const installSmoke = (name) => `import assert from 'node:assert/strict';
import { range } from '@serial-oe/${name}';

export function use(): void {
  assert.deepEqual(range([3, 1, 2]), { min: 1, max: 3 });
}
`;

const changeset = (name) => `---
'@serial-oe/${name}': minor
---

\`range(values)\` finds the smallest and the largest of some numbers.
`;
