import { rocPlot, scoreHistogram, spectrogramPlot } from '../src/charts';
import type { ReportFigure } from '../src/index';
import { htmlReport, spectrogramImage, tsne } from '../src/index';

/** Runs a call `nRuns` times and prints the median time. */
function bench(name: string, nRuns: number, call: () => { length: number }): void {
  const times: number[] = [];
  let length = 0;
  for (let run = 0; run < nRuns; run++) {
    const start = performance.now();
    length = call().length;
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(52)} ${times[nRuns >> 1]!.toFixed(1).padStart(9)} ms   length ${length}`);
}

/** The golden-ratio sequence: uniform enough and the same each time. */
function evenRandom(): () => number {
  let i = 0;
  return () => (i++ * 0.618033988749895) % 1;
}

for (const nRows of [250, 1000, 2000]) {
  const nCols = 128;
  const data = Float32Array.from({ length: nRows * nCols }, (_, i) => {
    const row = Math.floor(i / nCols);
    return Math.sin((row % 7) * 3 + (i % nCols)) + 0.5 * Math.sin(i * 12.9898);
  });
  const embeddings = { data, nRows, nCols };
  bench(
    `tsne, ${nRows} x ${nCols}, perplexity 40, 1000 steps`,
    nRows > 1000 ? 1 : 3,
    () => tsne(embeddings, { perplexity: 40, random: evenRandom() }).data,
  );
}

const rates = Array.from({ length: 400 }, (_, i) => i / 399);
const curves = Array.from({ length: 7 }, (_, id) => ({
  label: `id_0${id}`,
  fpr: rates,
  tpr: rates.map((rate) => rate ** (1 / (id + 2))),
  auc: 1 - 1 / (id + 3),
}));
const scores = {
  normal: rates.map(Math.sin),
  anomalous: rates.map((rate) => 1 + Math.cos(9 * rate)),
  threshold: 0.9,
};
const clip = {
  data: Float32Array.from({ length: 224 * 626 }, (_, i) => Math.exp(3 * Math.sin(i * 12.9898))),
  nMels: 224,
  nFrames: 626,
};
const axes = { sampleRate: 16000, hopLength: 256, fMin: 50, fMax: 7800 };

bench('rocPlot, 7 curves of 400 points', 9, () => rocPlot(curves));
bench('scoreHistogram, 2 x 400 scores', 9, () => scoreHistogram(scores));
bench('spectrogramImage, 224 x 626', 9, () => spectrogramImage(clip));
bench('spectrogramPlot, 224 x 626', 9, () => spectrogramPlot(clip, axes));

const figures: ReportFigure[] = [
  { svg: rocPlot(curves), caption: 'ROC' },
  ...curves.map(() => ({ svg: scoreHistogram(scores) })),
  ...[1, 2, 3, 4].map((rank) => ({ svg: spectrogramPlot(clip, axes), caption: `Clip ${rank}` })),
];
const columns = ['ID', 'AUC', 'pAUC', 'aAUC'].map((header) => ({ header, digits: 4 }));
const rows = Array.from({ length: 1000 }, (_, i) => [`clip ${i}`, i / 1000, i / 2000, i / 3000]);
const sections = [{ heading: 'Results', tables: [{ columns, rows }], figures }];
bench('htmlReport, 12 figures and 1000 table rows', 9, () => htmlReport({ title: 'Report', sections }));
