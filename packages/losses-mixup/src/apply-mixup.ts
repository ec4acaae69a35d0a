import { isFloat32Array, type Matrix, show } from '@serial-oe/foundation';
import type { Mixup } from './sample-mixup';

/** Rows of one length: a matrix, a list, or one flat array in which the batch size divides the length. */
export type MixupRows = Matrix<Float32Array> | Float32Array[] | Float32Array;

/** What {@link applyMixup} mixes. */
export interface MixupBatch<W extends MixupRows = MixupRows, T extends MixupRows = MixupRows> {
  /** Amplitude-normalised waveforms of one length, `[batch, nSamples]`. */
  waveforms: W;
  /** 1 = normal, 0 = outlier, `[batch]`. */
  y: Float32Array;
  /** t' = y * onehot(id), `[batch, nMachineIds]`; left out without IDs. */
  targets?: T;
}

/**
 * Mixup for outlier exposure (Eq. 5-7 of the Serial-OE paper): with partner p_i,
 *
 *     x_i' = lambda_i x_i + (1 - lambda_i) x_p,  and the same for y and the targets
 *
 * on the waveforms, before the mel spectrogram. Pure: the batch is left as it is and every array returned is new, of
 * the kind that came in.
 * @throws RangeError for arrays that do not match each other or the Mixup, a partner outside the batch, lambda, y or
 * targets outside [0, 1], or waveforms that are not finite; TypeError for anything but float32 arrays.
 * @example
 * const { waveforms, y, targets } = applyMixup(batch, sampleMixup(batch.y.length, { random }));
 */
export function applyMixup<W extends MixupRows, T extends MixupRows>(
  batch: MixupBatch<W, T>,
  mixup: Mixup,
): MixupBatch<W, T> {
  const { waveforms, y, targets } = batch;
  if (!isFloat32Array(y)) failKind('y', 'a Float32Array', y);
  checkMixup(mixup, y.length);
  const mixed: MixupBatch<W, T> = {
    waveforms: mixRows('waveforms', waveforms, mixup),
    y: mixFlat('y', y, mixup),
  };
  if (targets !== undefined) mixed.targets = mixRows('targets', targets, mixup);
  return mixed;
}

function mixRows<R extends MixupRows>(parameter: string, rows: R, mixup: Mixup): R {
  return mixAnyRows(parameter, rows, mixup) as R;
}

function mixAnyRows(parameter: string, rows: MixupRows, mixup: Mixup): MixupRows {
  if (isFloat32Array(rows)) return mixFlat(parameter, rows, mixup);
  if (Array.isArray(rows) && rows.every((row) => isFloat32Array(row))) {
    return mixList(parameter, rows, mixup);
  }
  if (!Array.isArray(rows) && isFloat32Array(rows?.data)) return mixMatrix(parameter, rows, mixup);
  return failKind(parameter, 'a Float32Array, a list of them or a matrix { data, nRows, nCols }', rows);
}

function mixMatrix(
  parameter: string,
  { data, nRows, nCols }: Matrix<Float32Array>,
  mixup: Mixup,
): Matrix<Float32Array> {
  if (nRows !== mixup.lambda.length || data.length !== nRows * nCols) {
    fail(
      parameter,
      `have ${mixup.lambda.length} rows and nRows * nCols values`,
      `${nRows} x ${nCols} and ${data.length} values`,
    );
  }
  return { data: mixFlat(parameter, data, mixup), nRows, nCols };
}

function mixList(parameter: string, rows: Float32Array[], mixup: Mixup): Float32Array[] {
  const n = mixup.lambda.length;
  const length = rows[0]?.length;
  if (rows.length !== n) fail(parameter, `have ${n} rows, one for each y`, rows.length);
  const odd = rows.findIndex((row) => row.length !== length);
  if (odd >= 0) fail(parameter, `have rows of one length (${length})`, `${rows[odd]?.length} in row ${odd}`);
  return rows.map((own, i) => {
    const mixed = new Float32Array(own.length);
    const partner = rows[mixup.permutation[i]!]!;
    mixRow(parameter, i, { own, partner, mixed, lambda: mixup.lambda[i]! });
    return mixed;
  });
}

function mixFlat(parameter: string, values: Float32Array, mixup: Mixup): Float32Array {
  const n = mixup.lambda.length;
  const length = values.length / n;
  if (!Number.isInteger(length)) fail(parameter, `have a length that is a multiple of ${n}`, values.length);
  const mixed = new Float32Array(values.length);
  const row = (array: Float32Array, i: number) => array.subarray(i * length, (i + 1) * length);
  for (let i = 0; i < n; i++) {
    const partner = row(values, mixup.permutation[i]!);
    mixRow(parameter, i, {
      own: row(values, i),
      partner,
      mixed: row(mixed, i),
      lambda: mixup.lambda[i]!,
    });
  }
  return mixed;
}

interface Row {
  own: Float32Array;
  partner: Float32Array;
  /** Written to. */
  mixed: Float32Array;
  lambda: number;
}

function mixRow(parameter: string, i: number, { own, partner, mixed, lambda }: Row): void {
  let checksum = 0; // not finite as soon as any value is not: cheaper than a test of each
  for (let k = 0; k < own.length; k++) {
    const value = lambda * own[k]! + (1 - lambda) * partner[k]!;
    mixed[k] = value;
    checksum += value;
  }
  if (!Number.isFinite(checksum)) fail(parameter, 'be finite', `NaN or Infinity in row ${i} or its partner`);
  if (parameter !== 'waveforms') checkLabels(parameter, own);
}

function checkLabels(parameter: string, labels: Float32Array): void {
  const wrong = labels.find((label) => !(label >= 0 && label <= 1));
  if (wrong !== undefined) fail(parameter, 'lie in [0, 1]', wrong);
}

function checkMixup({ lambda, permutation }: Mixup, n: number): void {
  if (n === 0) fail('y', 'hold 1 or more samples', 0);
  if (lambda.length !== n || permutation.length !== n) {
    fail(
      'mixup',
      `hold ${n} lambdas and partners, one for each y`,
      `${lambda.length} and ${permutation.length}`,
    );
  }
  const wrongLambda = lambda.findIndex((x) => !(x >= 0 && x <= 1));
  if (wrongLambda >= 0) fail('mixup.lambda', 'lie in [0, 1]', lambda[wrongLambda]);
  const wrongPartner = permutation.findIndex((p) => !(Number.isInteger(p) && p >= 0 && p < n));
  if (wrongPartner >= 0) fail('mixup.permutation', `lie in [0, ${n})`, permutation[wrongPartner]);
}

function fail(parameter: string, rule: string, got: unknown): never {
  const value = typeof got === 'string' ? got : show(got);
  throw new RangeError(`losses-mixup.applyMixup: ${parameter} must ${rule}, got ${value}.`);
}

function failKind(parameter: string, kind: string, got: unknown): never {
  throw new TypeError(`losses-mixup.applyMixup: ${parameter} must be ${kind}, got ${show(got)}.`);
}
