import {
  createExtractor,
  type ExtractorOps,
  parseSafetensors,
  serializeSafetensors,
  type WeightMap,
} from '@serial-oe/efficientnet-extractor';
import { outlierExposureLoss } from '@serial-oe/losses-mixup';
import { AdamW } from '@serial-oe/optimizers';
import { formulaValues, formulaWeight } from '@serial-oe/tooling/test-support/formula-values';
import { createWasmAdamWUpdate } from '@serial-oe/wasm-kernels';
import {
  dispose,
  type NamedTensorMap,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor,
  variableGrads,
} from '@tensorflow/tfjs-core';
import type { Job, JobFiles, TrainingAnswer } from './job';

const N_STEPS = 2;
/** With fewer, the BatchNorms of the last stages, which see one pixel a sample, magnify rounding. */
const BATCH_SIZE = 8;
const N_MACHINE_IDS = 2;
const INPUT_SHAPE: [number, number] = [32, 17];

/**
 * Gradients that are zero but for rounding (of biases before a BatchNorm) are measured by this share of the largest
 * value of all gradients instead of their own.
 */
const SMALLEST_SCALE = 1e-3;

/**
 * Updates of a whole EfficientNet-B0 on a small spectrogram, from formula weights, with loss and optimizer of the
 * training. Gradients are compared at the first update, and losses at each: those of the later ones depend on all updates
 * before them.
 */
export async function trainingSteps(
  training: NonNullable<Job['training']>,
  { ops, files }: { ops: ExtractorOps | undefined; files: JobFiles },
): Promise<TrainingAnswer> {
  const extractor = createExtractor({
    nMachineIds: N_MACHINE_IDS,
    inputShape: INPUT_SHAPE,
    dropoutRate: 0,
    ...(ops && { ops }),
  });
  extractor.loadWeights(
    new Map(
      [...(await extractor.toWeightsAsync())].map(
        ([name, { shape }]) => [name, { shape, data: formulaWeight(name, shape) }] as const,
      ),
    ),
  );
  const updateKernel = ops?.name.startsWith('wasm-') ? await createWasmAdamWUpdate() : undefined;
  const optimizer = new AdamW({ learningRate: 1e-4, ...(updateKernel && { updateKernel }) });
  const batch = formulaBatch();
  const answer: TrainingAnswer = { losses: [], ms: [], gradientDifference: null };
  for (let step = 0; step < N_STEPS; step++) {
    const startedAt = performance.now();
    const { value, grads } = variableGrads(() => {
      const { typeLogits, idLogits } = extractor.forward(batch.x, { training: true });
      const { y, targets } = batch;
      return outlierExposureLoss({ typeLogits, idLogits, y, targets }, { alpha: 10, normalization: 'all' });
    }, extractor.variables);
    optimizer.applyGradients(grads);
    answer.losses.push((await value.data())[0] as number);
    answer.ms.push(performance.now() - startedAt);
    if (step === 0) {
      const gradients = await toArrays(grads);
      if ('write' in training) await files.write(training.write, serializeSafetensors(gradients));
      else
        answer.gradientDifference = largestDifference(
          gradients,
          parseSafetensors(await files.read(training.compare)) as unknown as WeightMap,
        );
    }
    value.dispose();
    dispose(grads);
  }
  optimizer.dispose();
  extractor.dispose();
  dispose([batch.x, batch.y, batch.targets]);
  return answer;
}

function formulaBatch(): { x: Tensor4D; y: Tensor1D; targets: Tensor2D } {
  const [nMels, nFrames] = INPUT_SHAPE;
  const x = Float32Array.from(formulaValues('spectrograms', BATCH_SIZE * nMels * nFrames));
  // Mixtures of normal sounds of both machines and of outliers.
  const y = [0.8, 1, 0.3, 0, 0.8, 1, 0.3, 0];
  const targets = [0.8, 0, 0, 1, 0.1, 0.2, 0, 0, 0.8, 0, 0, 1, 0.1, 0.2, 0, 0];
  return {
    x: tensor(x, [BATCH_SIZE, nMels, nFrames, 1], 'float32') as Tensor4D,
    y: tensor(y, [BATCH_SIZE], 'float32') as Tensor1D,
    targets: tensor(targets, [BATCH_SIZE, N_MACHINE_IDS], 'float32') as Tensor2D,
  };
}

/** By the names of the variables without their prefix, which counts extractors. */
async function toArrays(
  grads: NamedTensorMap,
): Promise<Map<string, { shape: number[]; data: Float32Array }>> {
  const arrays = new Map<string, { shape: number[]; data: Float32Array }>();
  for (const [name, gradient] of Object.entries(grads)) {
    arrays.set(name.slice(name.indexOf('/') + 1), {
      shape: gradient.shape,
      data: (await gradient.data()) as Float32Array,
    });
  }
  return arrays;
}

function largestDifference(actual: WeightMap, expected: WeightMap): number {
  const scaleOf = ({ data }: { data: Float32Array }) =>
    data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const smallest = SMALLEST_SCALE * Math.max(...[...expected.values()].map(scaleOf));
  if (actual.size !== expected.size) {
    throw new Error(`tools/backends: ${expected.size} gradients are expected, got ${actual.size}.`);
  }
  let worst = 0;
  for (const [name, reference] of expected) {
    const gradient = actual.get(name);
    if (gradient?.data.length !== reference.data.length) {
      throw new Error(`tools/backends: the gradient of ${name} is missing or of another size.`);
    }
    const scale = Math.max(scaleOf(reference), smallest);
    for (let i = 0; i < reference.data.length; i++) {
      const difference = Math.abs((gradient.data[i] as number) - (reference.data[i] as number)) / scale;
      if (!(difference <= worst)) worst = difference; // NaN too
    }
  }
  return worst;
}
