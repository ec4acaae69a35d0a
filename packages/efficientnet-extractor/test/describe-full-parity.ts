import { setBackend, tidy } from '@tensorflow/tfjs-core';
import { fuseForInference } from '../src/index';
import {
  expectSummary,
  expectTensor,
  formulaExtractor,
  formulaInput,
  golden,
  OUTPUT_TOLERANCE,
  probeGradients,
} from './parity-support';

/** The size that the paper trains on, 224 x 126. */
const goldenCase = golden.cases.full;

/** Outputs, running statistics and gradients at that size; the backend must be registered. */
export function describeFullParity(backend: string): void {
  describe(`on the ${backend} backend`, () => {
    beforeAll(() => setBackend(backend));

    it('gives the outputs of timm and PyTorch at every depth, in evaluation and training', () => {
      const extractor = formulaExtractor(goldenCase);
      const fused = fuseForInference(extractor); // before the running statistics move
      tidy(() => {
        const x = formulaInput(goldenCase);
        expectTensor(fused.embed(x), goldenCase.evaluation.embedding!, OUTPUT_TOLERANCE);
        for (const training of [false, true]) {
          const expected = training ? goldenCase.training : goldenCase.evaluation;
          tidy(() => {
            const { embedding, typeLogits, idLogits } = extractor.forward(x, { training });
            expectTensor(embedding, expected.embedding!, OUTPUT_TOLERANCE);
            expectTensor(typeLogits, expected.typeLogits!, OUTPUT_TOLERANCE);
            expectTensor(idLogits!, expected.idLogits!, OUTPUT_TOLERANCE);
          });
          tidy(() => {
            const { stem, stages, head } = extractor.forwardStages(x, { training });
            expectTensor(stem, expected.stem!, OUTPUT_TOLERANCE);
            stages.forEach((stage, i) => {
              expectTensor(stage, expected[`stage${i}`]!, OUTPUT_TOLERANCE);
            });
            expectTensor(head, expected.head!, OUTPUT_TOLERANCE);
          });
        }
      });
      fused.dispose();
      extractor.dispose();
    });

    it("gives PyTorch's gradients and running statistics", () => {
      const extractor = formulaExtractor(goldenCase);
      const x = formulaInput(goldenCase);
      const gradients = probeGradients(extractor, x);
      for (const [name, expected] of Object.entries(goldenCase.gradients)) {
        expectSummary(gradients.get(name)!, expected, { rtol: 1e-3, atol: 1e-3 * expected.maxAbs });
      }
      const weights = extractor.toWeights();
      for (const [name, expected] of Object.entries(goldenCase.runningStatistics)) {
        expectSummary(weights.get(name)!, expected, OUTPUT_TOLERANCE);
      }
      x.dispose();
      extractor.dispose();
    });
  });
}
