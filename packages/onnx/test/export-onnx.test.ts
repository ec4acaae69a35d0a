import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import fc from 'fast-check';
import { createOnnxExtractor, exportOnnx, type OnnxNetwork, type OnnxRuntimeName } from '../src/index';
import { referenceForward } from './reference-forward';
import { INSTALLED } from './runtimes';
import { tinyFeatures, tinyNetwork } from './tiny-network';

async function embedOnce(
  bytes: Uint8Array,
  options: { runtime: OnnxRuntimeName; features: Float32Array; batch: number },
): Promise<Float32Array> {
  const onnx = await createOnnxExtractor(bytes, { runtime: options.runtime });
  try {
    return await onnx.embed(options.features, options.batch);
  } finally {
    await onnx.dispose();
  }
}

const CLOSE = { rtol: 1e-5, atol: 1e-6 };

describe.each(INSTALLED)('a file of exportOnnx on %s', (runtime) => {
  it('gives the network of any spectrogram size, kernel size, stride and batch', async () => {
    const shapes = fc.record({
      nMels: fc.integer({ min: 1, max: 17 }),
      nFrames: fc.integer({ min: 1, max: 17 }),
      kernelSize: fc.constantFrom(3, 5),
      stride: fc.constantFrom(1, 2),
      embeddingSize: fc.integer({ min: 1, max: 9 }),
      batch: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ nMels, nFrames, batch, ...options }) => {
        const network = tinyNetwork([nMels, nFrames], options);
        const features = tinyFeatures(batch, [nMels, nFrames], options.seed);
        const embeddings = await embedOnce(exportOnnx(network), { runtime, features, batch });
        expectAllClose(embeddings, referenceForward(network, features, batch), CLOSE);
      }),
      { numRuns: 30 },
    );
  });

  it('takes another batch at each run', async () => {
    const network = tinyNetwork([9, 6]);
    const onnx = await createOnnxExtractor(exportOnnx(network), { runtime });
    expect(onnx.inputShape).toEqual([9, 6]);
    expect(onnx.embeddingSize).toBe(5);
    for (const batch of [3, 1, 16]) {
      const features = tinyFeatures(batch, [9, 6]);
      expectAllClose(await onnx.embed(features, batch), referenceForward(network, features, batch), CLOSE);
    }
    await onnx.dispose();
  });

  it('holds float16 weights that are those of float32, rounded', async () => {
    const network = tinyNetwork([9, 6]);
    const features = tinyFeatures(2, [9, 6]);
    const exact = referenceForward(network, features, 2);
    const bytes = exportOnnx(network, { weights: 'float16' });
    const embeddings = await embedOnce(bytes, { runtime, features, batch: 2 });
    // 11 significant bits; a bound, not a distribution: 60 roundings add up to less than 1 % here
    expectAllClose(embeddings, exact, { rtol: 1e-2, atol: 1e-3 });
    expect(Array.from(embeddings)).not.toEqual(
      Array.from(await embedOnce(exportOnnx(network), { runtime, features, batch: 2 })),
    );
  });
});

describe('exportOnnx', () => {
  const wide = (): OnnxNetwork => {
    const network = tinyNetwork([9, 6]);
    const nWeights = 200 * 200;
    const weight = { shape: [200, 200], data: new Float32Array(nWeights).fill(0.1) };
    const linear2 = { name: 'neck.linear2', weight, bias: { shape: [200], data: new Float32Array(200) } };
    return { ...network, neck: { ...network.neck, linear2 } };
  };

  it('writes the same bytes for the same network', () => {
    const [one, other] = [exportOnnx(tinyNetwork([9, 6])), exportOnnx(tinyNetwork([9, 6]))];
    expect(Buffer.from(one).equals(other)).toBe(true);
  });

  it('takes half the space with float16', () => {
    const ratio = exportOnnx(wide(), { weights: 'float16' }).length / exportOnnx(wide()).length;
    expect(ratio).toBeLessThan(0.53);
  });

  it('keeps metadata', () => {
    const text = Buffer.from(exportOnnx(tinyNetwork([9, 6]), { metadata: { machineType: 'Ventilátor' } }));
    expect(text.includes('Ventilátor')).toBe(true);
    expect(text.includes('machineType')).toBe(true);
  });

  it('refuses weights of another kind, and weights that float16 cannot hold', () => {
    expect(() => exportOnnx(tinyNetwork([9, 6]), { weights: 'int8' as 'float16' })).toThrow(
      /weights must be one of 'float32', 'float16', got 'int8'/,
    );
    const network = tinyNetwork([9, 6]);
    network.head.filter.data[3] = 70_000;
    expect(() => exportOnnx(network, { weights: 'float16' })).toThrow(
      /within 65504 of 0 for float16, got 70000 in head.weight. Export float32/,
    );
    expect(exportOnnx(network).length).toBeGreaterThan(0);
  });
});
