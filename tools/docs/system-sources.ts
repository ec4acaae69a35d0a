// Where the values of the preset `paper` come from, by the path of the field; the longest path that fits counts.

type Sources = Readonly<Record<string, string>>;

const HERE = 'this repository';
const CODE = "the authors' published code";
const PAPER = 'the paper';

const COMMON: Sources = {
  seed: HERE,
  'frontEnd.sampleRate': 'DCASE2020 Task 2',
  clipSeconds: 'the clips of DCASE2020 Task 2 are 10 s long',
  'batch.microBatchSize': HERE,
  calibration: HERE,
  decision: HERE,
};

const ARCFACE: Sources = {
  ...COMMON,
  frontEnd: CODE,
  network: CODE,
  loss: `${PAPER} and ${CODE}`,
  batch: CODE,
  optimization: CODE,
  schedule: CODE,
  score: CODE,
};

const SERIAL_OE_COMPARISON = "the Serial-OE paper's comparison";

/** By system, for those whose configuration `serial-oe config --system NAME` shows. */
export const SOURCES: Readonly<Record<string, Sources>> = {
  autoencoder: {
    ...COMMON,
    frontEnd: 'the baseline of DCASE2020',
    network: 'the baseline of DCASE2020',
    batch: 'the baseline of DCASE2020',
    'batch.windowsPerClip': 'all of a clip of 10 s',
    optimization: 'the baseline of DCASE2020',
    'optimization.weightDecay': 'Adam has none',
    score: 'the baselines of DCASE2020 and 2023',
  },
  'stgram-mfn': {
    ...ARCFACE,
    'network.table': `${CODE} today; 'paper' is that of the paper`,
    'optimization.weightDecay': 'Adam has none',
  },
  'noisy-arcmix': { ...ARCFACE, 'optimization.weightDecay': "PyTorch's AdamW", validation: CODE },
  scadacos: {
    ...COMMON,
    frontEnd: "facts about the author's code",
    network: "facts about the author's code",
    loss: PAPER,
    'loss.nSubClusters': SERIAL_OE_COMPARISON,
    'loss.l2': "facts about the author's code",
    batch: "facts about the author's code",
    optimization: "facts about the author's code: Keras' Adam, four times 100 epochs",
    score: "facts about the author's code",
    'score.nComponents': SERIAL_OE_COMPARISON,
  },
  'clp-scf': {
    ...ARCFACE,
    'network.nProjected': `${HERE}: the size of the feature`,
    contrastive: CODE,
  },
  'sw-wavenet': {
    ...ARCFACE,
    'optimization.nEpochs': "the config.yaml of the authors' code; its other files say 200",
    'optimization.weightDecay': 'Adam has none',
  },
  ssc: {
    ...COMMON,
    frontEnd: 'the MobileNetV2 baseline of DCASE2021',
    network: 'the MobileNetV2 baseline of DCASE2021',
    'network.batchNormMomentum': "Keras' MobileNetV2",
    augmentation: HERE,
    batch: 'the MobileNetV2 baseline of DCASE2021',
    'batch.windowsPerClip': 'all images of a clip of 10 s',
    optimization: 'the MobileNetV2 baseline of DCASE2021',
    'optimization.weightDecay': 'Adam has none',
  },
  'ddcsad-style': {
    ...COMMON,
    frontEnd: HERE,
    network: HERE,
    'network.nFrames': 'known from later work of the authors',
    loss: HERE,
    batch: HERE,
    optimization: HERE,
    'score.nWindows': 'known from later work of the authors',
  },
};

/** Where the published value of a field comes from. @throws Error for a field that nothing accounts for */
export function sourceOf(system: string, path: string): string {
  const sources = SOURCES[system] ?? {};
  const parts = path.split('.');
  for (let n = parts.length; n > 0; n--) {
    const source = sources[parts.slice(0, n).join('.')];
    if (source !== undefined) return source;
  }
  throw new Error(`tools/docs/system-sources.ts: say where ${path} of ${system} comes from.`);
}
