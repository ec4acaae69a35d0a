import { normalValues, seededRandom } from '@serial-oe/foundation';
import { soundLevels } from '../src/index';

const sampleRate = 16_000;
const tone = (hz: number, amplitude: number) =>
  Float32Array.from({ length: 32_000 }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / sampleRate));
const noise = normalValues(64_000, 0.1, seededRandom(1));
const sumOf = (levels: Float64Array) =>
  10 * Math.log10(levels.reduce((sum, level) => sum + 10 ** (level / 10), 0));

describe('soundLevels', () => {
  it('measures a tone as its mean square, nearly all of it in the band where it lies', () => {
    const { levelDb, bandLevelsDb } = soundLevels(tone(1000, 0.5), { sampleRate });
    expect(levelDb).toBeCloseTo(10 * Math.log10(0.125), 2);
    expect(sumOf(bandLevelsDb)).toBeCloseTo(levelDb, 0);
    expect(Math.max(...bandLevelsDb)).toBeGreaterThan(levelDb - 4);
    expect(bandLevelsDb[7]).toBeLessThan(levelDb - 50);
  });

  it('gives the bands of white noise the share of the spectrum that they take', () => {
    const { levelDb, bandLevelsDb } = soundLevels(noise, { sampleRate });
    expect(levelDb).toBeCloseTo(-20, 1);
    // all but what lies below the centre of the first band and above that of the last, where weights fall to 0
    expect(sumOf(bandLevelsDb)).toBeGreaterThan(levelDb - 1);
    expect(sumOf(bandLevelsDb)).toBeLessThan(levelDb);
    for (let band = 1; band < 8; band++) expect(bandLevelsDb[band]).toBeGreaterThan(bandLevelsDb[band - 1]!);
  });

  it('moves every level by 6.02 dB where the sound is twice as loud, and none else', () => {
    const once = soundLevels(noise, { sampleRate, nBands: 5 });
    const twice = soundLevels(
      noise.map((sample) => 2 * sample),
      { sampleRate, nBands: 5 },
    );
    expect(twice.levelDb - once.levelDb).toBeCloseTo(20 * Math.log10(2), 4);
    expect(once.bandLevelsDb).toHaveLength(5);
    for (const [band, level] of twice.bandLevelsDb.entries())
      expect(level - once.bandLevelsDb[band]!).toBeCloseTo(20 * Math.log10(2), 4);
  });

  it('has a level for silence', () => {
    const { levelDb, bandLevelsDb } = soundLevels(new Float32Array(16_000), { sampleRate });
    expect([levelDb, ...bandLevelsDb]).toEqual(Array(9).fill(-120));
  });

  it('refuses what is no waveform or no rate', () => {
    expect(() => soundLevels(new Float32Array(0), { sampleRate })).toThrow(RangeError);
    expect(() => soundLevels(Float32Array.of(Number.NaN), { sampleRate })).toThrow(RangeError);
    expect(() => soundLevels(noise, { sampleRate: 0 })).toThrow('audio-features.soundLevels: sampleRate');
    expect(() => soundLevels(noise, { sampleRate, nBands: 1.5 })).toThrow('nBands');
  });
});
