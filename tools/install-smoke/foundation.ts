import assert from 'node:assert/strict';
import { COUNT, checkNumber, checkOptions, seededRandom, sha256 } from '@serial-oe/foundation';

export function use(): void {
  assert.equal(seededRandom(1, 'a')(), seededRandom(1, 'a')());
  assert.equal(sha256('abc').slice(0, 8), 'ba7816bf');
  assert.throws(() => checkNumber('smoke.use: n', -1, COUNT), /must be a whole number of at least 0, got -1/);
  const options: object = { n_rows: 1 };
  assert.throws(() => checkOptions<{ nRows?: number }>('smoke.use', options, { nRows: true }), /'nRows'/);
}
