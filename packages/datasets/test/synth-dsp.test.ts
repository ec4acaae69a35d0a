import { seededRandom } from '../src';
import { createDraw } from '../src/synth/draw';
import { bandPass, filter, highPass, highShelf, lowPass, peak } from '../src/synth/dsp/biquad';
import { power } from '../src/synth/dsp/level';
import { detune, ring } from '../src/synth/dsp/modes';
import { pinkNoise, smoothGain, smoothWalk, whiteNoise } from '../src/synth/dsp/noise';
import { integrateSpeed, playTable, waveTable } from '../src/synth/dsp/oscillator';
import { reverberate } from '../src/synth/dsp/reverb';
import { shaftHarmonics } from '../src/synth/parts';
import { blockLevels, decibels, tonePower } from './support/signal';

const sampleRate = 16000;
const sine = (frequency: number, n = sampleRate) =>
  Float32Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / sampleRate));
/** Gain of a filter for a sine, dB, once it has settled. */
const gainAt = (frequency: number, section: ReturnType<typeof lowPass>) =>
  decibels(power(filter(sine(frequency), section).subarray(8000)) / 0.5);

describe('biquad filters', () => {
  const band = { frequency: 1000, q: Math.SQRT1_2, sampleRate };

  it('have the gains that their doc comments promise', () => {
    expect(gainAt(1000, lowPass(band))).toBeCloseTo(-3.01, 1);
    expect(gainAt(20, lowPass(band))).toBeCloseTo(0, 2);
    expect(gainAt(4000, lowPass(band))).toBeLessThan(-24);
    expect(gainAt(1000, highPass(band))).toBeCloseTo(-3.01, 1);
    expect(gainAt(7900, highPass(band))).toBeCloseTo(0, 2);
    expect(gainAt(1000, bandPass(band))).toBeCloseTo(0, 2);
    expect(gainAt(1000, peak({ ...band, q: 3 }, 9))).toBeCloseTo(9, 2);
    expect(gainAt(20, peak({ ...band, q: 3 }, 9))).toBeCloseTo(0, 1);
    expect(gainAt(20, highShelf(band, -12))).toBeCloseTo(0, 2);
    expect(gainAt(1000, highShelf(band, -12))).toBeCloseTo(-6, 1);
    expect(gainAt(7900, highShelf(band, -12))).toBeCloseTo(-12, 1);
  });

  it('stay stable for frequencies above what the sample rate can hold', () => {
    const out = filter(sine(440), bandPass({ frequency: 20000, q: 5, sampleRate }));
    expect(out.every((value) => Math.abs(value) < 1)).toBe(true);
  });
});

describe('ring', () => {
  it('is gain * exp(-t / decay) * sin(2 pi f t) after each blow, blows added up', () => {
    const mode = { frequency: 1234, decay: 0.01, gain: 0.7 };
    const impulses = new Float32Array(4000);
    impulses[100] = 1;
    impulses[350] = -0.5;
    const out = ring(impulses, [mode, detune([mode], 1.5, 0.5)[0]!], sampleRate);
    const after = (samples: number, frequency: number, decay: number) => {
      const t = Math.max(0, samples) / sampleRate;
      return 0.7 * Math.exp(-t / decay) * Math.sin(2 * Math.PI * frequency * t);
    };
    for (const i of [0, 99, 100, 101, 180, 349, 351, 500, 900]) {
      const both = (frequency: number, decay: number) =>
        after(i - 100, frequency, decay) - 0.5 * after(i - 350, frequency, decay);
      expect(Math.abs(out[i]! - both(1234, 0.01) - both(1851, 0.005))).toBeLessThan(3e-5);
    }
    expect(out.subarray(3900).every((value) => value === 0)).toBe(true);
  });
});

describe('oscillator', () => {
  it('adds up harmonics with their phases and plays them along a phase', () => {
    const harmonics = [
      { order: 1, amplitude: 0.5, phase: 0.1 },
      { order: 7, amplitude: 0.2, phase: 0.6 },
    ];
    const factor = new Float32Array(2000).fill(1.25);
    const phase = integrateSpeed(40, factor, { start: 0.3, sampleRate });
    const out = playTable(waveTable(harmonics), phase);
    for (const i of [0, 1, 777, 1999]) {
      const cycles = 0.3 + (50 * i) / sampleRate;
      const expected = harmonics.reduce(
        (sum, { order, amplitude, phase: p }) =>
          sum + amplitude * Math.sin(2 * Math.PI * (order * cycles + p)),
        0,
      );
      expect(Math.abs(out[i]! - expected)).toBeLessThan(1e-4);
    }
  });

  it('gives a shaft the pass tone of its parts, and tones of unit power', () => {
    const draw = createDraw(seededRandom(1));
    const tone = { nPerTurn: 7, nOrders: 60, fall: 1, irregularity: -25 };
    const phase = integrateSpeed(20, new Float32Array(sampleRate).fill(1), { start: 0, sampleRate });
    const out = playTable(waveTable(shaftHarmonics(draw, tone)), phase);
    expect(power(out)).toBeCloseTo(1, 2);
    const passTone = tonePower(out, 140, sampleRate);
    for (const order of [1, 3, 6, 8, 15]) {
      expect(decibels(passTone / tonePower(out, 20 * order, sampleRate))).toBeGreaterThan(10);
    }
  });
});

describe('noise', () => {
  it('white noise has unit power, pink noise falls by about 3 dB an octave', () => {
    expect(power(whiteNoise(100_000, seededRandom(0)))).toBeCloseTo(1, 1);
    const noise = pinkNoise(400_000, seededRandom(0));
    const octave = (frequency: number) =>
      power(filter(Float32Array.from(noise), bandPass({ frequency, q: Math.SQRT2, sampleRate }))) / frequency;
    for (const frequency of [125, 500, 2000]) {
      expect(decibels(octave(frequency) / octave(2 * frequency))).toBeGreaterThan(1.5);
      expect(decibels(octave(frequency) / octave(2 * frequency))).toBeLessThan(4.5);
    }
  });

  it('walks have the spread asked for and forget in the time asked for', () => {
    const options = { nSamples: 4_000_000, sampleRate, standardDeviation: 0.3, timeConstant: 0.2 };
    const walk = smoothWalk({ ...options, random: seededRandom(2) });
    expect(Math.sqrt(power(walk))).toBeGreaterThan(0.27);
    expect(Math.sqrt(power(walk))).toBeLessThan(0.33);
    let covariance = 0;
    const lag = Math.round(0.2 * sampleRate);
    for (let i = 0; i + lag < walk.length; i++) covariance += (walk[i]! * walk[i + lag]!) / walk.length;
    expect(covariance / power(walk)).toBeGreaterThan(0.25); // exp(-1) = 0.37
    expect(covariance / power(walk)).toBeLessThan(0.5);
    const gain = smoothGain({ ...options, nSamples: 20_000, random: seededRandom(2) });
    expect(gain[160]).toBeCloseTo(Math.exp(walk[160]!), 5);
    expect(gain.every((value) => value > 0)).toBe(true);
  });
});

describe('reverberate', () => {
  it('falls by 60 dB in the reverberation time', () => {
    const impulse = new Float32Array(3 * sampleRate);
    impulse[0] = 1;
    const tail = reverberate(impulse, { sampleRate, reverberationTime: 1 });
    const levels = blockLevels(tail, sampleRate / 4);
    const fall = decibels((levels[1]! / levels[5]!) ** 2); // over one second
    expect(fall).toBeGreaterThan(50);
    expect(fall).toBeLessThan(90); // high tones go first
  });
});
