import { decodeWav, encodeWav, resample } from '../src/index';

/** Repeats a call for about half a second and prints the median time. */
function bench(name: string, call: () => unknown): void {
  const times: number[] = [];
  const end = performance.now() + 500;
  while (performance.now() < end || times.length < 3) {
    const start = performance.now();
    if (call() === undefined) throw new Error('no result');
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(56)} ${times[times.length >> 1]!.toFixed(3)} ms`);
}

const clip = Float32Array.from({ length: 160_000 }, (_, i) => 0.5 * Math.sin(i * 0.031));
const eight = Array.from({ length: 8 }, () => clip);

for (const bitDepth of [8, 16, 24, 32] as const) {
  const bytes = encodeWav({ sampleRate: 16000, channels: [clip] }, { bitDepth });
  bench(`decodeWav: 10 s mono, ${bitDepth} bit`, () => decodeWav(bytes));
}
const float = encodeWav({ sampleRate: 16000, channels: [clip] }, { encoding: 'float' });
bench('decodeWav: 10 s mono, float32', () => decodeWav(float));
const extensible = encodeWav({ sampleRate: 16000, channels: eight });
bench('decodeWav: 10 s of 8 channels, 16 bit', () => decodeWav(extensible));
bench('encodeWav: 10 s mono, 16 bit', () => encodeWav({ sampleRate: 16000, channels: [clip] }));

for (const [fromRate, toRate] of [
  [44100, 16000],
  [48000, 16000],
  [16000, 8000],
  [16000, 44100],
] as const) {
  const second = Float32Array.from({ length: fromRate }, (_, i) => 0.5 * Math.sin(i * 0.031));
  bench(`resample: 1 s from ${fromRate} to ${toRate} Hz`, () => resample(second, fromRate, toRate));
}
