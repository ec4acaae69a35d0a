import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { type StftOptions, stft } from '../src/index';
import golden from './golden/audio-features.json';

function signal(length: number): Float32Array {
  return Float32Array.from(formulaValues(golden.seed, length), (value) => 0.5 * value + 0.01);
}

/** Bin k of the windowed frame that starts at `start`, by the definition. */
function dft(waveform: Float32Array, start: number, nFft: number, k: number): [number, number] {
  let real = 0;
  let imag = 0;
  for (let n = 0; n < nFft; n++) {
    const sample = waveform[start + n]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / nFft));
    real += sample * Math.cos((2 * Math.PI * k * n) / nFft);
    imag -= sample * Math.sin((2 * Math.PI * k * n) / nFft);
  }
  return [real, imag];
}

describe('stft', () => {
  it.each(golden.stfts)(
    'equals torch.stft: $length samples, $options',
    ({ length, options, shape, real, imag }) => {
      const spectrum = stft(signal(length), options as StftOptions);
      expect([spectrum.nBins, spectrum.nFrames]).toEqual(shape);
      expectAllClose(spectrum.real, real, { rtol: 1e-4, atol: 1e-5 });
      expectAllClose(spectrum.imag, imag, { rtol: 1e-4, atol: 1e-5 });
    },
  );

  it.each([4, 8, 16, 32, 64, 128, 1024])('equals a plain DFT for nFft %i', (nFft) => {
    const waveform = signal(3 * nFft);
    const { real, imag, nBins, nFrames } = stft(waveform, {
      nFft,
      hopLength: nFft,
      center: false,
      normalized: false,
    });
    expect([nBins, nFrames]).toEqual([nFft / 2 + 1, 3]);
    for (let k = 0; k < nBins; k += nFft > 100 ? 31 : 1) {
      for (let t = 0; t < nFrames; t++) {
        const at = k * nFrames + t;
        expectAllClose([real[at]!, imag[at]!], dft(waveform, t * nFft, nFft, k), { rtol: 1e-6, atol: 1e-6 });
      }
    }
  });

  it('divides by the L2 norm of the window by default', () => {
    const plain = stft(signal(600), { nFft: 128, winLength: 99, normalized: false });
    const normalized = stft(signal(600), { nFft: 128, winLength: 99 });
    const norm = Math.sqrt(99 * 0.375); // the mean of sin^4 is 3 / 8
    expectAllClose(
      normalized.real,
      plain.real.map((value) => value / norm),
      { rtol: 1e-6, atol: 1e-8 },
    );
  });

  it('has the mel defaults: 2048, 256, centred', () => {
    expect(stft(signal(32000))).toMatchObject({ nBins: 1025, nFrames: 126 });
  });

  it.each<[unknown, StftOptions, RegExp]>([
    [new Float32Array(0), {}, /waveform must hold at least one sample/],
    [[1, 2, 3], {}, /waveform must be a Float32Array, got \[1, 2, 3\]/],
    [Float32Array.of(NaN), {}, /finite samples/],
    [
      new Float32Array(5000),
      { nFft: 1000 },
      /nFft must be a power of two, got 1000\. Use nFft 1024 with winLength 1000/,
    ],
    [new Float32Array(100), { center: false }, /at least nFft = 2048 samples/],
    [new Float32Array(100), {}, /at least 1025 samples for padMode 'reflect'/],
  ])('refuses %p with %j', (waveform, options, message) => {
    expect(() => stft(waveform as never, options)).toThrow(message);
    expect(() => stft(waveform as never, options)).toThrow(/^audio-features\.stft: /);
  });
});
