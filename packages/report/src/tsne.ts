import {
  ABOVE_ZERO,
  checkedRandom,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkRandom,
  drawNormal,
  type Matrix,
  type MatrixLike,
  type NumberRule,
  numberFrom,
  type OptionNames,
  POSITIVE_COUNT,
  toMatrix,
} from '@serial-oe/foundation';
import { principalComponents } from './principal-components';
import { jointProbabilities } from './tsne-affinities';
import { unitScale } from './unit-scale';

/** Options of {@link tsne}. */
export interface TsneOptions {
  /** Effective number of neighbours of a point, at least 1 and below the number of points. Default 30. */
  perplexity?: number;
  /** Uniform in [0, 1); the only source of randomness. */
  random: () => number;
  /** Gradient steps, of which the first 250 at most exaggerate attraction. Default 1000. */
  nIter?: number;
  /** Factor on the attraction in the first phase, at least 1. Default 12. */
  earlyExaggeration?: number;
  /** Step size. Default `'auto'`: max(nPoints / earlyExaggeration / 4, 50). */
  learningRate?: number | 'auto';
  /** `'pca'` (default): the first two principal components; `'random'`: a normal cloud. Both 1e-4 wide. */
  init?: 'pca' | 'random';
}

const OPTIONS: OptionNames<TsneOptions> = {
  perplexity: true,
  random: true,
  nIter: true,
  earlyExaggeration: true,
  learningRate: true,
  init: true,
};

/** A map: `data` is row-major `[nRows, 2]`. */
export interface TsneMap {
  data: Float64Array;
  nRows: number;
  nCols: 2;
  /** Kullback-Leibler divergence that the map reached, nats: lower is a more faithful map of the same points. */
  klDivergence: number;
}

// The constants of scikit-learn's and the original implementation.
const N_EXPLORATION_STEPS = 250;
const EXPLORATION_MOMENTUM = 0.5;
const FINAL_MOMENTUM = 0.8;
const MIN_GAIN = 0.01;
const INITIAL_WIDTH = 1e-4;
const MIN_LEARNING_RATE = 50;

const LEARNING_RATE: NumberRule = { ...ABOVE_ZERO, rule: "be 'auto' or a finite number above 0" };

/**
 * Exact t-SNE to two dimensions: time O(nPoints^2) a step, memory 8 nPoints^2 bytes.
 *
 * Neighbour probabilities P from Gaussians of the given perplexity; the map minimises KL(P || Q), Q by Student's t
 * with one degree of freedom, by gradient descent with momentum and a gain for each coordinate.
 *
 * @param embeddings `[nPoints, nFeatures]`, at least 2 points, finite.
 * @returns the map; the same `random` gives the same map.
 * @throws RangeError for bad input, or a perplexity that the number of points does not allow; TypeError for a missing
 *   `random` and for options that there are not.
 * @see L. van der Maaten, G. Hinton, "Visualizing data using t-SNE", JMLR 9 (2008); learning rate: A. Belkina et al.,
 *   Nature Communications 10 (2019).
 */
export function tsne(embeddings: MatrixLike, options: TsneOptions): TsneMap {
  checkOptions('report.tsne', options, OPTIONS);
  const points = unitScale(toMatrix('report.tsne: embeddings', embeddings));
  const { perplexity = 30, nIter = 1000, earlyExaggeration = 12, init = 'pca' } = options;
  checkValues(points.nRows, options);
  const { learningRate = 'auto' } = options;
  const random = checkedRandom('report.tsne', options.random);
  const n = points.nRows;
  const rate =
    learningRate === 'auto' ? Math.max(n / earlyExaggeration / 4, MIN_LEARNING_RATE) : learningRate;
  const joint = jointProbabilities(points, perplexity);
  const map = init === 'pca' ? pcaStart(points, random) : randomStart(n, random);
  const nExploration = Math.min(nIter, N_EXPLORATION_STEPS);
  descend(map, joint, {
    nSteps: nExploration,
    rate,
    momentum: EXPLORATION_MOMENTUM,
    exaggeration: earlyExaggeration,
  });
  descend(map, joint, { nSteps: nIter - nExploration, rate, momentum: FINAL_MOMENTUM, exaggeration: 1 });
  return { data: map, nRows: n, nCols: 2, klDivergence: klDivergence(map, joint) };
}

function checkValues(n: number, options: TsneOptions): void {
  const {
    perplexity = 30,
    nIter = 1000,
    earlyExaggeration = 12,
    learningRate = 'auto',
    init = 'pca',
  } = options;
  checkRandom('report.tsne: random', options.random);
  if (!(perplexity >= 1 && perplexity < n)) {
    throw new RangeError(
      `report.tsne: perplexity must be at least 1 and below the number of points, got ${perplexity} for ${n} points. Lower it.`,
    );
  }
  checkNumber('report.tsne: nIter', nIter, POSITIVE_COUNT);
  checkNumber('report.tsne: earlyExaggeration', earlyExaggeration, numberFrom(1));
  if (learningRate !== 'auto') checkNumber('report.tsne: learningRate', learningRate, LEARNING_RATE);
  checkOneOf('report.tsne: init', init, ['pca', 'random'] as const);
}

function randomStart(n: number, random: () => number): Float64Array {
  return Float64Array.from({ length: 2 * n }, () => INITIAL_WIDTH * drawNormal(random));
}

/** Both components scaled by the deviation of the first; a component without spread is replaced by noise. */
function pcaStart(points: Readonly<Matrix>, random: () => number) {
  const { scores, deviations } = principalComponents(points, random);
  const start = randomStart(points.nRows, random);
  const [first, second] = deviations;
  for (let i = 0; i < points.nRows; i++) {
    if (first > 0) start[2 * i] = (INITIAL_WIDTH * scores[2 * i]!) / first;
    if (second > 0) start[2 * i + 1] = (INITIAL_WIDTH * scores[2 * i + 1]!) / first;
  }
  return start;
}

interface Phase {
  nSteps: number;
  rate: number;
  momentum: number;
  exaggeration: number;
}

/** Moves the map in place; a phase starts without velocity and with gains of 1. */
function descend(
  map: Float64Array,
  joint: Float64Array,
  { nSteps, rate, momentum, exaggeration }: Phase,
): void {
  const velocity = new Float64Array(map.length);
  const gains = new Float64Array(map.length).fill(1);
  const gradient = new Float64Array(map.length);
  const repulsion = new Float64Array(map.length);
  for (let step = 0; step < nSteps; step++) {
    computeGradient(map, joint, { exaggeration, gradient, repulsion });
    for (let k = 0; k < map.length; k++) {
      const isTurning = velocity[k]! * gradient[k]! >= 0;
      gains[k] = Math.max(MIN_GAIN, isTurning ? gains[k]! * 0.8 : gains[k]! + 0.2);
      velocity[k] = momentum * velocity[k]! - rate * gains[k]! * gradient[k]!;
      map[k]! += velocity[k]!;
    }
  }
}

/**
 * dC/dy_i = 4 sum_j (p_ij - w_ij / Z) w_ij (y_i - y_j), w_ij = 1 / (1 + |y_i - y_j|^2), Z = sum of all w_ij.
 * Attraction (p w) and repulsion (w w) are summed apart, so that one pass does without Z and stores no w.
 */
function computeGradient(
  map: Float64Array,
  joint: Float64Array,
  {
    exaggeration,
    gradient,
    repulsion,
  }: { exaggeration: number; gradient: Float64Array; repulsion: Float64Array },
): void {
  const n = map.length / 2;
  gradient.fill(0);
  repulsion.fill(0);
  let total = 0;
  let pair = 0;
  for (let i = 0; i < n; i++) {
    const xi = map[2 * i]!;
    const yi = map[2 * i + 1]!;
    let ax = 0;
    let ay = 0;
    let rx = 0;
    let ry = 0;
    for (let j = i + 1; j < n; j++) {
      const dx = xi - map[2 * j]!;
      const dy = yi - map[2 * j + 1]!;
      const w = 1 / (1 + dx * dx + dy * dy);
      const a = joint[pair++]! * w;
      const r = w * w;
      total += w;
      ax += a * dx;
      ay += a * dy;
      rx += r * dx;
      ry += r * dy;
      gradient[2 * j]! -= a * dx;
      gradient[2 * j + 1]! -= a * dy;
      repulsion[2 * j]! -= r * dx;
      repulsion[2 * j + 1]! -= r * dy;
    }
    gradient[2 * i]! += ax;
    gradient[2 * i + 1]! += ay;
    repulsion[2 * i]! += rx;
    repulsion[2 * i + 1]! += ry;
  }
  const scale = 1 / (2 * total); // Z counts every pair twice
  for (let k = 0; k < map.length; k++)
    gradient[k] = 4 * (exaggeration * gradient[k]! - scale * repulsion[k]!);
}

function klDivergence(map: Float64Array, joint: Float64Array): number {
  const n = map.length / 2;
  let total = 0;
  let divergence = 0;
  let pair = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const squared = (map[2 * i]! - map[2 * j]!) ** 2 + (map[2 * i + 1]! - map[2 * j + 1]!) ** 2;
      const p = joint[pair++]!;
      total += 2 / (1 + squared);
      if (p > 0) divergence += 2 * p * (Math.log(p) + Math.log1p(squared));
    }
  }
  return divergence + Math.log(total); // sum of p is 1
}
