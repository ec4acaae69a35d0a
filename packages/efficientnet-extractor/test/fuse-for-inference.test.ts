import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import { fuseForInference } from '../src/index';
import { expectTensor, formulaExtractor, formulaInput, golden, OUTPUT_TOLERANCE } from './parity-support';

describe.each([
  ['wasm', 'small'],
  ['wasm', 'odd'],
  ['cpu', 'odd'],
] as const)('fuseForInference on %s, %s input', (backend, caseName) => {
  const goldenCase = golden.cases[caseName];

  it("gives the extractor's embeddings, and PyTorch's", async () => {
    await setBackend(backend);
    const extractor = formulaExtractor(goldenCase);
    const x = formulaInput(goldenCase);
    const nTensors = memory().numTensors;
    const fused = fuseForInference(extractor);
    tidy(() => {
      const embedding = fused.embed(x);
      expectTensor(embedding, goldenCase.evaluation.embedding!, OUTPUT_TOLERANCE);
      expectAllClose(embedding.dataSync(), extractor.embed(x).dataSync(), { rtol: 1e-4, atol: 1e-4 });
    });
    fused.dispose();
    expect(memory().numTensors).toBe(nTensors);
    expect(() => fused.embed(x)).toThrow(/must not be disposed/);
    x.dispose();
    extractor.dispose();
  });
});

it('keeps the weights of the moment of fusing', async () => {
  await setBackend('wasm');
  const extractor = formulaExtractor(golden.cases.small);
  const x = formulaInput(golden.cases.small);
  const fused = fuseForInference(extractor);
  const before = tidy(() => fused.embed(x).dataSync().slice());
  tidy(() => {
    extractor.forward(x, { training: true }); // moves the running statistics
  });
  extractor.dispose();
  expectAllClose(
    tidy(() => fused.embed(x).dataSync()),
    before,
    { rtol: 0, atol: 0 },
  );
  fused.dispose();
  x.dispose();
});
