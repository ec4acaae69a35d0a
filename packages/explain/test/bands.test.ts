import { seededRandom } from '@serial-oe/datasets';
import { bandEdges, splitIntoBands } from '../src/occlusion/bands';

const RATE = 16_000;

describe('splitIntoBands', () => {
  it.each([2, 3, 8])('gives %i bands that add up to the sound, to its ends', (nBands) => {
    const random = seededRandom(nBands, 'sound');
    const samples = Float32Array.from({ length: 5001 }, () => random() - 0.5);
    const bands = splitIntoBands({ start: 7, samples }, bandEdges(nBands, RATE), RATE);
    expect(bands.map(({ start }) => start)).toEqual(new Array(nBands).fill(7));
    samples.forEach((sample, i) => {
      const sum = bands.reduce((total, band) => total + band.samples[i]!, 0);
      expect(Math.abs(sum - sample)).toBeLessThan(1e-6);
    });
  });

  it('puts a tone into its band alone', () => {
    const edges = bandEdges(4, RATE);
    expect(edges[0]).toBe(0);
    expect(edges[4]).toBe(8000);
    edges.slice(1).forEach((high, i) => {
      const hertz = (edges[i]! + high) / 2;
      const samples = Float32Array.from({ length: 8000 }, (_, n) =>
        Math.sin((2 * Math.PI * hertz * n) / RATE),
      );
      const bands = splitIntoBands({ start: 0, samples }, edges, RATE);
      bands.forEach((band, at) => {
        const power = band.samples.slice(2000, 6000).reduce((sum, x) => sum + x * x, 0) / 4000;
        if (at === i) expect(power).toBeCloseTo(0.5, 2);
        else expect(power).toBeLessThan(1e-4);
      });
    });
  });
});
