import { bootstrapInterval, rocAuc, rocCurve, summarize } from '../src/index';

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
  console.log(`${name.padEnd(50)} ${times[times.length >> 1]!.toFixed(3)} ms`);
}

for (const n of [400, 10_000, 1_000_000]) {
  const labels = Uint8Array.from({ length: n }, (_, i) => (Math.sin(i * 7.3) > 0 ? 1 : 0));
  const scores = Float64Array.from({ length: n }, (_, i) => Math.sin(i * 1.7) + 0.4 * labels[i]!);
  bench(`rocAuc, ${n} clips`, () => rocAuc(labels, scores));
  bench(`rocAuc, maxFpr 0.1, ${n} clips`, () => rocAuc(labels, scores, { maxFpr: 0.1 }));
  bench(`rocCurve, ${n} clips`, () => rocCurve(labels, scores));
  if (n > 10_000) continue;
  let i = 0;
  const random = () => (i++ * 0.618033988749895) % 1;
  bench(`bootstrapInterval, 1000 resamples, ${n} clips`, () => bootstrapInterval({ labels, scores, random }));
}

const results = Array.from({ length: 10_000 }, (_, i) => ({
  machineType: `type ${i % 6}`,
  machineId: `0${i % 4}`,
  label: i % 3 === 0 ? 1 : 0,
  anomalyScore: Math.sin(i * 1.7) + (i % 3 === 0 ? 0.4 : 0),
}));
bench('summarize, 10000 clips, 12 IDs', () => summarize(results));
