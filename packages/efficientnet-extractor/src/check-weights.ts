import { nameSome } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';

/** What disagrees between the weights that a network needs and the weights that it was given. */
export interface WeightMismatch {
  missing: string[];
  unexpected: string[];
  /** Each with both shapes. */
  misshapen: string[];
}

/** Weights that do not fit the network: every missing, unexpected and misshapen tensor; the message names the first. */
export class WeightMismatchError extends Error implements WeightMismatch {
  override readonly name = 'WeightMismatchError';
  readonly missing: string[];
  readonly unexpected: string[];
  readonly misshapen: string[];

  constructor(where: string, { missing, unexpected, misshapen }: WeightMismatch) {
    const parts = [
      missing.length > 0 ? `missing: ${nameSome(missing)}` : '',
      unexpected.length > 0 ? `unexpected: ${nameSome(unexpected)}` : '',
      misshapen.length > 0 ? `misshapen: ${nameSome(misshapen, { separator: '; ' })}` : '',
    ].filter((part) => part !== '');
    super(
      `${where}: weights must hold exactly the network's tensors, got ${parts.join('; ')}. ` +
        'Pass weights of a network with the same options; nothing was loaded.',
    );
    this.missing = missing;
    this.unexpected = unexpected;
    this.misshapen = misshapen;
  }
}

/** Throws a {@link WeightMismatchError} unless `given` has exactly the names and shapes of `expected`. */
export function checkWeights(
  where: string,
  expected: ReadonlyMap<string, readonly number[]>,
  given: ReadonlyMap<string, WeightArray>,
): void {
  const missing = [...expected.keys()].filter((name) => !given.has(name));
  const unexpected = [...given.keys()].filter((name) => !expected.has(name));
  const misshapen: string[] = [];
  for (const [name, shape] of expected) {
    const weight = given.get(name);
    if (weight === undefined) continue;
    const size = shape.reduce((product, length) => product * length, 1);
    const isSame =
      weight.shape.length === shape.length && shape.every((length, i) => length === weight.shape[i]);
    if (!isSame) misshapen.push(`${name} [${weight.shape.join(', ')}], needs [${shape.join(', ')}]`);
    else if (weight.data.length !== size)
      misshapen.push(`${name} has ${weight.data.length} values, needs ${size}`);
  }
  if (missing.length + unexpected.length + misshapen.length > 0) {
    throw new WeightMismatchError(where, { missing, unexpected, misshapen });
  }
}

/** Throws a RangeError that names the first tensor with a value that is not finite. */
export function checkFinite(where: string, weights: ReadonlyMap<string, WeightArray>): void {
  for (const [name, { data }] of weights) {
    let index = 0; // a loop: millions of calls of a function take a tenth of a second
    while (index < data.length && data[index]! - data[index]! === 0) index++; // not 0 of NaN and the infinities
    if (index < data.length) {
      throw new RangeError(
        `${where}: weights must be finite, got ${data[index]} at ${name}[${index}]. ` +
          'The file or the training run that made them is broken.',
      );
    }
  }
}
