import type { SerialOeConfig } from './config';

interface Rule {
  text: string;
  holds: (value: unknown, config: SerialOeConfig) => boolean;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const integerFrom = (minimum: number): Rule => ({
  text: `be an integer >= ${minimum}`,
  holds: (value) => Number.isInteger(value) && (value as number) >= minimum,
});
const numberFrom = (minimum: number): Rule => ({
  text: `be a finite number >= ${minimum}`,
  holds: (value) => isNumber(value) && value >= minimum,
});
const above = (limit: number): Rule => ({
  text: `be a finite number above ${limit}`,
  holds: (value) => isNumber(value) && value > limit,
});
const fraction: Rule = {
  text: 'lie in [0, 1)',
  holds: (value) => isNumber(value) && value >= 0 && value < 1,
};
const boolean: Rule = { text: 'be true or false', holds: (value) => typeof value === 'boolean' };
const oneOf = (...names: string[]): Rule => ({
  text: `be one of ${names.map((name) => `'${name}'`).join(', ')}`,
  holds: (value) => names.includes(value as string),
});

/** A rule for each field; a field that is not listed here is unknown. */
const RULES: Readonly<Record<string, Rule>> = {
  preset: oneOf('paper', 'reference', 'quick'),
  seed: integerFrom(0),
  useMachineIds: boolean,
  'frontEnd.sampleRate': integerFrom(1),
  'frontEnd.chunkSeconds': above(0),
  'frontEnd.nChunks': {
    text: "be an integer >= 1 or 'auto'",
    holds: (value) => value === 'auto' || integerFrom(1).holds(value, {} as SerialOeConfig),
  },
  'frontEnd.nFft': {
    text: 'be a power of two >= 2',
    holds: (value) =>
      Number.isInteger(value) && Number.isInteger(Math.log2(value as number)) && (value as number) >= 2,
  },
  'frontEnd.winLength': {
    text: 'be an integer between 1 and frontEnd.nFft',
    holds: (value, { frontEnd }) =>
      Number.isInteger(value) && (value as number) >= 1 && (value as number) <= frontEnd.nFft,
  },
  'frontEnd.hopLength': integerFrom(1),
  'frontEnd.nMels': integerFrom(1),
  'frontEnd.fMin': {
    text: 'be >= 0 and below frontEnd.fMax',
    holds: (value, { frontEnd }) => isNumber(value) && value >= 0 && value < frontEnd.fMax,
  },
  'frontEnd.fMax': {
    text: 'be at most half of frontEnd.sampleRate',
    holds: (value, { frontEnd }) => isNumber(value) && value <= frontEnd.sampleRate / 2,
  },
  'frontEnd.power': above(0),
  'frontEnd.log': {
    text: "be null, 'natural', 'log10' or 'dB'",
    holds: (value) => [null, 'natural', 'log10', 'dB'].includes(value as null),
  },
  'frontEnd.logFloor': above(0),
  'network.embeddingSize': integerFrom(1),
  'network.dropoutRate': fraction,
  'loss.alpha': numberFrom(0),
  'loss.useTypeLoss': {
    text: 'be true, or false with loss.alpha above 0 and machine IDs',
    holds: (value, { loss, useMachineIds }) =>
      value === true || (value === false && loss.alpha > 0 && useMachineIds),
  },
  'loss.idLoss': oneOf('bce', 'crossEntropy', 'arcFace', 'subClusterAdaCos'),
  'loss.normalization': oneOf('normals', 'all', 'reference'),
  'mixup.beta': above(0),
  'mixup.schedule': oneOf('always', 'cosine', 'never'),
  'batch.nNormal': integerFrom(1),
  'batch.nOutliers': integerFrom(1),
  'batch.nAnomalous': {
    text: 'be an integer >= 0 and at most batch.nOutliers',
    holds: (value, { batch }) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) <= batch.nOutliers,
  },
  'batch.microBatchSize': {
    text: "be an integer >= 2 or 'auto'",
    holds: (value) => value === 'auto' || integerFrom(2).holds(value, {} as SerialOeConfig),
  },
  'batch.skipEverySecondGroup': boolean,
  'optimization.nEpochs': integerFrom(1),
  'optimization.maxLearningRate': above(0),
  'optimization.beta2': fraction,
  'optimization.epsilon': above(0),
  'optimization.weightDecay': numberFrom(0),
  'optimization.pctStart': fraction,
  'optimization.divFactor': above(0),
  'optimization.finalDivFactor': above(0),
  'optimization.cycleMomentum': boolean,
  'validation.fraction': fraction,
  'validation.everyEpochs': integerFrom(1),
  'validation.selection': {
    text: "be 'last', 'best' with validation.fraction above 0, or an epoch from 1 to optimization.nEpochs",
    holds: (value, { validation, optimization }) =>
      value === 'last' ||
      (value === 'best' && validation.fraction > 0) ||
      (integerFrom(1).holds(value, {} as SerialOeConfig) && (value as number) <= optimization.nEpochs),
  },
  'detector.nComponents': integerFrom(1),
  'detector.covarianceType': oneOf('full', 'tied', 'diag', 'spherical'),
  'detector.regCovar': numberFrom(0),
  'detector.tol': numberFrom(0),
  'detector.maxIter': integerFrom(1),
  'detector.nInit': integerFrom(1),
  'detector.fitOn': {
    text: "be 'train', or 'validation' with validation.fraction above 0",
    holds: (value, { validation }) =>
      value === 'train' || (value === 'validation' && validation.fraction > 0),
  },
  'decision.aggregation': {
    text: "be an aggregation method such as 'upperHalfMean' or { upperQuantileMean: 0.5 }",
    holds: (value) =>
      oneOf('upperHalfMean', 'lowerHalfMean', 'mean', 'max', 'median').holds(value, {} as SerialOeConfig) ||
      (typeof value === 'object' && value !== null && 'upperQuantileMean' in value),
  },
  'decision.falseAlarmRate': fraction,
};

/** Throws a RangeError naming the first field that is missing or breaks its rule. */
export function checkConfig(caller: string, config: SerialOeConfig): void {
  for (const [path, rule] of Object.entries(RULES)) {
    const value = valueAt(config, path);
    if (!rule.holds(value, config)) {
      throw new RangeError(
        `serial-oe.${caller}: config.${path} must ${rule.text}, got ${JSON.stringify(value)}.`,
      );
    }
  }
}

/** The names of all fields, sections apart: `seed`, `frontEnd.nMels`, ... */
export function configFields(): string[] {
  return Object.keys(RULES);
}

function valueAt(config: SerialOeConfig, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], config);
}
