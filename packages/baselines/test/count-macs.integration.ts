import { memory, setBackend } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { clpScfMethod } from '../src/clp-scf/clp-scf-method';
import { clpScf, noisyArcmix, scadacos, stgramMfn, swWavenet } from '../src/index';
import { countMacs } from '../src/network-system/count-macs';
import type { NetworkMethod } from '../src/network-system/network-method';
import { noisyArcmixMethod } from '../src/noisy-arcmix/noisy-arcmix-method';
import { scadacosMethod } from '../src/scadacos/scadacos-method';
import { stgramMfnMethod } from '../src/stgram-mfn/stgram-mfn-method';
import { swWavenetMethod } from '../src/sw-wavenet/sw-wavenet-method';

const WINDOW = { nFrames: 313, nSamples: 160_000, hop: 156, nWindows: null, coversEnd: true };
const BOTH = [[160_000], [128, 313]];

beforeAll(() => setBackend('wasm'));

it.each([
  ['stgram-mfn', stgramMfn, stgramMfnMethod, BOTH, 750],
  ['noisy-arcmix', noisyArcmix, noisyArcmixMethod, BOTH, 760],
  ['clp-scf', clpScf, clpScfMethod, BOTH, 800],
  ['scadacos', scadacos, scadacosMethod, [[313, 128]], 95],
  ['sw-wavenet', swWavenet, swWavenetMethod, BOTH, 10_500],
] as const)('%s does about as many multiply-accumulates on 10 s as its authors count', async (...row) => {
  const [, system, method, shapes, mMacs] = row;
  const before = memory().numTensors;
  const config = system.resolveConfig('paper', {});
  const setup = { config, nClasses: 41, nMachines: 41, window: WINDOW, nMels: 128, ops: undefined };
  const counted = await countMacs(method as NetworkMethod<typeof config>, setup, shapes);
  expect(counted / 1e6 / mMacs).toBeGreaterThan(0.9);
  expect(counted / 1e6 / mMacs).toBeLessThan(1.1);
  expect(memory().numTensors).toBe(before);
});
