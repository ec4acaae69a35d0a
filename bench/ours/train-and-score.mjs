// One training and its scores. Counterpart of bench/peers/train_and_score.py, which says what JOB and RESULT are:
// node train-and-score.mjs JOB RESULT
import { readFileSync, writeFileSync } from 'node:fs';
import { loadClip } from '@serial-oe/datasets/node';
import { trainSerialOe } from '@serial-oe/serial-oe';
import { ledoitWolfScorer, mixtureScorer, spreadOf } from './back-ends.mjs';
import { startWasm } from './wasm-backend.mjs';

const ALL = 'all';
const [jobFile, resultFile] = process.argv.slice(2);
const { config, machineType, clips } = JSON.parse(readFileSync(jobFile, 'utf8'));
const threads = Number(process.env.OMP_NUM_THREADS ?? 1);

await startWasm();
const clocks = [readClocks()];
let nSteps = 0;
let loss = null;
const model = await trainSerialOe({
  dataset: { clips },
  machineType,
  preset: config.preset,
  config,
  workers: threads,
  featureWorkers: 0,
  onProgress(event) {
    if (event.kind === 'step') nSteps = event.nDone;
    if (event.kind === 'epoch') loss = { typeLoss: event.typeLoss, idLoss: event.idLoss };
    if (event.kind === 'memoryPlan' && event.nMicroBatches > 1) {
      throw new Error(
        'bench: the batch must pass as a whole, as in the peer, and there is too little memory.',
      );
    }
  },
});
clocks.push(readClocks());
const scores = await scoreTestClips();
clocks.push(readClocks());
writeFileSync(resultFile, JSON.stringify({ nSteps, ...timesOf(clocks), loss, scores }));
process.exit(0); // the threads of a training with several stay

/** Seconds on the wall, and of processor time over all threads. */
function readClocks() {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now() / 1000, cpu: (user + system) / 1e6 };
}

function timesOf([start, trained, end]) {
  const between = (clock) => ({ train: trained[clock] - start[clock], score: end[clock] - trained[clock] });
  return { seconds: between('wall'), cpuSeconds: between('cpu') };
}

/** Back end -> the score of each test clip. */
async function scoreTestClips() {
  const isTarget = (split) => (clip) => clip.split === split && clip.machineType === machineType;
  const byMachine = new Map();
  for (const clip of clips.filter(isTarget('train'))) {
    byMachine.set(clip.machineId, [...(byMachine.get(clip.machineId) ?? []), await embed(clip)]);
  }
  const spread = spreadOf([...byMachine.values()]);
  const groups = config.useMachineIds ? byMachine : new Map([[ALL, [...byMachine.values()].flat()]]);
  const fitted = [...groups].map(([name, own]) => [
    name,
    { mixture: mixtureScorer(own, config), ledoitWolf: ledoitWolfScorer(own, spread) },
  ]);
  const scorers = new Map(fitted);
  const results = { mixture: [], ledoitWolf: [] };
  for (const clip of clips.filter(isTarget('test'))) {
    const embedded = await embed(clip);
    const scorer = scorers.get(config.useMachineIds ? clip.machineId : ALL);
    for (const backEnd of Object.keys(results)) results[backEnd].push(scorer[backEnd](embedded));
  }
  return results;
}

async function embed(clip) {
  const { waveform, sampleRate } = await loadClip(clip);
  return model.embed(waveform, { sampleRate });
}
