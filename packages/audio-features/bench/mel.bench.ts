import { chunkStarts, MelSpectrogram, melFilterbank, splitChunks, stft } from '../src/index';

/** Repeats a call for about a second and prints the median and the best time. */
function bench(name: string, call: () => unknown): void {
  const times: number[] = [];
  const end = performance.now() + 1000;
  while (performance.now() < end || times.length < 5) {
    const start = performance.now();
    if (call() === undefined) throw new Error('no result');
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1]!;
  console.log(`${name.padEnd(56)} median ${median.toFixed(3)} ms, best ${times[0]!.toFixed(3)} ms`);
}

/** Sounds of a machine, more or less: three partials and a hash for noise. */
const clip = Float32Array.from({ length: 160_000 }, (_, i) => {
  const noise = ((Math.imul(i, 0x9e3779b1) >>> 0) / 2 ** 32 - 0.5) * 0.02;
  return 0.1 * Math.sin(i * 0.031) + 0.05 * Math.sin(i * 0.43) + 0.02 * Math.sin(i * 1.9) + noise;
});
const mel = new MelSpectrogram();
const chunks = splitChunks(clip, { chunkLength: 32_000, nChunks: 10 });

bench('MelSpectrogram: 10 chunks of 2 s (a 10 s clip)', () => chunks.map((chunk) => mel.compute(chunk)));
bench('MelSpectrogram: 1 chunk of 2 s', () => mel.compute(chunks[0]!));
bench('MelSpectrogram: 10 s at once', () => mel.compute(clip));
bench('new MelSpectrogram()', () => new MelSpectrogram());
bench('stft: 2 s', () => stft(chunks[0]!));
bench('melFilterbank', () => melFilterbank());
bench('chunkStarts and splitChunks', () => splitChunks(clip, { nChunks: chunkStarts(clip.length).length }));
