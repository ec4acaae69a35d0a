import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { istft, stft } from '../src/index';
import golden from './golden/istft.json';

const signal = (length: number) => Float32Array.from(formulaValues('istft', length));

describe('istft', () => {
  it.each(golden.cases)(
    'is the least-squares solution that numpy finds: $options',
    ({ options, length, nFrames, real, imag, waveform }) => {
      const spectrum = {
        real: Float32Array.from(real),
        imag: Float32Array.from(imag),
        nBins: options.nFft / 2 + 1,
        nFrames,
      };
      expectAllClose(istft(spectrum, { ...options, length }), waveform, { rtol: 1e-5, atol: 1e-6 });
    },
  );

  it.each([
    { nFft: 4, hopLength: 1 },
    { nFft: 8, hopLength: 4 },
    { nFft: 256, hopLength: 128, normalized: false },
    { nFft: 1024, hopLength: 512 },
    { nFft: 512, hopLength: 100, winLength: 400 },
  ])('undoes stft: $nFft, $hopLength, $winLength', (options) => {
    const waveform = signal(3000);
    const back = istft(stft(waveform, options), { ...options, length: 3000 });
    expectAllClose(back, waveform, { rtol: 1e-5, atol: 1e-6 });
  });

  it('refuses a spectrogram of another size, frames that do not overlap, and a length that is none', () => {
    const options = { nFft: 64, hopLength: 32 };
    const spectrum = stft(signal(320), options);
    expect(() => istft(spectrum, { ...options, length: 400 })).toThrow(
      'audio-features.istft: spectrum must have nBins x nFrames = 33 x 13 values for these options and this length, got 33 x 11 with 363 and 363. Pass the options of stft.',
    );
    expect(() => istft(spectrum, { ...options, length: 0 })).toThrow('length must be a whole number');
    const apart = { nFft: 64, hopLength: 64 };
    expect(() => istft(stft(signal(320), apart), { ...apart, length: 320 })).toThrow('frames must overlap');
    expect(() => istft(spectrum, { ...options, length: 320, hop: 3 } as never)).toThrow('hopLength');
  });
});
