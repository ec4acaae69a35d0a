// Milliseconds of a 10 s clip from waveform to score, and of a training step a sample, presets `quick` and `paper`.
// Run: npm run bench (build first)
import '@tensorflow/tfjs-backend-wasm';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import { type PresetName, type TrainingProgress, trainSerialOe } from '@serial-oe/serial-oe';
import { registerWasmTrainingKernels } from '@serial-oe/wasm-kernels';

const N_RUNS = 5;
const N_STEPS = 4;

const clips = synthesizeMachineSounds({ machineTypes: ['fan', 'pump'], nIds: 2, nTrain: 4, nTest: 1 });
const { waveform, sampleRate, machineId } = clips.find(
  ({ split }) => split === 'test',
) as (typeof clips)[number];
await registerWasmTrainingKernels();

console.log('preset   training, ms a sample   scoring, ms a clip   (medians)');
for (const preset of ['quick', 'paper'] satisfies PresetName[]) {
  const times: number[] = [];
  const onProgress = (event: TrainingProgress) => {
    if (event.kind === 'step') times.push(performance.now());
  };
  const model = await trainSerialOe({
    dataset: { clips },
    machineType: 'fan',
    preset,
    backend: 'wasm',
    config: { batch: { nNormal: 8, nOutliers: 8 }, optimization: { nEpochs: N_STEPS + 1 } },
    onProgress,
  });
  const steps = times.slice(1).map((time, i) => time - (times[i] as number));
  const scoring = Array.from({ length: N_RUNS }, () => {
    const start = performance.now();
    model.score(waveform, { machineId, sampleRate });
    return performance.now() - start;
  });
  const cells = [median(steps) / 16, median(scoring)].map((ms) => ms.toFixed(1).padStart(20));
  console.log(`${preset.padEnd(6)} ${cells.join(' ')}`);
  model.dispose();
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
