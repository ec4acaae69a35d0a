import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { withoutWebAssembly } from '@serial-oe/tooling/test-support/watch-web-assembly';
import { KERNEL_BINARY } from '../src/generated/kernel-binary';
import { type CovarianceType, GaussianMixture, type GaussianMixtureOptions } from '../src/index';
import { compileKernels } from '../src/kernel-module';
import { blobs } from './fixtures';

const X = blobs(2, 600, [Array(32).fill(0), Array(32).fill(1)]); // 600 x 32^2: more than auto leaves to TypeScript
const FEW = X.slice(0, 100);
const OPTIONS = { nComponents: 2, maxIter: 2, initParams: 'random_from_data' } as const;
const expected = new GaussianMixture({ ...OPTIONS, core: 'typescript' }).fit(X).toJSON();

const fit = (options: GaussianMixtureOptions = {}, x = X) =>
  new GaussianMixture({ ...OPTIONS, ...options }).fit(x);

const { Module, Memory } = WebAssembly;

/** Counts what is made of WebAssembly, and can make it fail; until the test ends. */
function watch(member: 'Module' | 'Memory', failure?: Error): WeakRef<object>[] {
  const original = WebAssembly[member] as new (...args: unknown[]) => object;
  const made: WeakRef<object>[] = [];
  // no mock of jest's, which would keep its results
  function make(...args: unknown[]): object {
    if (failure) throw failure;
    const result = new original(...args);
    made.push(new WeakRef(result));
    return result;
  }
  Object.assign(WebAssembly, { [member]: make });
  return made;
}

afterEach(() => {
  Object.assign(WebAssembly, { Module, Memory });
  jest.restoreAllMocks();
});

describe("core 'auto'", () => {
  it('compiles once a mixture, at the first data that are worth it', () => {
    const made = watch('Module');
    const mixture = fit({}, FEW);
    expect(made).toHaveLength(0);
    mixture.fit(X).score(X);
    mixture.fit(X);
    expect(made).toHaveLength(1);
    expect(mixture.toJSON()).toEqual(expected);
  });

  it.each<CovarianceType>(['diag', 'spherical'])('compiles nothing for %s', (covarianceType) => {
    const made = watch('Module');
    fit({ covarianceType }).score(X);
    expect(made).toHaveLength(0);
  });

  it('is TypeScript in an engine without SIMD', () => {
    jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const made = watch('Module');
    expect(fit().toJSON()).toEqual(expected);
    expect(made).toHaveLength(0);
  });

  it('is TypeScript in an engine without WebAssembly', () => {
    const json = withoutWebAssembly(() => fit().toJSON());
    expect(json).toEqual(expected);
  });

  it("is TypeScript where a page's policy forbids compiling", () => {
    watch('Module', new WebAssembly.CompileError('violates the content security policy'));
    expect(fit().toJSON()).toEqual(expected);
  });

  it('is TypeScript where no memory can be had', () => {
    watch('Memory', new RangeError('could not allocate memory'));
    expect(fit().toJSON()).toEqual(expected);
  });

  it('hides no other error', () => {
    watch('Module', new TypeError('out of the blue'));
    expect(() => fit()).toThrow('out of the blue');
    Object.assign(WebAssembly, { Module });
    watch('Memory', new TypeError('out of the blue'));
    expect(() => fit()).toThrow('out of the blue');
  });
});

describe("core 'wasm'", () => {
  it('runs on WebAssembly whatever the size of the data', () => {
    const made = watch('Memory');
    fit({ core: 'wasm' }, FEW);
    expect(made.length).toBeGreaterThan(0);
    expect(fit({ core: 'wasm' }).toJSON()).toEqual(expected);
  });

  it('is an error where there is no SIMD, or compiling is forbidden', () => {
    watch('Module', new WebAssembly.CompileError('violates the content security policy'));
    const message =
      "gmm.GaussianMixture: core must be 'auto' or 'typescript' where WebAssembly SIMD is missing or forbidden, got 'wasm'.";
    expect(() => new GaussianMixture({ core: 'wasm' })).toThrow(message);
    Object.assign(WebAssembly, { Module });
    jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(() => new GaussianMixture({ core: 'wasm' })).toThrow(RangeError);
    expect(() => new GaussianMixture({ core: 'wasm' })).toThrow(message);
  });

  it('hands on that no memory can be had', () => {
    watch('Memory', new RangeError('could not allocate memory'));
    expect(() => fit({ core: 'wasm' })).toThrow('could not allocate memory');
  });
});

it("core 'typescript' touches no WebAssembly", () => {
  const validate = jest.spyOn(WebAssembly, 'validate');
  expect(fit({ core: 'typescript' }).toJSON()).toEqual(expected);
  expect(validate).not.toHaveBeenCalled();
});

it('is no part of the JSON, and may be chosen anew', () => {
  const json = fit({ core: 'wasm' }).toJSON();
  expect(json).not.toHaveProperty('core');
  const made = watch('Memory');
  const scores = (['typescript', 'wasm', 'auto'] as const).map((core) =>
    GaussianMixture.fromJSON(json, { core }).scoreSamples(X),
  );
  expect(made).toHaveLength(2);
  expect(scores[1]).toEqual(scores[0]);
  expect(scores[2]).toEqual(scores[0]);
});

it('frees its memory with the call, though the mixture lives on', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const made = watch('Memory');
  const mixture = fit({ core: 'wasm' });
  mixture.score(X);
  expect(made.length).toBeGreaterThanOrEqual(2);
  await new Promise(setImmediate); // a WeakRef holds its target for the job in which it was made
  collectGarbage();
  expect(made.filter((memory) => memory.deref() !== undefined)).toEqual([]);
  expect(mixture.isFitted).toBe(true);
});

it('the kernels import a memory and nothing else, and compile synchronously on any main thread', () => {
  expect(Buffer.from(KERNEL_BINARY, 'base64').length).toBeLessThan(4096); // Chrome's limit up to version 113
  const module = compileKernels()!;
  expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
  expect(WebAssembly.Module.exports(module).every(({ kind }) => kind === 'function')).toBe(true);
});
