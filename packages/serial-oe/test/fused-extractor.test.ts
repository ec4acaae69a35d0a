// The extractor and the kernels for inference of @serial-oe/wasm-kernels, which know each other by structure alone.
import '@tensorflow/tfjs-backend-wasm';
import { createExtractor, type Extractor, fuseForInference } from '@serial-oe/efficientnet-extractor';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues, formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import { createWasmOps, type WasmOps } from '@serial-oe/wasm-kernels';
import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';
import { engine, memory, setBackend, slice, type Tensor4D, tensor4d, tidy } from '@tensorflow/tfjs-core';

interface Heap {
  _malloc(nBytes: number): number;
  _free(address: number): void;
}

/** Blocks of the backend's heap that are taken while `run` runs, and not given back. */
function blocksLeftBy(run: () => void): number {
  const heap = (engine().backend as unknown as { wasm: Heap }).wasm;
  heap._free(heap._malloc(1)); // Emscripten replaces both at their first call
  const { _malloc, _free } = heap;
  const taken = new Set<number>();
  heap._malloc = (nBytes) => {
    const address = _malloc(nBytes);
    taken.add(address >>> 0);
    return address;
  };
  heap._free = (address) => {
    taken.delete(address >>> 0);
    _free(address);
  };
  try {
    run();
  } finally {
    Object.assign(heap, { _malloc, _free });
  }
  return taken.size;
}

function formulaExtractor(inputShape: [number, number], ops: WasmOps): Extractor {
  const extractor = createExtractor({ nMachineIds: 2, inputShape, ops });
  const weights = [...extractor.toWeights()].map(
    ([name, { shape }]) => [name, { shape, data: formulaWeight(name, shape) }] as const,
  );
  extractor.loadWeights(new Map(weights));
  return extractor;
}

function formulaInput(shape: [number, number, number, number]): Tensor4D {
  const length = shape.reduce((product, size) => product * size, 1);
  return tensor4d(Float32Array.from(formulaValues('input', length)), shape);
}

describe.each(['simd', 'relaxed-simd'] as const)('fuseForInference on the %s kernels', (simdLevel) => {
  let ops: WasmOps;
  beforeAll(async () => {
    enableRelaxedSimd();
    await setBackend('wasm');
    ops = await createWasmOps({ simdLevel });
  });

  it.each<[[number, number], number[]]>([
    [
      [32, 17],
      [1, 2, 3, 4, 5, 9],
    ],
    [
      [67, 45],
      [1, 5],
    ],
    [[1, 1], [2]],
    [[224, 126], [2]],
  ])('input %p: the same embeddings in batches of %p, and nothing left', (inputShape, batches) => {
    const nTensors = memory().numTensors;
    const nBlocks = blocksLeftBy(() => {
      const extractor = formulaExtractor(inputShape, ops);
      const fused = fuseForInference(extractor);
      expect(fused.operations).toBe(`wasm-${simdLevel}`);
      for (const batch of batches) {
        tidy(() => {
          const x = formulaInput([batch, ...inputShape, 1]);
          const [actual, expected] = [fused.embed(x), extractor.embed(x)];
          expect(actual.shape).toEqual(expected.shape);
          expectAllClose(actual.dataSync(), expected.dataSync(), { rtol: 1e-4, atol: 1e-4 });
        });
      }
      fused.dispose();
      extractor.dispose();
    });
    expect(memory().numTensors).toBe(nTensors);
    expect(nBlocks).toBe(0);
  });

  it('gives each image the same embedding in any batch', () => {
    const extractor = formulaExtractor([40, 33], ops);
    const fused = fuseForInference(extractor);
    tidy(() => {
      const x = formulaInput([6, 40, 33, 1]);
      const together = fused.embed(x).arraySync();
      for (const [i, expected] of together.entries()) {
        const [alone] = fused.embed(slice(x, [i, 0, 0, 0], [1, 40, 33, 1])).arraySync();
        expectAllClose(alone!, expected, { rtol: 1e-5, atol: 1e-6 });
      }
    });
    fused.dispose();
    extractor.dispose();
  });
});
