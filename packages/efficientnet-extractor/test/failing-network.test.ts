import '@tensorflow/tfjs-backend-cpu';
import { engine, memory, setBackend } from '@tensorflow/tfjs-core';
import { createExtractor, type ExtractorOps, fuseForInference } from '../src';
import { createTfOps } from '../src/tf-ops/create-tf-ops';

beforeAll(() => setBackend('cpu'));
afterEach(() => jest.restoreAllMocks());

/** The call of that number, from 0, finds the memory full. */
function failAt<T extends object, K extends keyof T>(target: T, name: K, failing: number): void {
  const original = (target[name] as (...args: unknown[]) => unknown).bind(target);
  let nCalls = 0;
  jest.spyOn(target as never, name as never).mockImplementation(((...args: unknown[]) => {
    if (nCalls++ === failing) throw new Error('memory full');
    return original(...args);
  }) as never);
}

function expectNothingLeft(build: () => unknown, message: RegExp): void {
  const [nTensors, nVariables] = [
    memory().numTensors,
    Object.keys(engine().state.registeredVariables).length,
  ];
  expect(build).toThrow(message);
  expect(memory().numTensors).toBe(nTensors);
  expect(Object.keys(engine().state.registeredVariables)).toHaveLength(nVariables);
}

it.each([0, 1, 100, 300])('a network of which variable %i finds no memory leaves none', (failing) => {
  failAt(engine(), 'makeVariable', failing);
  expectNothingLeft(() => createExtractor({ nMachineIds: 2 }), /memory full/);
});

it.each([1e10, 2 ** 53 - 1])('a network with an embedding of %d values leaves no tensor', (embeddingSize) => {
  expectNothingLeft(() => createExtractor({ nMachineIds: 2, embeddingSize }), /typed array|array buffer/i);
});

it('another one can be built afterwards, under the same names', () => {
  failAt(engine(), 'makeVariable', 5);
  expect(() => createExtractor({ nMachineIds: 0 })).toThrow();
  jest.restoreAllMocks();
  const extractor = createExtractor({ nMachineIds: 0 });
  expect(extractor.variables[0]!.name).toMatch(/^extractor\//);
  extractor.dispose();
});

it('inference that cannot be prepared leaves no tensor, whatever fails', () => {
  const failing: ExtractorOps = {
    ...createTfOps(),
    name: 'failing',
    prepareInference: () => {
      throw new Error('kernels missing');
    },
  };
  const extractor = createExtractor({ nMachineIds: 0, ops: failing });
  expectNothingLeft(() => fuseForInference(extractor), /kernels missing/);
  extractor.dispose();
  for (const nth of [0, 40, 200]) {
    const whole = createExtractor({ nMachineIds: 0 });
    failAt(engine(), 'runKernel', nth);
    expectNothingLeft(() => fuseForInference(whole), /memory full/);
    jest.restoreAllMocks();
    whole.dispose();
  }
});
