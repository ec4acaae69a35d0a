import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { OneClassSvm, type OneClassSvmOptions } from '../src/index';
import { DETECTORS, flatMatrix, goldenData } from './fixtures';
import golden from './golden/detectors.json';

/** scikit-learn's solver keeps the kernel in float32, which moves its solutions by so much. */
const FLOAT32_KERNEL = { rtol: 2e-6, atol: 2e-6 };

describe.each(Object.keys(golden.data))('equals scikit-learn, data %s', (data) => {
  const { train, test } = goldenData(data);
  const ofData = <Case extends { data: string }>(cases: Case[]) =>
    cases.filter((one) => one.data === data) as [Case, ...Case[]];

  it.each(ofData(golden.closedForm))('$detector $options', ({ detector, options, scores }) => {
    const fitted = new DETECTORS[detector]!(options).fit(flatMatrix(train));
    expectAllClose(fitted.scoreSamples(test), scores, golden.tolerance);
  });

  describe.each(ofData(golden.oneClassSvm))(
    'OneClassSvm $options',
    ({ options, optimum, tight, ...loose }) => {
      const fit = (tol?: number) => new OneClassSvm({ ...(options as OneClassSvmOptions), tol }).fit(train);

      it('finds the optimum of the dual', () => {
        const svm = fit(1e-12);
        expect(svm.converged).toBe(true);
        expectAllClose(svm.scoreSamples(test), optimum.scores, golden.tolerance);
        expectAllClose(svm.offset, optimum.offset, golden.tolerance);
      });

      it('with tol 1e-9 on both sides', () => {
        const svm = fit(1e-9);
        expectAllClose(svm.scoreSamples(test), tight.scores, FLOAT32_KERNEL);
        const decisions = tight.scores.map((score) => score - tight.offset);
        expectAllClose(svm.decisionFunction(test), decisions, FLOAT32_KERNEL);
      });

      it('with the default tol', () => {
        const svm = fit();
        expectAllClose(svm.scoreSamples(test), loose.scores, { rtol: 1e-3, atol: 1e-3 });
        expectAllClose(svm.offset, loose.offset, { rtol: 1e-3, atol: 1e-3 });
      });
    },
  );
});
