// A classical baseline, without any training of a network: each second of sound becomes its mean level in 32 mel bands, a Gaussian
// mixture a machine learns the normal ones, and what it finds unlikely is anomalous.
// npm start -w examples/detector-without-a-network
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { aggregate } from '@serial-oe/aggregator';
import { MelSpectrogram, splitChunks } from '@serial-oe/audio-features';
import { type SyntheticClip, seededRandom, synthesizeMachineSounds } from '@serial-oe/datasets';
import { type ClipResult, rocCurve, summarize } from '@serial-oe/evaluation';
import { GaussianMixture } from '@serial-oe/gmm';
import { htmlReport } from '@serial-oe/report';
import { type RocPlotCurve, rocPlot, scoreHistogram } from '@serial-oe/report/charts';

const MACHINE_TYPE = 'pump';
const CHUNKS = { chunkLength: 16_000, nChunks: 10 };

const mel = new MelSpectrogram({
  nFft: 1024,
  winLength: 1024,
  hopLength: 512,
  nMels: 32,
  power: 2,
  log: 'natural',
});

/** Mean over time of each band's log power, for each chunk: [nChunks, nMels]. */
function features(clip: SyntheticClip): number[][] {
  return splitChunks(clip.waveform, CHUNKS).map((chunk) => {
    const { data, nMels, nFrames } = mel.compute(chunk);
    return Array.from({ length: nMels }, (_, band) => {
      const row = data.subarray(band * nFrames, (band + 1) * nFrames);
      return row.reduce((sum, value) => sum + value, 0) / nFrames;
    });
  });
}

/** Fits the mixture of one machine to its training clips and scores its test clips. */
function scoreMachine(clips: SyntheticClip[], machineId: string): ClipResult[] {
  const ofMachine = clips.filter((clip) => clip.machineId === machineId);
  const train = ofMachine.filter(({ split }) => split === 'train').flatMap(features);
  const random = seededRandom(0, machineId);
  const mixture = new GaussianMixture({ nComponents: 2, covarianceType: 'diag', regCovar: 1e-3, random }).fit(
    train,
  );
  return ofMachine
    .filter(({ split }) => split === 'test')
    .map((clip) => {
      const chunkScores = mixture.scoreSamples(features(clip)).map((logLikelihood) => -logLikelihood);
      const { machineType, label } = clip;
      return { machineType, machineId, label, anomalyScore: aggregate(chunkScores) };
    });
}

const clips = synthesizeMachineSounds({
  machineTypes: [MACHINE_TYPE],
  nIds: 3,
  nTrain: 20,
  nTest: 10,
  seed: 0,
});
const machineIds = [...new Set(clips.map(({ machineId }) => machineId))];
const results = machineIds.flatMap((machineId) => scoreMachine(clips, machineId));
const { perId, perType } = summarize(results);

const scoresOf = (machineId: string, label: string): number[] =>
  results.filter((one) => one.machineId === machineId && one.label === label).map((one) => one.anomalyScore);
const curves: RocPlotCurve[] = perId.map(({ machineId, auc }) => {
  const ofMachine = results.filter((one) => one.machineId === machineId);
  const labels = ofMachine.map(({ label }) => label);
  const { fpr, tpr } = rocCurve(
    labels,
    ofMachine.map(({ anomalyScore }) => anomalyScore),
  );
  return { label: `${MACHINE_TYPE} ${machineId}`, fpr, tpr, auc: auc ?? undefined };
});

const columns = ['ID', 'AUC', 'pAUC'].map((header) => ({ header, digits: 3 }));
const rows = perId.map(({ machineId, auc, pAuc }) => [machineId, auc, pAuc]);
const histograms = machineIds.map((machineId) => ({
  caption: `${MACHINE_TYPE} ${machineId}`,
  svg: scoreHistogram({ normal: scoresOf(machineId, 'normal'), anomalous: scoresOf(machineId, 'anomaly') }),
}));
const path = resolve('output', 'report.html');
await mkdir('output', { recursive: true });
await writeFile(
  path,
  htmlReport({
    title: 'A detector without a network',
    sections: [
      { heading: 'Figures', tables: [{ columns, rows }], figures: [{ svg: rocPlot(curves) }] },
      { heading: 'Scores', figures: histograms },
    ],
  }),
);

for (const { machineId, auc, pAuc } of perId) {
  console.log(`${MACHINE_TYPE} ${machineId}: AUC ${auc?.toFixed(3)}, pAUC ${pAuc?.toFixed(3)}`);
}
console.log(`mean AUC ${perType[0]?.auc?.toFixed(3)}`);
console.log(`Wrote ${path}`);
