import { relatedTests } from '@serial-oe/tooling/related-tests';
import { fromRoot, ROOT } from './repository';

const related = async (...paths: string[]) => (await relatedTests(ROOT, paths)).map(fromRoot);
const folderOf = (path: string) => path.split('/').slice(0, 2).join('/');

describe('relatedTests', () => {
  it('reaches over the bounds of packages, and no further than imports do', async () => {
    const tests = await related('packages/gmm/src/gaussian-mixture.ts');
    const folders = new Set(tests.map(folderOf));
    expect(tests).toContain('packages/gmm/test/gaussian-mixture.test.ts');
    expect([...folders]).toEqual(expect.arrayContaining(['packages/gmm', 'packages/serial-oe']));
    expect(folders).not.toContain('packages/audio-features');
  }, 60_000);

  it('takes kernels for what they are compiled to, and golden files for a matter of their package', async () => {
    const ofKernels = await related('packages/gmm/assembly/index.ts');
    expect(ofKernels).toContain('packages/gmm/test/wasm-core.test.ts');
    const ofGolden = await related('packages/evaluation/test/golden/any.json');
    expect(new Set(ofGolden.map(folderOf))).toEqual(new Set(['packages/evaluation']));
  }, 60_000);

  it('is nothing for a page of the documentation, and the test itself for a test', async () => {
    expect(await related('docs/README.md', 'packages/gmm/README.md')).toEqual([]);
    expect(await related('packages/evaluation/test/roc.test.ts')).toEqual([
      'packages/evaluation/test/roc.test.ts',
    ]);
  }, 60_000);
});
