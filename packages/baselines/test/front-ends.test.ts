import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  LIBROSA_FRONT_END,
  LIBROSA_SYMMETRIC_FRONT_END,
  LIBROSA_ZERO_FRONT_END,
  NetworkFrontEnd,
  TORCHAUDIO_FRONT_END,
} from '../src/network-system/front-end';
import golden from './golden/front-ends.json';

const KINDS = {
  torchaudio: TORCHAUDIO_FRONT_END,
  librosa: LIBROSA_FRONT_END,
  librosaZero: LIBROSA_ZERO_FRONT_END,
  librosaSymmetric: LIBROSA_SYMMETRIC_FRONT_END,
};
const { nSamples, hopLength, nMels } = golden.sizes;
const sampleRate = 16_000;
const frontEnd = (name: keyof typeof KINDS, nFft: number) =>
  new NetworkFrontEnd(
    { sampleRate, nFft, hopLength, nMels, fMin: 0, fMax: 8000 },
    { ...KINDS[name], keepsWaveform: true },
  );

test.each(golden.cases)('the front end $name equals librosa', ({ name, nFft, nFrames, values }) => {
  const waveform = Float32Array.from(formulaValues('front end', nSamples), (value) => 0.3 * value);
  const features = frontEnd(name as keyof typeof KINDS, nFft).compute(waveform, {
    ...{ sampleRate, name: 'noise', minSamples: 0 },
  });
  expect([features.nMels, features.nFrames]).toEqual([nMels, nFrames]);
  const kept = golden.bands.flatMap((band) =>
    Array.from(features.spectrogram.subarray(band * nFrames, (band + 1) * nFrames)),
  );
  expectAllClose(kept, values, golden.tolerance);
});

test('10 s at 16 kHz are 313 frames; a short sound is repeated, a shorter one refused', () => {
  const front = frontEnd('torchaudio', 1024);
  expect(front.nFrames(160_000)).toBe(313);
  const waveform = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i));
  const { waveform: repeated, nFrames } = front.compute(waveform, {
    sampleRate,
    name: 'x',
    minSamples: 4000,
  });
  expect(repeated).toHaveLength(4000);
  expect(nFrames).toBe(8);
  expect(Array.from(repeated!.subarray(3000))).toEqual(Array.from(waveform.subarray(0, 1000)));
  expect(() => front.compute(waveform, { sampleRate, name: 'x', minSamples: 7000 })).toThrow(
    /length of x in seconds must be at least 0.22, half of what the network hears at once, got 0.1875/,
  );
});
