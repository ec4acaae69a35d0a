import { memory, setBackend, tidy } from '@tensorflow/tfjs-core';
import {
  expectSummary,
  expectTensor,
  formulaExtractor,
  formulaInput,
  golden,
  OUTPUT_TOLERANCE,
  probeGradients,
} from './parity-support';

/** Outputs at every depth, running statistics and gradients against timm and PyTorch. */
export function describeParity(backend: string): void {
  describe(`against timm and PyTorch on the ${backend} backend`, () => {
    beforeAll(() => setBackend(backend));

    describe.each(['small', 'odd'] as const)('%s input', (caseName) => {
      const goldenCase = golden.cases[caseName];

      it('gives the outputs of evaluation at every depth', () => {
        const extractor = formulaExtractor(goldenCase);
        tidy(() => {
          const x = formulaInput(goldenCase);
          const expected = goldenCase.evaluation;
          const { stem, stages, head } = extractor.forwardStages(x, { training: false });
          expectTensor(stem, expected.stem!, OUTPUT_TOLERANCE);
          stages.forEach((stage, i) => {
            expectTensor(stage, expected[`stage${i}`]!, OUTPUT_TOLERANCE);
          });
          expectTensor(head, expected.head!, OUTPUT_TOLERANCE);
          expectTensor(extractor.features(x), expected.features!, OUTPUT_TOLERANCE);
          expectTensor(extractor.embed(x), expected.embedding!, OUTPUT_TOLERANCE);
          const { embedding, typeLogits, idLogits } = extractor.forward(x, { training: false });
          expectTensor(embedding, expected.embedding!, OUTPUT_TOLERANCE);
          expectTensor(typeLogits, expected.typeLogits!, OUTPUT_TOLERANCE);
          expectTensor(idLogits!, expected.idLogits!, OUTPUT_TOLERANCE);
        });
        extractor.dispose();
      });

      it('gives the outputs of training and moves the running statistics as PyTorch does', () => {
        const extractor = formulaExtractor(goldenCase);
        tidy(() => {
          const expected = goldenCase.training;
          const { embedding, typeLogits, idLogits } = extractor.forward(formulaInput(goldenCase), {
            training: true,
          });
          expectTensor(embedding, expected.embedding!, OUTPUT_TOLERANCE);
          expectTensor(typeLogits, expected.typeLogits!, OUTPUT_TOLERANCE);
          expectTensor(idLogits!, expected.idLogits!, OUTPUT_TOLERANCE);
        });
        const weights = extractor.toWeights();
        for (const [name, expected] of Object.entries(goldenCase.runningStatistics)) {
          expectSummary(weights.get(name)!, expected, OUTPUT_TOLERANCE);
        }
        extractor.dispose();
      });
    });

    it('gives the outputs of training at every depth', () => {
      const extractor = formulaExtractor(golden.cases.small);
      tidy(() => {
        const expected = golden.cases.small.training;
        const x = formulaInput(golden.cases.small);
        const { stem, stages, head } = extractor.forwardStages(x, { training: true });
        expectTensor(stem, expected.stem!, OUTPUT_TOLERANCE);
        stages.forEach((stage, i) => {
          expectTensor(stage, expected[`stage${i}`]!, OUTPUT_TOLERANCE);
        });
        expectTensor(head, expected.head!, OUTPUT_TOLERANCE);
      });
      extractor.dispose();
    });

    it("gives PyTorch's gradients", () => {
      const goldenCase = golden.cases.small;
      const extractor = formulaExtractor(goldenCase);
      const x = formulaInput(goldenCase);
      const nTensors = memory().numTensors;
      const gradients = probeGradients(extractor, x);
      expect(memory().numTensors).toBe(nTensors);
      expect(gradients.size).toBe(extractor.variables.length);
      for (const [name, expected] of Object.entries(goldenCase.gradients)) {
        // Sums over cancelling terms: an element's error follows the tensor's scale, not its own.
        expectSummary(gradients.get(name)!, expected, { rtol: 1e-3, atol: 1e-3 * expected.maxAbs });
      }
      x.dispose();
      extractor.dispose();
    });
  });
}
