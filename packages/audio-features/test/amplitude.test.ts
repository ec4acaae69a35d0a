import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { AmplitudeAccumulator, amplitudeStatistics, normalizeAmplitude, toMono } from '../src/index';

const noise = (name: string, length: number) => Float32Array.from(formulaValues(name, length));

describe('amplitudeStatistics', () => {
  it('is mean and population std of all samples together', () => {
    const { mean, std } = amplitudeStatistics([
      Float32Array.of(1, 2),
      Float32Array.of(3),
      Float32Array.of(6),
    ]);
    expectAllClose([mean, std], [3, Math.sqrt(14 / 4)], { rtol: 1e-15, atol: 0 });
  });

  it('does not depend on how the samples are cut', () => {
    const all = noise('cut', 10_000).map((sample) => sample + 2);
    const parts = [0, 1, 5000, 5003, 9999].map((start, i, starts) => all.slice(start, starts[i + 1]));
    const whole = amplitudeStatistics([all]);
    const cut = amplitudeStatistics(parts);
    expectAllClose([cut.mean, cut.std], [whole.mean, whole.std], { rtol: 1e-13, atol: 0 });
  });

  it('keeps its digits on a large offset', () => {
    const clips = Array.from({ length: 50 }, () => Float32Array.of(4096, 4097, 4098, 4099));
    const { mean, std } = amplitudeStatistics(clips);
    expectAllClose([mean, std], [4097.5, Math.sqrt(1.25)], { rtol: 1e-14, atol: 0 });
  });

  it('asks a generator once for each waveform', () => {
    let nAsked = 0;
    function* clips() {
      for (; nAsked < 3; nAsked++) yield Float32Array.of(nAsked);
    }
    expect(amplitudeStatistics(clips()).mean).toBe(1);
    expect(nAsked).toBe(3);
  });

  it('gives a std of 0 for constant data', () => {
    expect(amplitudeStatistics([new Float32Array(9), new Float32Array(3)])).toEqual({ mean: 0, std: 0 });
  });

  it.each<[unknown, RegExp]>([
    [[], /waveforms must hold at least one waveform, got none/],
    [[Float32Array.of(1), new Float32Array(0)], /waveforms\[1\] must hold at least one sample/],
    [[Float32Array.of(1, NaN)], /waveforms\[0\] must hold finite samples, got NaN at index 1/],
    [[Float32Array.of(1), Float32Array.of(Infinity)], /waveforms\[1\].*got Infinity at index 0/],
    [[[1, 2]], /waveforms\[0\] must be a Float32Array, got \[1, 2\]/],
    [Float32Array.of(1), /waveforms\[0\] must be a Float32Array, got 1/],
  ])('refuses %p', (waveforms, message) => {
    expect(() => amplitudeStatistics(waveforms as never)).toThrow(message);
  });
});

describe('AmplitudeAccumulator', () => {
  it('gives the statistics of what was added so far', () => {
    const clips = [noise('a', 1000), noise('b', 17).map((sample) => sample - 3), noise('c', 400)];
    const accumulator = new AmplitudeAccumulator();
    clips.forEach((clip, i) => {
      accumulator.add(clip);
      expect(accumulator.statistics()).toEqual(amplitudeStatistics(clips.slice(0, i + 1)));
    });
  });

  it('refuses to answer before it knows, and bad waveforms without taking them in', () => {
    const accumulator = new AmplitudeAccumulator();
    expect(() => accumulator.statistics()).toThrow(/at least one waveform must have been added, got none/);
    accumulator.add(Float32Array.of(1, 3));
    expect(() => accumulator.add(Float32Array.of(NaN))).toThrow(/waveform must hold finite samples/);
    expect(() => accumulator.add(new Float32Array(0))).toThrow(RangeError);
    expect(() => accumulator.add([1] as never)).toThrow(TypeError);
    expect(accumulator.statistics()).toEqual({ mean: 2, std: 1 });
  });
});

describe('normalizeAmplitude', () => {
  it('gives mean 0 and std 1 with the statistics of the data', () => {
    const clips = [noise('a', 3000), noise('b', 200).map((sample) => 5 * sample + 1)];
    const statistics = amplitudeStatistics(clips);
    const { mean, std } = amplitudeStatistics(clips.map((clip) => normalizeAmplitude(clip, statistics)));
    expectAllClose([mean, std], [0, 1], { rtol: 1e-6, atol: 1e-7 });
  });

  it('subtracts and divides, into a new array', () => {
    const clip = Float32Array.of(1, 3, -1);
    expect(normalizeAmplitude(clip, { mean: 1, std: 2 })).toEqual(Float32Array.of(0, 1, -1));
    expect(clip).toEqual(Float32Array.of(1, 3, -1));
  });

  it.each([
    [1e-20, 1e-20],
    [1e-40, 1e-41],
    [1e6, 0.5],
    [1e30, 1e29],
  ])('takes samples of %d with a std of %d, whatever their scale', (sample, std) => {
    const [normalized] = normalizeAmplitude(Float32Array.of(sample), { mean: 0, std });
    expectAllClose(normalized!, Math.fround(sample) / std, { rtol: 1e-6, atol: 0 });
  });

  it('refuses the statistics of constant clips, which rounding keeps from 0', () => {
    for (const value of [0.1, 0.25, -0.7, 1e-6]) {
      const clip = new Float32Array(160_000).fill(value);
      const statistics = amplitudeStatistics([clip, clip.slice(3), clip.slice(7)]);
      expect(() => normalizeAmplitude(clip, statistics)).toThrow(/silent or constant/);
    }
  });

  it.each<[unknown, { mean: number; std: number }, RegExp]>([
    [
      new Float32Array(2),
      { mean: 0, std: 0 },
      /std must be above 0, got 0\. The data behind the statistics are silent or constant/,
    ],
    // what constant samples leave
    [
      Float32Array.of(0.1),
      { mean: 0.1, std: 1e-17 },
      /std must be more than the rounding of the mean of 0\.1, got 1e-17/,
    ],
    [Float32Array.of(-0.3), { mean: -0.3, std: 3e-9 }, /more than the rounding of the mean of -0\.3/],
    [
      Float32Array.of(0, 0.1),
      { mean: 0, std: 1e-300 },
      /within the range of float32 .* got 0\.1\d* at index 1/,
    ],
    [Float32Array.of(0.1), { mean: 0, std: 5e-324 }, /within the range of float32/],
    [
      Float32Array.of(-3e38),
      { mean: 0, std: 0.05 },
      /within the range of float32 once divided by the std of 0\.05/,
    ],
    [Float32Array.of(1), { mean: 1e308, std: 1e300 }, /within the range of float32|rounding/],
    [new Float32Array(2), { mean: 0, std: -1 }, /std must be a finite number above 0, got -1/],
    [new Float32Array(2), { mean: 0, std: NaN }, /std must be a finite number above 0, got NaN/],
    [new Float32Array(2), { mean: NaN, std: 1 }, /mean must be a finite number, got NaN/],
    [new Float32Array(0), { mean: 0, std: 1 }, /waveform must hold at least one sample/],
    [Float32Array.of(NaN), { mean: 0, std: 1 }, /waveform must hold finite samples/],
  ])('refuses %p with %p', (waveform, statistics, message) => {
    expect(() => normalizeAmplitude(waveform as never, statistics)).toThrow(message);
  });
});

describe('toMono', () => {
  it('is the mean of the channels', () => {
    expect(toMono([Float32Array.of(1, 0, -1), Float32Array.of(0, 0.5, -1)])).toEqual(
      Float32Array.of(0.5, 0.25, -1),
    );
  });

  it('copies a single channel', () => {
    const channel = Float32Array.of(1, 2);
    expect(toMono([channel])).toEqual(channel);
    expect(toMono([channel])).not.toBe(channel);
  });

  it('sums in float64', () => {
    const channels = [Float32Array.of(1), Float32Array.of(2 ** -24), Float32Array.of(2 ** -24)];
    expect(toMono(channels)[0]).toBe(Math.fround((1 + 2 ** -23) / 3));
  });

  it.each<[unknown, RegExp]>([
    [[], /channels must be an array of at least one Float32Array/],
    [Float32Array.of(1), /channels must be an array/],
    [[new Float32Array(0)], /channels\[0\] must hold at least one sample/],
    [[Float32Array.of(1), Float32Array.of(1, 2)], /same length, got 1 and 2 samples/],
    [[Float32Array.of(1), Float32Array.of(NaN)], /channels\[1\] must hold finite samples/],
  ])('refuses %p', (channels, message) => {
    expect(() => toMono(channels as never)).toThrow(message);
  });
});
