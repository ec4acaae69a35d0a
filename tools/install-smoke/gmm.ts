import assert from 'node:assert/strict';
import { GaussianMixture, type GaussianMixtureJSON } from '@serial-oe/gmm';

export function use(): void {
  const mixture = new GaussianMixture({ nComponents: 2 }).fit([[0], [0.1], [0.2], [5], [5.1], [5.2]]);
  const json: GaussianMixtureJSON = mixture.toJSON();
  const [near, far] = GaussianMixture.fromJSON(json).scoreSamples([[0.1], [2.5]]);
  assert.ok(near! > far!);
}
