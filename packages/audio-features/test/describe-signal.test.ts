import { decodeWav, describeSignal, encodeWav } from '../src';

const RATE = 16_000;
const N = RATE;
const tone = (level: number) =>
  Float32Array.from({ length: N }, (_, i) => level * Math.sin(0.05 * i + Math.sin(0.3 * i)));
const kindsOf = (channels: Float32Array[], sampleRate = RATE) =>
  describeSignal({ sampleRate, channels }).findings.map(({ kind }) => kind);

describe('describeSignal', () => {
  it('measures level and peak of the averaged channels', () => {
    const { level, peak, findings } = describeSignal({ sampleRate: RATE, channels: [tone(0.5), tone(0.1)] });
    expect(level).toBeCloseTo(0.3 / Math.SQRT2, 2);
    expect(peak).toBeCloseTo(0.5, 3);
    expect(findings).toEqual([]);
  });

  it.each([8000, 16_000, 44_100, 192_000])('finds dead stretches by time, at %i Hz', (rate) => {
    const half = Float32Array.from({ length: 2 * rate }, (_, i) => (i < rate ? Math.sin(i * i) / 5 : 0));
    expect(kindsOf([half], rate)).toEqual(['partlyDead']);
    const start = half.map((_, i) => (i < 0.1 * rate ? 0 : Math.sin(i * i) / 5));
    expect(kindsOf([start], rate)).toEqual([]);
  });

  it.each([8, 16, 24, 32] as const)(
    'takes sound of %i bits for sound, and its last steps for dither',
    (bitDepth) => {
      const read = (level: number) =>
        decodeWav(encodeWav({ sampleRate: RATE, channels: [tone(level)] }, { bitDepth })).channels;
      expect(kindsOf(read(0.3))).toEqual([]);
      const lastSteps = kindsOf(read(2.6 * 2 ** -(bitDepth - 1)));
      expect(lastSteps).toEqual(bitDepth === 8 ? [] : ['ditherOnly']); // two steps of 8 bits are loud
    },
  );

  it.each([
    ['one sample', 1],
    ['fewer than a block', 30],
  ])('takes %s', (_, length) => {
    expect(() => describeSignal({ sampleRate: RATE, channels: [tone(0.1).slice(0, length)] })).not.toThrow();
    expect(kindsOf([new Float32Array(length)])).toEqual(['constant']);
  });

  it('says one thing where that explains the others', () => {
    expect(kindsOf([new Float32Array(N), new Float32Array(N)])).toEqual(['constant']);
    expect(kindsOf([new Float32Array(N).fill(1)])).toEqual(['constant']); // not clipped too
    expect(kindsOf([tone(0.5), tone(-0.5)])).toEqual(['cancelling']);
    expect(kindsOf([tone(20_000)])).toEqual(['integerScale']);
    expect(kindsOf([tone(0.2), new Float32Array(N)])).toEqual(['deadChannel']);
  });

  it('says several things where several are wrong', () => {
    const clipped = tone(9).map((x, i) => (i < N / 2 ? 0 : Math.max(-1, Math.min(1, x))));
    expect(kindsOf([clipped])).toEqual(['clipped', 'partlyDead']);
  });

  it('leaves floats somewhat beyond full scale alone', () => {
    for (const level of [1.2, 5, 15]) expect(kindsOf([tone(level)])).toEqual([]);
  });

  it('refuses what is no audio', () => {
    expect(() => describeSignal({ sampleRate: 0, channels: [tone(1)] })).toThrow(/sampleRate must be/);
    expect(() => describeSignal({ sampleRate: RATE, channels: [] })).toThrow(RangeError);
    expect(() => describeSignal({ sampleRate: RATE, channels: [Float32Array.of(Number.NaN)] })).toThrow(
      /finite/,
    );
    expect(() => describeSignal({ sampleRate: RATE, channels: [[1, 2]] as never })).toThrow(TypeError);
  });
});
