import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { MelSpectrogram, type MelSpectrogramOptions, melFilterbank, stft } from '../src/index';
import golden from './golden/audio-features.json';

/** The signal of the golden file. */
function signal(length: number): Float32Array {
  return Float32Array.from(formulaValues(golden.seed, length), (value) => 0.5 * value + 0.01);
}

/** rtol 1e-4 and 1e-5 of the largest value: what float32 leaves of torchaudio's digits. */
function tolerance(values: readonly number[]) {
  const { rtol, atolOfMax } = golden.tolerance;
  return { rtol, atol: atolOfMax * Math.max(...values.map(Math.abs)) };
}

const cases = golden.melSpectrograms.map(({ length, options, shape, values }) => {
  const name = Object.entries(options).map(([key, value]) => `${key} ${value}`);
  return {
    name: `${length} samples, ${name.join(', ')}`,
    length,
    shape,
    values,
    options: options as MelSpectrogramOptions,
  };
});

describe('equals torchaudio', () => {
  it.each(cases)('$name', ({ length, options, shape, values }) => {
    const { data, nMels, nFrames } = new MelSpectrogram(options).compute(signal(length));
    expect([nMels, nFrames]).toEqual(shape);
    expectAllClose(data, values, tolerance(values));
  });

  it('with the defaults, on a chunk of 2 s: 224 x 126', () => {
    const { length, shape, mean, max, indices, values } = golden.fullSize;
    const { data, nMels, nFrames } = new MelSpectrogram().compute(signal(length));
    expect([nMels, nFrames]).toEqual(shape);
    expect(shape).toEqual([224, 126]);
    const kept = indices.map((index) => data[index]!);
    expectAllClose(kept, values, { rtol: 1e-4, atol: 1e-5 * max });
    const sum = data.reduce((total, value) => total + value, 0);
    expectAllClose(sum / data.length, mean, { rtol: 1e-6, atol: 0 });
  });
});

describe('MelSpectrogram', () => {
  const frames = { nFft: 256, hopLength: 100 };
  const small = { ...frames, nMels: 12 };

  it('is the filter bank times the magnitudes of the STFT', () => {
    const waveform = signal(1000);
    const bands = { nFft: 256, nMels: 12, norm: 'slaney', melScale: 'slaney' } as const;
    const { data, nFrames } = new MelSpectrogram({ ...frames, ...bands }).compute(waveform);
    const spectrum = stft(waveform, frames);
    const bank = melFilterbank(bands);
    const expected = Array.from(data, (_, i) => {
      const m = Math.floor(i / nFrames);
      let sum = 0;
      for (let k = 0; k < bank.nBins; k++) {
        const at = k * nFrames + (i % nFrames);
        sum += bank.data[m * bank.nBins + k]! * Math.hypot(spectrum.real[at]!, spectrum.imag[at]!);
      }
      return sum;
    });
    expectAllClose(data, expected, { rtol: 1e-5, atol: 1e-9 });
  });

  it('gives the same for the same clip, whatever came between', () => {
    const mel = new MelSpectrogram({ ...small, winLength: 200 });
    const first = mel.compute(signal(1000));
    mel.compute(signal(3000).map((sample) => 100 * sample));
    expect(mel.compute(signal(1000))).toEqual(first);
  });

  it('leaves the waveform alone and is linear in amplitude', () => {
    const mel = new MelSpectrogram(small);
    const waveform = signal(1000);
    const { data } = mel.compute(waveform);
    expect(waveform).toEqual(signal(1000));
    const { data: doubled } = mel.compute(waveform.map((sample) => 2 * sample));
    expectAllClose(
      doubled,
      data.map((value) => 2 * value),
      { rtol: 1e-6, atol: 1e-9 },
    );
  });

  it('writes into out and returns it', () => {
    const mel = new MelSpectrogram(small);
    const batch = new Float32Array(2 * 12 * mel.nFrames(1000));
    const out = batch.subarray(batch.length / 2);
    expect(mel.compute(signal(1000), out).data).toBe(out);
    expect(out).toEqual(mel.compute(signal(1000)).data);
    expect(batch.subarray(0, batch.length / 2).every((value) => value === 0)).toBe(true);
  });

  it('is zero for silence, and the floor with a logarithm', () => {
    const silence = new Float32Array(1000);
    expect(new MelSpectrogram(small).compute(silence).data.every((value) => value === 0)).toBe(true);
    for (const [log, floor] of [
      ['natural', Math.log(1e-10)],
      ['log10', -10],
      ['dB', -200],
    ] as const) {
      const { data } = new MelSpectrogram({ ...small, log }).compute(silence);
      expectAllClose(
        data,
        Array.from(data, () => floor),
        { rtol: 1e-6, atol: 0 },
      );
    }
  });

  it('has the largest band where the tone is', () => {
    const tone = Float32Array.from({ length: 32000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 16000));
    const { data, nMels, nFrames } = new MelSpectrogram().compute(tone);
    const column = Array.from({ length: nMels }, (_, m) => data[m * nFrames + 60]!);
    const bank = melFilterbank();
    const bin = (1000 / 16000) * 2048;
    const heard = Array.from({ length: nMels }, (_, m) => bank.data[m * bank.nBins + bin]!);
    expect(column.indexOf(Math.max(...column))).toBe(heard.indexOf(Math.max(...heard)));
  });

  it.each([32000, 31999, 1025, 160000])('counts the frames of %i samples', (length) => {
    const mel = new MelSpectrogram();
    expect(mel.nFrames(length)).toBe(1 + Math.floor(length / 256));
    expect(mel.compute(new Float32Array(length)).nFrames).toBe(mel.nFrames(length));
    const plain = new MelSpectrogram({ center: false });
    expect(plain.nFrames(length)).toBe(length < 2048 ? 0 : 1 + Math.floor((length - 2048) / 256));
  });

  it.each<[MelSpectrogramOptions, RegExp]>([
    [{ nFft: 400 }, /nFft must be a power of two, got 400\. Use nFft 512 with winLength 400/],
    [{ nFft: 401 }, /nFft must be a power of two, got 401/],
    [{ nFft: 2 }, /nFft must be a whole number from 4 to 16777216, got 2/],
    [{ winLength: 4096 }, /winLength \(nFft is 2048\) must be a whole number from 1 to 2048, got 4096/],
    [{ winLength: 0 }, /winLength/],
    [{ hopLength: 0 }, /hopLength must be a whole number of at least 1, got 0/],
    [{ hopLength: 0.5 }, /hopLength/],
    [{ nMels: 0 }, /nMels must be a whole number of at least 1, got 0/],
    [{ fMin: -1 }, /fMin must be a finite number of at least 0, got -1/],
    [{ fMin: 8000 }, /fMax \(fMin is 8000\) must be a finite number above 8000, got 7800/],
    [{ fMax: 8001 }, /fMax must be at most half of sampleRate = 16000 Hz, got 8001/],
    [{ sampleRate: 8000 }, /fMax must be at most half of sampleRate = 8000 Hz, got 7800/],
    [{ sampleRate: Number.NaN }, /sampleRate must be a finite number above 0, got NaN/],
    [{ power: 0 }, /power must be a finite number above 0, got 0/],
    [{ logFloor: 0 }, /logFloor must be a finite number above 0, got 0/],
    [{ log: 'ln' as never }, /log must be one of null, 'natural', 'log10', 'dB', got 'ln'/],
    [
      { padMode: 'edge' as never },
      /padMode must be one of 'reflect', 'constant', 'replicate', 'circular', got 'edge'/,
    ],
    [{ melScale: 'bark' as never }, /melScale must be one of 'htk', 'slaney', 'linear', got 'bark'/],
    [{ norm: 'l1' as never }, /norm must be one of null, 'slaney', got 'l1'/],
  ])('refuses the options %j', (options, message) => {
    expect(() => new MelSpectrogram(options)).toThrow(message);
    expect(() => new MelSpectrogram(options)).toThrow(/^audio-features\.MelSpectrogram: /);
    expect(() => new MelSpectrogram(options)).toThrow(RangeError);
  });

  it.each<[MelSpectrogramOptions, RegExp]>([
    [{ center: 'yes' as never }, /center must be a boolean, got 'yes'/],
    [{ normalized: 'window' as never }, /normalized must be a boolean, got 'window'/],
    [{ nMels: '64' as never }, /nMels must be a whole number of at least 1, got '64'/],
  ])('refuses options of another kind, %j', (options, message) => {
    expect(() => new MelSpectrogram(options)).toThrow(message);
    expect(() => new MelSpectrogram(options)).toThrow(TypeError);
  });

  it.each<[string, unknown, RegExp]>([
    ['an empty clip', new Float32Array(0), /waveform must hold at least one sample/],
    ['NaN', Float32Array.of(0, NaN), /finite samples, got NaN at index 1/],
    ['infinity', Float32Array.of(-Infinity), /finite samples, got -Infinity at index 0/],
    [
      'a clip too short to reflect',
      new Float32Array(1024),
      /at least 1025 samples for padMode 'reflect', got 1024/,
    ],
    ['plain numbers', [0, 1, 2], /must be a Float32Array, got \[0, 1, 2\]\. Float32Array\.from/],
    ['doubles', new Float64Array(3000), /must be a Float32Array, got a Float64Array/],
    ['nothing', undefined, /must be a Float32Array, got undefined/],
  ])('refuses %s', (_, waveform, message) => {
    expect(() => new MelSpectrogram().compute(waveform as never)).toThrow(message);
  });

  it('refuses short clips by pad mode, and an out of another length', () => {
    const short = new Float32Array(100);
    expect(() => new MelSpectrogram({ padMode: 'circular' }).compute(short)).toThrow(/at least 1024 samples/);
    expect(() => new MelSpectrogram({ center: false }).compute(short)).toThrow(
      /at least nFft = 2048 samples where center is false, got 100/,
    );
    expect(() => new MelSpectrogram().compute(new Float32Array(2048), new Float32Array(3))).toThrow(
      /out must have nMels x nFrames = 224 x 9 = 2016 values, got 3/,
    );
  });
});
