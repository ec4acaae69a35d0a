import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  FINITE,
  FRACTION,
  type NumberRule,
  numberFrom,
  POSITIVE_COUNT,
  RATE,
  wholeNumber,
} from '@serial-oe/foundation';
import * as v from 'valibot';
import { field, flag, number, oneOf, titled, wordOr } from './schema-field';

/**
 * Each field of a configuration, once: what it takes (in code and in words), the paper's value (docs/method.md has the
 * sources), and what it is for. Types, checks, presets, `describeConfig` and the command's help come from here.
 */

const POWER_OF_TWO: NumberRule = {
  isValid: (x) => Number.isInteger(x) && x >= 2 && Number.isInteger(Math.log2(x)),
  rule: 'be a power of two of at least 2',
};

const ANGLE: NumberRule = {
  isValid: (x) => x >= 0 && x < Math.PI,
  rule: 'be a number of at least 0 and below pi',
};

const FRONT_END = v.strictObject({
  sampleRate: field(number(POSITIVE_COUNT), 16000, {
    help: 'Hz; recordings at another rate are resampled.',
    most: 1_000_000,
  }),
  chunkSeconds: field(number(ABOVE_ZERO), 2, { help: 'Length of a chunk, seconds.', most: 3600 }),
  nChunks: field(wordOr('auto', POSITIVE_COUNT), 'auto', {
    help: "Chunks a clip at inference; 'auto' is the paper's ceil(2 L / S) for a clip of L seconds and chunks of S.",
    most: 10_000,
  }),
  nFft: field(number(POWER_OF_TWO), 2048, {
    help: 'Length of the Fourier transform, samples.',
    most: 65_536,
  }),
  winLength: field(number(POSITIVE_COUNT, 'a whole number from 1 to frontEnd.nFft'), 2048, {
    help: 'Length of the window, samples.',
  }),
  furtherNFfts: field(
    titled(
      'a list of powers of two from 2 to 65536, at most 7',
      v.pipe(v.array(v.pipe(v.number(), v.check(POWER_OF_TWO.isValid), v.maxValue(65_536))), v.maxLength(7)),
    ),
    [],
    {
      help:
        'Further lengths of the Fourier transform (samples, windows as long): the mel spectrogram of each lies below the first as ' +
        'more rows of the image, so that the network hears what is short and what is close in frequency at once. The network ' +
        'takes as many times longer; [] (the paper) for one resolution.',
    },
  ),
  hopLength: field(number(POSITIVE_COUNT), 256, {
    help: 'From one window to the next, samples.',
    most: 1_000_000,
  }),
  nMels: field(number(POSITIVE_COUNT), 224, { help: 'Mel bands.', most: 4096 }),
  fMin: field(number(AT_LEAST_ZERO, 'a number of at least 0 and below frontEnd.fMax'), 50, {
    help: 'Lower end of the mel bands, Hz.',
  }),
  fMax: field(number(FINITE, 'a number of at most half of frontEnd.sampleRate'), 7800, {
    help: 'Upper end of the mel bands, Hz.',
  }),
  melScale: field(oneOf('htk', 'slaney', 'linear'), 'htk', {
    help: "How the bands are spaced: 'htk' (the paper) or 'slaney' as the ear hears, 'linear' all of one width in Hz.",
  }),
  power: field(number(ABOVE_ZERO), 1, {
    help: 'Exponent of the magnitudes: 1 is magnitude, 2 is power.',
    most: 10,
  }),
  log: field(
    titled("null, 'natural', 'log10' or 'dB'", v.nullable(v.picklist(['natural', 'log10', 'dB']))),
    null,
    { help: 'Logarithm of the mel bands; null (the paper) for none.' },
  ),
  logFloor: field(number(ABOVE_ZERO), 1e-10, { help: 'Smallest value that enters the logarithm.' }),
});

const NETWORK = v.strictObject({
  embeddingSize: field(number(POSITIVE_COUNT), 128, { help: 'Length of an embedding.', most: 4096 }),
  dropoutRate: field(number(RATE), 0.3, { help: 'Probability that dropout clears a value in training.' }),
  typeHeadStart: field(wordOr('random', ABOVE_ZERO), 'random', {
    help:
      "Where the type head starts: at s (||f||^2 / D - 1), s a number, or 'random' (the paper). Its two scalars hardly move in a few " +
      'hundred steps, and at random its slope has the wrong sign for every second seed.',
    most: 1000,
  }),
});

const LOSS = v.strictObject({
  alpha: field(number(AT_LEAST_ZERO), 10, {
    help: 'Weight of the ID loss L_id; 0 trains without it.',
    most: 1e6,
  }),
  useTypeLoss: field(titled('true, or false with loss.alpha above 0 and machine IDs', v.boolean()), true, {
    help: 'Whether L_type, which tells the machine type from outliers, is part of the loss.',
  }),
  idLoss: field(oneOf('bce', 'crossEntropy', 'arcFace', 'subClusterAdaCos'), 'bce', {
    help: 'Which ID loss is weighted by alpha.',
  }),
  normalization: field(oneOf('normals', 'all', 'reference', 'printed', 'text'), 'normals', {
    help:
      "What L_id (with idLoss 'bce') is averaged over. 'normals': each sample by its share of normal sound; 'all' samples alike; " +
      "'reference': normal samples in steps without Mixup and all samples in steps with it, as the published code; 'printed': " +
      "all samples, divided by the sum of the shares, Eq. 3 to the letter; 'text': samples with any normal sound alike, as the " +
      "paper's text has it.",
  }),
  arcFaceScale: field(number(ABOVE_ZERO), 64, {
    help:
      "Scale s of idLoss 'arcFace'. The paper does not give it; this one is that of the ArcFace paper, and the compared systems " +
      'use 30.',
    most: 1e6,
  }),
  arcFaceMargin: field(number(ANGLE), 0.5, {
    help:
      "Margin m of idLoss 'arcFace', radians. The paper does not give it; this one is that of the ArcFace paper, and the " +
      'compared systems use 0.7.',
  }),
});

const MIXUP = v.strictObject({
  beta: field(number(numberFrom(1e-300)), 0.2, {
    help: 'Both shapes of the beta distribution that Mixup draws from.',
    most: 1e6,
  }),
  schedule: field(oneOf('always', 'cosine', 'never'), 'always', {
    help: "'always' as the paper; 'cosine' grows from never to always by half of the training, as the published code.",
  }),
});

const BATCH = v.strictObject({
  nNormal: field(number(POSITIVE_COUNT), 64, { help: 'Normal samples in a mini-batch.', most: 65_536 }),
  nOutliers: field(number(POSITIVE_COUNT), 64, {
    help: 'Outliers in a mini-batch: other machine types, and known anomalies where there are any.',
    most: 65_536,
  }),
  nAnomalous: field(number(COUNT, 'a whole number from 0 to batch.nOutliers'), 1, {
    help: 'How many of the outliers are known anomalies, where there are any.',
  }),
  microBatchSize: field(wordOr('auto', wholeNumber(2)), 'auto', {
    help:
      'Samples that pass through the network at once, on each training thread. A batch above that is cut into equal ' +
      'micro-batches with the same proportion of normal samples; gradients are averaged over them, and BatchNorm normalises ' +
      "each by its own statistics (ghost batch normalisation). 'auto': the whole batch, or where that would not fit into the " +
      'heap of the WASM backend, the largest micro-batches that do.',
    most: 131_072,
  }),
  skipEverySecondGroup: field(flag, false, {
    help: "The published code's defect: every second batch of an epoch is left out.",
  }),
});

const OPTIMIZATION = v.strictObject({
  nEpochs: field(number(POSITIVE_COUNT), 100, {
    help: 'Epochs; in each, every normal clip is seen once.',
    most: 1e6,
  }),
  maxLearningRate: field(number(ABOVE_ZERO), 1e-3, {
    help: 'Peak of the one-cycle schedule (OneCycleLR).',
    most: 100,
  }),
  beta2: field(number(RATE), 0.999, { help: "AdamW's decay of the squared gradients." }),
  epsilon: field(number(ABOVE_ZERO), 1e-8, { help: "AdamW's term against division by zero.", most: 1 }),
  weightDecay: field(number(AT_LEAST_ZERO), 0, { help: "AdamW's decoupled weight decay.", most: 100 }),
  pctStart: field(number(RATE), 0.3, { help: 'Share of the steps in which the learning rate grows.' }),
  divFactor: field(number(ABOVE_ZERO), 25, {
    help: 'The peak divided by the learning rate at the start.',
    most: 1e12,
  }),
  finalDivFactor: field(number(ABOVE_ZERO), 1e4, {
    help: 'The learning rate at the start divided by that at the end.',
    most: 1e12,
  }),
  cycleMomentum: field(flag, true, { help: 'Whether beta1 cycles against the learning rate.' }),
  scheduleLength: field(oneOf('training', 'twice'), 'training', {
    help:
      "Steps that the one-cycle schedule is made for: those of the 'training', or about 'twice' as many, as in the published code: " +
      'the training ends half-way, at 0.80 of the peak.',
  }),
});

const VALIDATION = v.strictObject({
  fraction: field(number(RATE), 0, {
    help: "Share of each machine ID's normal clips that is kept out of training.",
  }),
  everyEpochs: field(number(POSITIVE_COUNT), 5, {
    help: 'The validation loss is measured after every so many epochs, and after the last.',
    most: 1e6,
  }),
  selection: field(
    titled(
      "'last', 'best' with validation.fraction above 0, or an epoch from 1 to optimization.nEpochs",
      v.union([v.picklist(['last', 'best']), number(POSITIVE_COUNT)]),
    ),
    'last',
    {
      help:
        "Which epoch's weights become the model: those of the 'last' one, of the one with the lowest validation loss ('best', " +
        'the earliest of equals), or those at the end of epoch N, counted from 1.',
    },
  ),
});

const DETECTOR = v.strictObject({
  kind: field(oneOf('gaussianMixture', 'clipMahalanobis'), 'gaussianMixture', {
    help:
      "'gaussianMixture' scores each chunk by its likelihood under a mixture (the paper), 'clipMahalanobis' the mean embedding of a " +
      'clip by its distance from those of normal clips, under a covariance that is shrunk by Ledoit-Wolf: for few clips.',
  }),
  nComponents: field(number(POSITIVE_COUNT), 2, {
    help: "Components of each machine ID's Gaussian mixture.",
    most: 1000,
  }),
  covarianceType: field(oneOf('full', 'tied', 'diag', 'spherical'), 'full', {
    help: 'Which covariance matrices the mixture fits.',
  }),
  regCovar: field(number(AT_LEAST_ZERO), 1e-6, {
    help: 'Added to the diagonal of each covariance matrix.',
    most: 1e6,
  }),
  tol: field(number(AT_LEAST_ZERO), 1e-3, {
    help: 'EM stops when the lower bound gains less than this.',
    most: 1e6,
  }),
  maxIter: field(number(POSITIVE_COUNT), 100, { help: 'EM stops after so many iterations.', most: 1e6 }),
  nInit: field(number(POSITIVE_COUNT), 1, { help: 'Starts of EM; the best one is kept.', most: 1000 }),
  fitOn: field(
    titled(
      "'train' or 'all', or 'validation' with validation.fraction above 0",
      v.picklist(['train', 'validation', 'all']),
    ),
    'train',
    {
      help:
        "'train' fits on the clips that trained the extractor, 'validation' on the clips that were held out, 'all' on both: the " +
        'clips that were held out then tell how much farther from the rest a clip lies that the extractor has not seen, by which ' +
        'thresholds are set (without any, by what was measured on other machines).',
    },
  ),
});

const DECISION = v.strictObject({
  aggregation: field(
    titled(
      "'upperHalfMean', 'lowerHalfMean', 'mean', 'max', 'median' or { upperQuantileMean: a number from 0 to 1 }",
      v.union([
        v.picklist(['upperHalfMean', 'lowerHalfMean', 'mean', 'max', 'median']),
        v.strictObject({ upperQuantileMean: number(FRACTION) }),
      ]),
    ),
    'upperHalfMean',
    { help: "How the scores of a clip's chunks become the score of the clip." },
  ),
  falseAlarmRate: field(number(RATE), 0.1, {
    help: "Share of normal clips that may be called anomalous; sets each ID's threshold. `serial-oe train` asks for 0.01 unless its flag or its file says otherwise.",
  }),
});

/** All fields and sections, each for itself. */
export const FIELDS = v.strictObject({
  preset: field(oneOf('paper', 'reference', 'quick'), 'paper', {
    help: 'The preset that the values started from.',
  }),
  seed: field(number(COUNT), 0, { help: 'Seed of everything that is random.' }),
  useMachineIds: field(flag, true, {
    help: 'false: no ID loss and one detector for the machine type (section 4.4 of the paper).',
  }),
  frontEnd: FRONT_END,
  network: NETWORK,
  loss: LOSS,
  mixup: MIXUP,
  batch: BATCH,
  optimization: OPTIMIZATION,
  validation: VALIDATION,
  detector: DETECTOR,
  decision: DECISION,
});
