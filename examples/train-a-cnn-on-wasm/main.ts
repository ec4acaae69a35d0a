// An ordinary convolutional network of tfjs layers that learns digits on the WASM backend. Nothing in it knows of this
// project; what makes it train are one import and one call.
// npm start -w examples/train-a-cnn-on-wasm
import { registerWasmTrainingKernels } from '@serial-oe/wasm-kernels';
import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { type Digits, drawDigits, IMAGE_SIZE, N_CLASSES } from './digits';

const [N_TRAIN, N_TEST, N_EPOCHS, BATCH_SIZE] = [1600, 500, 6, 32];

/** A dense, a depthwise and two separable convolutions; channel counts need not be round. */
function createModel(): tf.Sequential {
  let seed = 1;
  const initializer = () => tf.initializers.heUniform({ seed: seed++ });
  const separable = (filters: number, strides: number) =>
    tf.layers.separableConv2d({
      ...{ filters, strides, kernelSize: 3, padding: 'same', activation: 'relu' },
      depthwiseInitializer: initializer(),
      pointwiseInitializer: initializer(),
    });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [IMAGE_SIZE, IMAGE_SIZE, 1],
        ...{ filters: 10, kernelSize: 5, padding: 'same', activation: 'relu' },
        kernelInitializer: initializer(),
      }),
      tf.layers.depthwiseConv2d({
        ...{ kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' },
        depthwiseInitializer: initializer(),
      }),
      separable(32, 1),
      separable(50, 2),
      tf.layers.flatten(),
      tf.layers.dense({ units: N_CLASSES, activation: 'softmax', kernelInitializer: initializer() }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.005), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

function toTensors({ pixels, labels }: Digits): { x: tf.Tensor4D; y: tf.Tensor2D } {
  return {
    x: tf.tensor4d(pixels, [labels.length, IMAGE_SIZE, IMAGE_SIZE, 1]),
    y: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), N_CLASSES) as tf.Tensor2D),
  };
}

/** Median time of an update on the active backend, after one to warm up, ms. */
async function timeOfStep(nSteps: number): Promise<number> {
  const model = createModel();
  const { x, y } = toTensors(drawDigits(BATCH_SIZE, 3));
  const times: number[] = [];
  for (let step = 0; step <= nSteps; step++) {
    const start = performance.now();
    await model.trainOnBatch(x, y);
    times.push(performance.now() - start);
  }
  tf.dispose([x, y]);
  model.dispose();
  return times.slice(1).sort((a, b) => a - b)[nSteps >> 1]!;
}

enableRelaxedSimd(); // Node 20 needs it; Node 22 and browsers need no such call
await tf.setBackend('wasm');
try {
  await timeOfStep(1);
} catch (error) {
  console.log(`Without the kernels: ${(error as Error).message.split('\n')[0]}`);
}

await registerWasmTrainingKernels();
const train = toTensors(drawDigits(N_TRAIN, 1));
const test = toTensors(drawDigits(N_TEST, 2));
const model = createModel();
await model.fit(train.x, train.y, {
  epochs: N_EPOCHS,
  batchSize: BATCH_SIZE,
  shuffle: false, // tfjs shuffles by Math.random; the digits are in random order as they are
  verbose: 0,
  callbacks: {
    onEpochEnd: (epoch, logs) => {
      const { loss, acc } = logs as { loss: number; acc: number };
      console.log(`epoch ${epoch + 1}: loss ${loss.toFixed(3)}, accuracy ${acc.toFixed(3)}`);
    },
  },
});
const [testLoss, testAccuracy] = model.evaluate(test.x, test.y) as tf.Scalar[];
console.log(
  `unseen digits: loss ${testLoss!.dataSync()[0]!.toFixed(3)}, accuracy ${testAccuracy!.dataSync()[0]!.toFixed(3)}`,
);

const onWasm = await timeOfStep(10);
await tf.setBackend('cpu');
const onCpu = await timeOfStep(1);
console.log(
  `one update of ${BATCH_SIZE} digits: ${onWasm.toFixed(0)} ms on wasm, ${onCpu.toFixed(0)} ms on the cpu backend, ${(onCpu / onWasm).toFixed(0)} x`,
);
