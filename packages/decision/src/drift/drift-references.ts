import { ABOVE_ZERO, checkKind, checkNumber, FINITE, POSITIVE_COUNT } from '@serial-oe/foundation';
import type { DriftReference } from './drift-chart';
import { type DriftSample, type DriftValues, driftValues } from './drift-sample';
import { keptReference } from './normal-ranks';

const MIN_SAMPLES = 20;

/** A reference as JSON. */
export interface DriftReferenceJSON extends Omit<DriftReference, 'values'> {
  values: number[];
}

/** The reference of each quantity in one order: score, level where there is one, bands. */
export class DriftReferences {
  private constructor(
    readonly all: readonly DriftReference[],
    readonly hasLevel: boolean,
  ) {}

  /** @throws RangeError or TypeError */
  static fit(where: string, samples: readonly DriftSample[]): DriftReferences {
    const n = samples?.length ?? 0;
    if (!(n >= MIN_SAMPLES)) {
      throw new RangeError(
        `${where}: reference must be at least ${MIN_SAMPLES} clips, got ${n}. Score more normal clips.`,
      );
    }
    const values = Array.from(samples, (sample, i) => driftValues(`${where}: reference[${i}]`, sample));
    const names = quantityNames(values[0]!);
    const rows = values.map(flat);
    for (const [i, each] of values.entries()) {
      if (quantityNames(each).join() === names.join()) continue;
      throw new RangeError(
        `${where}: reference[${i}] must have the quantities of the first: ${names.join(', ')}.`,
      );
    }
    const all = names.map((name, column) =>
      fitReference(
        `${where}: reference, ${name}`,
        rows.map((row) => row[column]!),
      ),
    );
    return new DriftReferences(all, values[0]!.level !== undefined);
  }

  get #nBands(): number {
    return this.all.length - (this.hasLevel ? 2 : 1);
  }

  /** A sample's values in the order of `all`, undefined for those that it leaves out. @throws TypeError, RangeError */
  inOrder(where: string, { score, level, spectrum }: DriftValues): (number | undefined)[] {
    if (level !== undefined && !this.hasLevel) {
      throw new TypeError(`${where}: levelDb must be left out, since the reference has none.`);
    }
    if (spectrum !== undefined && spectrum.length !== this.#nBands) {
      throw new RangeError(
        `${where}: bandLevelsDb must hold ${this.#nBands} bands as the reference does, got ${spectrum.length}.`,
      );
    }
    return [score, ...(this.hasLevel ? [level] : []), ...(spectrum ?? Array(this.#nBands).fill(undefined))];
  }

  /** What stands in the order of `all`, by name. */
  byName<T>(items: readonly T[]): { score: T; level?: T; spectrum?: T[] } {
    const [score, ...rest] = items as [T, ...T[]];
    const bands = this.hasLevel ? rest.slice(1) : rest;
    return {
      score,
      ...(this.hasLevel && { level: rest[0]! }),
      ...(bands.length > 0 && { spectrum: bands }),
    };
  }

  toJSON(): { references: DriftReferenceJSON[]; hasLevel: boolean } {
    const references = this.all.map((each) => ({ ...each, values: Array.from(each.values) }));
    return { references, hasLevel: this.hasLevel };
  }

  /** @throws RangeError or TypeError that names the field */
  static fromJSON(where: string, { references, hasLevel }: Record<string, unknown>): DriftReferences {
    const isWithLevel = checkKind(`${where}: hasLevel`, hasLevel, 'boolean');
    if (!Array.isArray(references) || references.length < (isWithLevel ? 2 : 1)) {
      throw new TypeError(`${where}: references must be a list of one a quantity.`);
    }
    return new DriftReferences(
      references.map((each, i) => readReference(`${where}: references[${i}]`, each)),
      isWithLevel,
    );
  }
}

function flat({ score, level, spectrum = [] }: DriftValues): number[] {
  return [score, ...(level === undefined ? [] : [level]), ...spectrum];
}

function quantityNames({ level, spectrum = [] }: DriftValues): string[] {
  return [
    'score',
    ...(level === undefined ? [] : ['levelDb']),
    ...spectrum.map((_, i) => `bandLevelsDb[${i}]`),
  ];
}

function fitReference(where: string, values: number[]): DriftReference {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / (n - 1), 0));
  // the deviation of equal values may be a rounding error above 0
  if (values.some((value) => value !== values[0]))
    return { mean, deviation, n, values: keptReference(values) };
  throw new RangeError(`${where} must differ, got ${n} times ${values[0]}. Leave it out, or record more.`);
}

function readReference(where: string, value: unknown): DriftReference {
  const { mean, deviation, n, values } = checkKind(where, value, 'object') as Record<string, unknown>;
  if (!Array.isArray(values) || values.length === 0) throw new TypeError(`${where}.values must be a list.`);
  return {
    mean: checkNumber(`${where}.mean`, mean, FINITE),
    deviation: checkNumber(`${where}.deviation`, deviation, ABOVE_ZERO),
    n: checkNumber(`${where}.n`, n, POSITIVE_COUNT),
    values: Float64Array.from(values, (each, i) => checkNumber(`${where}.values[${i}]`, each, FINITE)).sort(),
  };
}
