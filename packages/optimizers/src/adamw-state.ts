import { COUNT, checkNumber, isFloat32Array, show } from '@serial-oe/foundation';

/** Moments of one variable. */
export interface AdamWMoments {
  /** Updates that this variable has had. */
  step: number;
  shape: number[];
  /** First moment, row-major. */
  m: Float32Array;
  /** Second moment, row-major. */
  v: Float32Array;
}

/** Everything that an {@link AdamW} needs to go on where another stopped. Plain data: `structuredClone` copies it. */
export interface AdamWState {
  /** Calls of `applyGradients`. */
  iterations: number;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  /** By variable name. */
  variables: Record<string, AdamWMoments>;
}

/**
 * Checks the moments of a state against the variables that exist.
 * @throws TypeError or RangeError that names the entry: unknown variable, other shape, wrong length, not finite,
 * negative second moment.
 */
export function checkMoments(
  variables: Record<string, AdamWMoments>,
  shapeOf: (name: string) => readonly number[] | undefined,
): void {
  if (typeof variables !== 'object' || variables === null) {
    throw new TypeError(
      `optimizers.AdamW.setState: state.variables must be an object of moments by variable name, got ${show(variables)}.`,
    );
  }
  for (const [name, moments] of Object.entries(variables)) {
    const shape = shapeOf(name);
    if (shape === undefined) {
      throw new RangeError(
        `optimizers.AdamW.setState: state.variables must name existing variables, got '${name}'. ` +
          'Create the model first, and give its variables names that do not change between runs.',
      );
    }
    checkNumber(`optimizers.AdamW.setState: step of '${name}'`, moments.step, COUNT);
    checkShape(name, moments.shape, shape);
    const size = shape.reduce((product, n) => product * n, 1);
    checkValues(`m of '${name}'`, moments.m, { size, isValid: Number.isFinite, rule: 'finite' });
    checkValues(`v of '${name}'`, moments.v, {
      size,
      isValid: (x) => Number.isFinite(x) && x >= 0,
      rule: 'finite and at least 0',
    });
  }
}

function checkShape(name: string, actual: unknown, expected: readonly number[]): void {
  const isEqual =
    Array.isArray(actual) && actual.length === expected.length && expected.every((n, i) => actual[i] === n);
  if (!isEqual) {
    throw new RangeError(
      `optimizers.AdamW.setState: shape of '${name}' must be ${show(expected)} as the variable's, got ${show(actual)}. ` +
        'The state belongs to another model.',
    );
  }
}

interface ValueRule {
  size: number;
  isValid: (value: number) => boolean;
  rule: string;
}

function checkValues(what: string, values: unknown, { size, isValid, rule }: ValueRule): void {
  if (!isFloat32Array(values)) {
    throw new TypeError(`optimizers.AdamW.setState: ${what} must be a Float32Array, got ${show(values)}.`);
  }
  if (values.length !== size) {
    throw new RangeError(
      `optimizers.AdamW.setState: ${what} must have ${size} values, got ${values.length}.`,
    );
  }
  const wrong = values.findIndex((value) => !isValid(value));
  if (wrong >= 0) {
    throw new RangeError(
      `optimizers.AdamW.setState: ${what} must hold values that are ${rule}, got ${values[wrong]} at index ${wrong}.`,
    );
  }
}
