import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MelSpectrogram } from '@serial-oe/audio-features';
import { FrontEnd, loadSerialOe, PRESETS, resolveConfig, trainSerialOe } from '@serial-oe/serial-oe';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { bandLevels } from '../src/model/band-levels';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const SAMPLE_RATE = 16000;
const chunk = Float32Array.from(
  { length: 2 * SAMPLE_RATE },
  (_, i) => Math.sin(0.3 * i) * (i % 800 < 40 ? 1 : 0.1),
);

describe('frontEnd.furtherNFfts', () => {
  it('puts the spectrogram of each resolution below the one before', () => {
    const { frontEnd } = PRESETS.quick;
    const front = new FrontEnd({ ...frontEnd, furtherNFfts: [512, 8192] });
    expect(front.imageShape).toEqual([3 * 128, front.nFrames]);
    const { data } = front.spectrograms([chunk, chunk.map((value) => value / 2)]);
    const { sampleRate, hopLength, nMels, fMin, fMax } = frontEnd;
    const size = nMels * front.nFrames;
    for (const [k, nFft] of [2048, 512, 8192].entries()) {
      const alone = new MelSpectrogram({ sampleRate, nFft, hopLength, nMels, fMin, fMax, power: 1 });
      expect(data.slice(k * size, (k + 1) * size)).toEqual(alone.compute(chunk).data);
    }
    const ofQuieter = new FrontEnd(frontEnd).spectrograms([chunk.map((value) => value / 2)]).data;
    expect(data.slice(3 * size, 4 * size)).toEqual(ofQuieter);
  });

  it('leaves the levels of bands to the first', () => {
    const { frontEnd } = PRESETS.quick;
    const config = { ...frontEnd, furtherNFfts: [512] };
    expect(bandLevels(new FrontEnd(config).spectrograms([chunk]), config)).toEqual(
      bandLevels(new FrontEnd(frontEnd).spectrograms([chunk]), frontEnd),
    );
  });

  it.each([
    [[2048], 'differ from each other and from frontEnd.nFft'],
    [[512, 512], 'differ from each other'],
    [[128], 'at least twice frontEnd.nMels'],
    [[65_536], 'less than twice the samples of a chunk'],
    [[1000], 'must be a list of powers of two'],
    ['512', 'must be a list of powers of two'],
    [[16, 32, 64, 128, 256, 512, 1024, 4096], 'at most 7'],
  ])('%j is refused', (furtherNFfts, words) => {
    expect(() => resolveConfig('quick', { frontEnd: { furtherNFfts: furtherNFfts as number[] } })).toThrow(
      words,
    );
    expect(() => resolveConfig('quick', { frontEnd: { furtherNFfts: furtherNFfts as number[] } })).toThrow(
      'config.frontEnd.furtherNFfts',
    );
  });

  it('a model of two resolutions trains, saves, loads, exports to ONNX and scores the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-resolutions-'));
    const dataset = tinyDataset();
    const config = { ...TINY_CONFIG, frontEnd: { ...TINY_CONFIG.frontEnd, furtherNFfts: [256] } };
    await setBackend('wasm');
    const before = memory().numTensors;
    const model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config });
    try {
      await model.save(join(folder, 'model'));
      const loaded = await loadSerialOe(join(folder, 'model'));
      const { waveform } = dataset.clips.find(({ split }) => split === 'test')!;
      const score = { machineId: '00', sampleRate: SAMPLE_RATE };
      expect(loaded.config.frontEnd.furtherNFfts).toEqual([256]);
      expect(loaded.score(waveform!, score)).toEqual(model.score(waveform!, score));
      loaded.dispose();
      const onnx = await loadSerialOe(join(folder, 'model'), { runtime: 'onnxruntime-web' });
      const { anomalyScore } = await onnx.scoreAsync(waveform!, score);
      const ours = model.score(waveform!, score).anomalyScore;
      expect(Math.abs(anomalyScore - ours)).toBeLessThan(1e-3 * Math.abs(ours));
      onnx.dispose();
    } finally {
      model.dispose();
      rmSync(folder, { recursive: true });
    }
    expect(memory().numTensors).toBe(before);
  });
});
