import { packageBuild } from '@serial-oe/tooling/tsup';

// Of the options under "assembly" in package.json, --maximumMemory is what the import's type must allow for a shared memory,
// whose flag the loader sets; warning 201 is about implicit conversions between usize and i32, which are one on wasm32.
export default packageBuild({
  entry: ['src/index.ts', 'src/node.ts'],
  splitting: true, // for CommonJS too: both entries share what they have in common
});
