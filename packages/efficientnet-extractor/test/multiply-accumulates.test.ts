import { countMultiplyAccumulates } from '../src/index';

describe('countMultiplyAccumulates', () => {
  it("is the 0.39 thousand million of EfficientNet-B0's paper, of which one channel in place of three takes a little", () => {
    const withoutNeck = countMultiplyAccumulates([224, 224], { embeddingSize: 0 });
    const twoChannels = 2 * 112 * 112 * 9 * 32;
    expect((withoutNeck + twoChannels) / 1e6).toBeGreaterThan(380);
    expect((withoutNeck + twoChannels) / 1e6).toBeLessThan(400);
  });

  it('counts the neck', () => {
    const of = (embeddingSize: number) => countMultiplyAccumulates([224, 126], { embeddingSize });
    expect(of(128) - of(0)).toBe(1280 * 128 + 128 * 128);
  });
});
