/** Bytes: minified by esbuild, and that gzipped. */
export interface SizeBudget {
  minified: number;
  gzipped: number;
}

/**
 * What each package may weigh in an app for browsers: its main entry, all that it exports, with all packages that it needs but the
 * peers (tfjs, ONNX runtimes, ECharts). A tenth or so above what it was when the line was written: room for a repair, not for a
 * library. A package that nobody loads in a page says 'Node only'.
 */
export const PACKAGE_BUDGETS: Readonly<Record<string, SizeBudget | 'Node only'>> = {
  aggregator: { minified: 2_000, gzipped: 900 },
  'audio-features': { minified: 72_500, gzipped: 28_000 },
  baselines: { minified: 535_000, gzipped: 176_000 }, // kernels of wasm-kernels, and with them the networks of the compared systems
  cli: 'Node only',
  datasets: { minified: 103_000, gzipped: 38_500 },
  decision: { minified: 32_000, gzipped: 11_900 },
  detectors: { minified: 32_500, gzipped: 12_200 },
  'efficientnet-extractor': { minified: 56_000, gzipped: 21_400 },
  evaluation: { minified: 21_500, gzipped: 8_500 },
  experiments: 'Node only',
  explain: { minified: 72_000, gzipped: 28_600 },
  foundation: { minified: 19_000, gzipped: 8_100 },
  gmm: { minified: 42_500, gzipped: 16_300 },
  'losses-mixup': { minified: 24_500, gzipped: 8_900 },
  monitor: { minified: 90_000, gzipped: 35_000 },
  onnx: { minified: 22_500, gzipped: 8_600 },
  optimizers: { minified: 14_000, gzipped: 5_300 },
  report: { minified: 42_000, gzipped: 18_000 },
  runtime: { minified: 290_000, gzipped: 86_000 }, // nearly all of it are the kernels of wasm-kernels
  safetensors: { minified: 11_800, gzipped: 4_900 },
  'serial-oe': { minified: 585_000, gzipped: 190_000 },
  training: { minified: 38_000, gzipped: 15_000 },
  'wasm-kernels': { minified: 252_000, gzipped: 70_500 },
};

/** The same for further entries, all that each exports; those of the name `node`, and below it, are for Node. */
export const ENTRY_BUDGETS: Readonly<Record<string, SizeBudget | 'Node only'>> = {
  'baselines/networks': { minified: 42_500, gzipped: 15_800 },
  'efficientnet-extractor/layers': { minified: 19_600, gzipped: 8_200 },
  'monitor/config': { minified: 128_000, gzipped: 41_500 },
  'monitor/mqtt': { minified: 11_000, gzipped: 4_800 },
  'monitor/nats': 'Node only',
  'monitor/prometheus': 'Node only',
  'report/charts': { minified: 52_500, gzipped: 21_800 },
  'runtime/contract': { minified: 133_000, gzipped: 53_000 },
  'serial-oe/config': { minified: 31_000, gzipped: 11_500 },
};

/** What an app imports may weigh by itself, once a bundler has left out what it does not use. */
export const IMPORT_BUDGETS: Readonly<Record<string, SizeBudget>> = {
  "import { createStgramNetwork } from '@serial-oe/baselines/networks'": {
    minified: 30_000,
    gzipped: 11_600,
  },
  "import { tsne } from '@serial-oe/report'": { minified: 40_000, gzipped: 15_000 },
  "import { htmlReport } from '@serial-oe/report'": { minified: 40_000, gzipped: 15_000 },
  "import { loadSerialOe } from '@serial-oe/serial-oe'": { minified: 590_000, gzipped: 186_000 }, // what a page that scores needs; a model can be tuned further
  "import { rocPlot } from '@serial-oe/report/charts'": { minified: 40_000, gzipped: 17_000 },
};

/** Packages that start processes or read folders at once. */
export const NODE_ONLY: readonly string[] = Object.keys(PACKAGE_BUDGETS).filter(
  (folder) => PACKAGE_BUDGETS[folder] === 'Node only',
);
