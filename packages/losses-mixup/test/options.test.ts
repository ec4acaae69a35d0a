import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import {
  ArcFace,
  arcFaceLoss,
  BalancedBatchSampler,
  crossEntropyIdLoss,
  idLoss,
  outlierExposureLoss,
  outlierExposureLossParts,
  SubClusterAdaCos,
  sampleMixup,
} from '../src/index';
import { xorshift } from './random';
import '@tensorflow/tfjs-backend-cpu';

const random = xorshift(1);
const matrix = tensor2d([
  [1, 0],
  [0, 1],
]);
const vector = tensor1d([1, 0]);
const batch = { typeLogits: vector, y: vector, idLogits: matrix, targets: matrix };
const sizes = { nClasses: 2, embeddingSize: 2, random };
const sampler = new BalancedBatchSampler({ nNormal: 1, random });

/** By the name of what refuses them: a call with options of which one is misspelt, and what the error says. */
const misspelt: [string, () => unknown, string][] = [
  ['idLoss', () => idLoss(matrix, matrix, { normalisation: 'all' } as never), "'normalization'"],
  ['crossEntropyIdLoss', () => crossEntropyIdLoss(matrix, matrix, { weights: 1 } as never), "'weighting'"],
  ['arcFaceLoss', () => arcFaceLoss(matrix, matrix, matrix, { margins: 1 } as never), "'margin'"],
  ['ArcFace', () => new ArcFace({ ...sizes, scales: 1 } as never), "'scale'"],
  [
    'SubClusterAdaCos',
    () => new SubClusterAdaCos({ ...sizes, n_sub_clusters: 4 } as never),
    "'nSubClusters'",
  ],
  ['outlierExposureLoss', () => outlierExposureLoss(batch, { alfa: 1 } as never), "'alpha'"],
  [
    'outlierExposureLoss',
    () => outlierExposureLossParts(batch, { useType: false } as never),
    "'useTypeLoss'",
  ],
  ['sampleMixup', () => sampleMixup(2, { betaa: 1, random } as never), "'beta'"],
  ['BalancedBatchSampler', () => new BalancedBatchSampler({ nNormals: 4, random } as never), "'nNormal'"],
  ['BalancedBatchSampler.epoch', () => sampler.epoch({ nNormalClip: 4 } as never), "'nNormalClips'"],
];

it.each(misspelt)('%s names the option that was meant', (name, run, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(`losses-mixup.${name}: unknown option '`);
  expect(run).toThrow(meant);
});

it('SubClusterAdaCos.loss names the option that was meant', () => {
  const adaCos = new SubClusterAdaCos({ ...sizes, nSubClusters: 2 });
  expect(() => adaCos.loss(matrix, matrix, { train: true } as never)).toThrow(
    "losses-mixup.SubClusterAdaCos.loss: unknown option 'train'. Did you mean 'training'?",
  );
  adaCos.dispose();
});
