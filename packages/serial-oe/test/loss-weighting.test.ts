import '@tensorflow/tfjs-backend-cpu';
import { outlierExposureLossParts, weightedSum } from '@serial-oe/losses-mixup';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { setBackend, tensor1d, tensor2d, tidy, variable, variableGrads } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { resolveConfig } from '../src';
import type { LossConfig } from '../src/config/config';
import { createIdLoss } from '../src/training/id-loss';
import { idNormalization, wholeBatch } from '../src/training/loss-weighting';
import type { PreparedBatch } from '../src/training/prepare-batch';
import { shardBatch } from '../src/training/shard-batch';

const N_IDS = 3;
const N_LOGITS = 1 + N_IDS;

beforeAll(async () => {
  await setBackend('cpu');
});

/** A batch whose "spectrogram" of a sample is its type logit and its ID logits: no layer mixes the samples. */
function batchOf(values: readonly number[], isMixed = true): PreparedBatch {
  const nSamples = values.length;
  const y = Float32Array.from(values, (value, i) => (i < nSamples / 2 ? Math.abs(Math.sin(value)) : 0));
  const targets = new Float32Array(nSamples * N_IDS);
  y.forEach((share, i) => {
    targets[i * N_IDS + (i % N_IDS)] = share;
  });
  const logits = values.flatMap((value) =>
    Array.from({ length: N_LOGITS }, (_, c) => 3 * Math.sin(value + c)),
  );
  return { spectrograms: Float32Array.from(logits), y, targets, isMixed };
}

interface Differentiated {
  loss: number;
  /** By the type logit and the ID logits, one row a sample. */
  gradients: number[][];
}

function differentiate(part: PreparedBatch, loss: LossConfig): Differentiated {
  const { spectrograms, y, targets, isMixed, weights = wholeBatch(part, loss) } = part;
  const rows = Array.from(y, (_, i) => Array.from(spectrograms.slice(i * N_LOGITS, (i + 1) * N_LOGITS)));
  const idLoss = createIdLoss(loss.idLoss, { nMachineIds: N_IDS, embeddingSize: N_IDS, random: lcg() });
  const typeLogits = variable(tensor1d(rows.map(([logit]) => logit!)));
  const idLogits = variable(tensor2d(rows.map((row) => row.slice(1))));
  const result = tidy(() => {
    const { value, grads } = variableGrads(() => {
      const terms = outlierExposureLossParts(
        { typeLogits, idLogits, y: tensor1d(y), targets: tensor2d(targets!, [y.length, N_IDS]) },
        {
          alpha: loss.alpha,
          normalization: idNormalization(loss, { isMixed }),
          ...(idLoss.loss && { idLoss: idLoss.loss({ training: false }) }),
        },
      );
      return weightedSum([terms.typeLoss!, terms.idLoss!], [weights.type, loss.alpha * weights.id]);
    }, [typeLogits, idLogits]);
    const type = grads[typeLogits.name]!.arraySync() as number[];
    const id = grads[idLogits.name]!.arraySync() as number[][];
    return { loss: value.dataSync()[0]!, gradients: type.map((dType, i) => [dType, ...id[i]!]) };
  });
  idLoss.dispose();
  typeLogits.dispose();
  idLogits.dispose();
  return result;
}

function lcg(): () => number {
  let state = 7;
  return () => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state / 2 ** 31;
  };
}

describe.each(['bce', 'crossEntropy', 'arcFace', 'subClusterAdaCos'] as const)(
  'with the ID loss %s',
  (idLoss) => {
    it('the mean over the parts is loss and gradient of the whole batch', () => {
      // Steps of 0.01: a batch with a sum of labels below 1e-30 has no ID loss, and no place in practice.
      const value = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 100);
      const values = fc.array(value, { minLength: 4, maxLength: 12 });
      const normalization = fc.constantFrom('normals', 'all', 'reference', 'printed', 'text' as const);
      fc.assert(
        fc.property(
          values,
          fc.integer({ min: 1, max: 4 }),
          normalization,
          fc.boolean(),
          (v, n, norm, isMixed) => {
            const loss: LossConfig = { ...resolveConfig('paper').loss, idLoss, normalization: norm };
            const batch = batchOf(v, isMixed);
            const [whole] = shardBatch(batch, 1, loss);
            const expected = differentiate(whole!, loss);
            const parts = shardBatch(batch, n, loss).map((part) => differentiate(part, loss));
            const mean = parts.reduce((sum, part) => sum + part.loss, 0) / n;
            expectAllClose([mean], [expected.loss], { rtol: 1e-5, atol: 1e-6 });
            const gradients = v.map((_, i) => parts[i % n]!.gradients[Math.floor(i / n)]!.map((g) => g / n));
            expectAllClose(gradients.flat(), expected.gradients.flat(), { rtol: 1e-4, atol: 1e-6 });
          },
        ),
        { numRuns: 40 },
      );
    });
  },
);

it('an unweighted mean over the parts is another loss where normal sound is spread unevenly', () => {
  const { loss } = resolveConfig('paper');
  const batch = batchOf([1.5, 0.1, 1.4, 0.2, 1, 2, 3, 4]);
  const parts = shardBatch(batch, 2, loss);
  const [whole] = shardBatch(batch, 1, loss);
  const plain = parts.map((part) => differentiate({ ...part, weights: { type: 1, id: 1 } }, loss).loss);
  const mean = (plain[0]! + plain[1]!) / 2;
  expect(Math.abs(mean - differentiate(whole!, loss).loss)).toBeGreaterThan(1e-2);
});

it('deals parts of parts as it deals them at once, weights included', () => {
  const { loss } = resolveConfig('paper');
  const batch = batchOf(Array.from({ length: 24 }, (_, i) => i * 0.7));
  const atOnce = shardBatch(batch, 6, loss);
  const nested = shardBatch(batch, 2, loss).map((share) => shardBatch(share, 3, loss));
  for (const [p, part] of atOnce.entries()) {
    const other = nested[p % 2]![Math.floor(p / 2)]!;
    expect(other.y).toEqual(part.y);
    expect(other.spectrograms).toEqual(part.spectrograms);
    expectAllClose([other.weights!.type, other.weights!.id], [part.weights!.type, part.weights!.id], {
      rtol: 1e-12,
      atol: 0,
    });
  }
});

it('of the printed Eq. 3 keeps a part without any normal sound in its sum', () => {
  const loss: LossConfig = { ...resolveConfig('paper').loss, normalization: 'printed' };
  const batch = batchOf([1, 2, 3, 4]);
  batch.y[1] = 0; // the second of two parts holds samples 1 and 3, outliers both
  batch.targets!.fill(0, N_IDS, 2 * N_IDS);
  const parts = shardBatch(batch, 2, loss).map((part) => differentiate(part, loss));
  const rows = Array.from(batch.y, (_, i) =>
    Array.from(batch.spectrograms.slice(i * N_LOGITS, (i + 1) * N_LOGITS)),
  );
  const whole = tidy(() => {
    const { loss: value } = outlierExposureLossParts(
      {
        typeLogits: tensor1d(rows.map(([logit]) => logit!)),
        idLogits: tensor2d(rows.map((row) => row.slice(1))),
        y: tensor1d(batch.y),
        targets: tensor2d(batch.targets!, [4, N_IDS]),
      },
      { normalization: 'printed' },
    );
    return value.dataSync()[0]!;
  });
  expectAllClose([(parts[0]!.loss + parts[1]!.loss) / 2], [whole], { rtol: 1e-5, atol: 0 });
  expect(parts[1]!.gradients.flat().every((gradient) => gradient !== 0)).toBe(true);
});

it('counts nothing twice where a batch holds no normal sound at all', () => {
  const { loss } = resolveConfig('paper');
  const batch = { ...batchOf([1, 2, 3, 4]), y: new Float32Array(4), targets: new Float32Array(4 * N_IDS) };
  for (const { weights } of shardBatch(batch, 2, loss)) expect(weights).toEqual({ type: 1, id: 1 });
});
