import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FrontEnd, loadSerialOe, PRESETS, trainSerialOe } from '@serial-oe/serial-oe';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const SAMPLE_RATE = 16000;
const toneAt = (hz: number) =>
  Float32Array.from({ length: SAMPLE_RATE }, (_, i) => Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE));

describe('frontEnd.melScale', () => {
  it("'linear' has bands of one width: a tone half-way between fMin and fMax is in the middle", () => {
    const loudest = (melScale: 'htk' | 'slaney' | 'linear') => {
      const front = new FrontEnd({ ...PRESETS.quick.frontEnd, nMels: 65, fMin: 0, fMax: 8000, melScale });
      const { data, nMels, nFrames } = front.wholeSpectrogram(toneAt(4000));
      const frame = Array.from({ length: nMels }, (_, band) => data[band * nFrames + 10]!);
      return frame.indexOf(Math.max(...frame));
    };
    expect(loudest('linear')).toBe(32);
    expect(loudest('htk')).toBeGreaterThan(45);
    expect(loudest('slaney')).toBeGreaterThan(45);
  });

  it('a model with linear bands trains, saves, loads and scores the same', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-band-scale-'));
    const dataset = tinyDataset();
    const config = { ...TINY_CONFIG, frontEnd: { ...TINY_CONFIG.frontEnd, melScale: 'linear' } } as const;
    const model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config });
    try {
      await model.save(join(folder, 'model'));
      const loaded = await loadSerialOe(join(folder, 'model'));
      const { waveform } = dataset.clips.find(({ split }) => split === 'test')!;
      const score = { machineId: '00', sampleRate: SAMPLE_RATE };
      expect(loaded.config.frontEnd.melScale).toBe('linear');
      expect(loaded.score(waveform!, score)).toEqual(model.score(waveform!, score));
      loaded.dispose();
    } finally {
      model.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});
