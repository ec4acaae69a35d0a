import { embeddingMap } from '../src/results/embedding-map';

describe('embeddingMap', () => {
  const clips = (n: number) =>
    Array.from({ length: n }, (_, i) => {
      const data = Float32Array.from({ length: 8 }, (_, j) => (i % 2) * 10 + Math.sin(i * 7 + j));
      const embeddings = { data, nRows: 2, nCols: 4 };
      const machineId = `0${i % 2}`;
      return {
        name: `${i}`,
        machineType: 'fan',
        machineId,
        label: 'normal' as const,
        role: 'test' as const,
        isContaminant: false,
        embeddings,
      };
    });

  it('says how far to trust it, whatever the number of clips', () => {
    for (const n of [7, 10, 40]) {
      const map = embeddingMap(clips(n), { seed: 0 });
      expect(map?.trustworthiness).toBeGreaterThan(0.5);
      expect(map?.trustworthiness).toBeLessThanOrEqual(1);
    }
    expect(embeddingMap(clips(6), { seed: 0 })).toBeNull();
  });
});
