// tfjs-node beside wasm, in turns: a training step on 224 x 126 (preset `paper`, batch of 16) and the score of a 10 s
// clip; medians of the time that passes and of the processor time of all threads.
// Run: SERIAL_OE_TFJS_NODE=FOLDER npm run bench:tfjs-node (build first)
import '@tensorflow/tfjs-backend-wasm';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import { type TrainingProgress, trainSerialOe, useBackend } from '@serial-oe/serial-oe';
import { enableRelaxedSimd } from '@serial-oe/wasm-kernels/node';

const BACKENDS = ['wasm', 'tensorflow'] as const;
const N_TURNS = 3;
const N_STEPS = 3;
const N_SCORES = 5;
const BATCH_SIZE = 16;

interface Times {
  wall: number[];
  cpu: number[];
}

process.env.TF_CPP_MIN_LOG_LEVEL = '1';
enableRelaxedSimd();
createRequire(join(resolve(process.env.SERIAL_OE_TFJS_NODE ?? '.'), 'package.json'))('@tensorflow/tfjs-node');

const clips = synthesizeMachineSounds({ machineTypes: ['fan', 'pump'], nIds: 2, nTrain: 4, nTest: 1 });
const { waveform, sampleRate, machineId } = clips.find(
  ({ split }) => split === 'test',
) as (typeof clips)[number];

const empty = (): Times => ({ wall: [], cpu: [] });
const training = { wasm: empty(), tensorflow: empty() };
const scoring = { wasm: empty(), tensorflow: empty() };

for (let turn = 0; turn < N_TURNS; turn++) {
  for (const backend of BACKENDS) {
    await useBackend(backend);
    const model = await train(backend);
    model.score(waveform, { machineId, sampleRate }); // warm up
    for (let i = 0; i < N_SCORES; i++) {
      const stop = start(scoring[backend]);
      model.score(waveform, { machineId, sampleRate });
      stop();
    }
    model.dispose();
  }
}

console.log('            training step, ms a sample    scoring, ms a clip    (medians: passed / processor)');
for (const backend of BACKENDS) {
  const step = `${median(training[backend].wall, BATCH_SIZE)} / ${median(training[backend].cpu, BATCH_SIZE)}`;
  const score = `${median(scoring[backend].wall)} / ${median(scoring[backend].cpu)}`;
  console.log(`${backend.padEnd(11)} ${step.padStart(26)} ${score.padStart(21)}`);
}

async function train(backend: (typeof BACKENDS)[number]) {
  let stop: (() => void) | undefined;
  return trainSerialOe({
    dataset: { clips },
    machineType: 'fan',
    preset: 'paper',
    backend,
    config: {
      batch: { nNormal: BATCH_SIZE / 2, nOutliers: BATCH_SIZE / 2 },
      optimization: { nEpochs: N_STEPS + 1 },
    },
    onProgress: ({ kind }: TrainingProgress) => {
      if (kind !== 'step') return;
      stop?.(); // the first step warms up
      stop = start(training[backend]);
    },
  });
}

function start(times: Times): () => void {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  return () => {
    times.wall.push(performance.now() - wall);
    const { user, system } = process.cpuUsage(cpu);
    times.cpu.push((user + system) / 1000);
  };
}

function median(values: readonly number[], divisor = 1): string {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor(sorted.length / 2)] as number) / divisor).toFixed(0);
}
