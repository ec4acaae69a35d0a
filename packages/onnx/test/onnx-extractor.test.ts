import { createOnnxExtractor, exportOnnx, loadOnnxRuntime, OnnxRuntimeError } from '../src/index';
import { tinyFeatures, tinyNetwork } from './tiny-network';

const runtime = 'onnxruntime-web';
const SHAPE = [9, 6] as const;
const bytes = exportOnnx(tinyNetwork(SHAPE));

describe('embed', () => {
  it.each([
    [tinyFeatures(1, SHAPE), 2, /must hold 2 spectrograms of 9 x 6, 108 values, got 54/],
    [tinyFeatures(1, SHAPE), 0, /batch must be a whole number of at least 1, got 0/],
    [tinyFeatures(1, SHAPE), 1.5, /batch must be a whole number of at least 1, got 1.5/],
    [tinyFeatures(1, SHAPE).fill(Number.NaN, 3, 4), 1, /must be finite, got NaN at index 3/],
    [[1, 2] as unknown as Float32Array, 1, /must be a Float32Array, got \[1, 2\]/],
  ])('refuses what does not fit', async (features, batch, message) => {
    const onnx = await createOnnxExtractor(bytes, { runtime });
    await expect(onnx.embed(features, batch)).rejects.toThrow(message);
    await onnx.dispose();
  });

  it('ends what runs before it is disposed, and refuses afterwards', async () => {
    const onnx = await createOnnxExtractor(bytes, { runtime });
    const [features, batch] = [tinyFeatures(16, SHAPE), 16];
    const running = onnx.embed(features, batch);
    await onnx.dispose();
    expect(await running).toHaveLength(16 * 5);
    await expect(onnx.embed(features, batch)).rejects.toThrow(/must not be disposed/);
    await onnx.dispose();
  });
});

describe('createOnnxExtractor', () => {
  it('takes an imported runtime', async () => {
    const module = await import('onnxruntime-web');
    const onnx = await createOnnxExtractor(bytes, { runtime: module });
    expect(onnx.inputShape).toEqual([9, 6]);
    await onnx.dispose();
  });

  it.each([
    [Uint8Array.of(1, 2, 3), /bytes must be an ONNX file, got 3 bytes that the runtime refuses/],
    [bytes.slice(0, bytes.length / 2), /must be an ONNX file/],
    ['model.onnx' as unknown as Uint8Array, /bytes must be a Uint8Array, got 'model.onnx'/],
  ])('refuses bytes that are no ONNX file', async (wrong, message) => {
    await expect(createOnnxExtractor(wrong, { runtime })).rejects.toThrow(message);
  });

  it('refuses a network of another kind', async () => {
    // the name of the input, wherever it stands
    const other = Buffer.from(
      Buffer.from(bytes).toString('latin1').replaceAll('features', 'pictures'),
      'latin1',
    );
    await expect(createOnnxExtractor(other, { runtime })).rejects.toThrow(
      /must be a file of exportOnnx, features .* got pictures \[batch, 1, 9, 6\] -> embedding \[batch, 5\]/,
    );
  });

  it('refuses threads that onnxruntime-web cannot have any more', async () => {
    await (await createOnnxExtractor(bytes, { runtime, threads: 1 })).dispose();
    await expect(createOnnxExtractor(bytes, { runtime, threads: 2 })).rejects.toThrow(
      /threads must be 1, which onnxruntime-web has been set to, got 2/,
    );
    await expect(createOnnxExtractor(bytes, { runtime, threads: 0 })).rejects.toThrow(
      /threads must be a whole number of at least 1, got 0/,
    );
  });
});

it('names the option that was meant', async () => {
  await expect(createOnnxExtractor(bytes, { runtime, nThreads: 2 } as never)).rejects.toThrow(
    new TypeError("onnx.createOnnxExtractor: unknown option 'nThreads'. Did you mean 'threads'?"),
  );
  expect(() => exportOnnx(tinyNetwork(SHAPE), { weight: 'float16' } as never)).toThrow(
    new TypeError("onnx.exportOnnx: unknown option 'weight'. Did you mean 'weights'?"),
  );
});

describe('loadOnnxRuntime', () => {
  const failWith = (error: Error) =>
    jest.doMock(
      'onnxruntime-node',
      () => {
        throw error;
      },
      { virtual: true },
    );
  afterEach(() => jest.dontMock('onnxruntime-node'));

  it('says which command installs what is missing, before it looks at the bytes', async () => {
    failWith(Object.assign(new Error("Cannot find module 'onnxruntime-node'"), { code: 'MODULE_NOT_FOUND' }));
    const loading = createOnnxExtractor(new Uint8Array(), { runtime: 'onnxruntime-node' });
    await expect(loading).rejects.toThrow(OnnxRuntimeError);
    await expect(loading).rejects.toThrow(
      'onnx.loadOnnxRuntime: onnxruntime-node must be installed, got none. Run "npm install onnxruntime-node".',
    );
  });

  it.each([
    new Error('libonnxruntime.so.1: cannot open shared object file'),
    Object.assign(new Error("Cannot find module 'onnxruntime-common'"), { code: 'MODULE_NOT_FOUND' }),
  ])('passes on why an installed one does not load: %s', async (error) => {
    failWith(error);
    await expect(loadOnnxRuntime('onnxruntime-node')).rejects.toThrow(
      `onnxruntime-node is installed but cannot be loaded: ${error.message}`,
    );
  });

  it('knows no other names', async () => {
    await expect(loadOnnxRuntime('onnxruntime' as 'onnxruntime-node')).rejects.toThrow(
      /name must be one of 'onnxruntime-node', 'onnxruntime-web', got 'onnxruntime'/,
    );
  });
});
