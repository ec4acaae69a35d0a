import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import type { ClipToScore, SerialOeModel, Spectrograms } from '@serial-oe/serial-oe';
import { asClipScorer, serialOeSystem, trainSerialOe } from '@serial-oe/serial-oe';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { distinctChunks } from '../src/model/distinct-chunks';
import { createPlatform } from '../src/platform-node';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const SAMPLE_RATE = 16000;
const dataset = tinyDataset();
const fans = dataset.clips.filter(({ machineType, split }) => machineType === 'fan' && split === 'test');

/** From one chunk to four, so that passes of the network begin and end within clips. */
const CLIPS: ClipToScore[] = fans.map(({ waveform, machineId }, i) => ({
  waveform: waveform!.slice(0, Math.round(SAMPLE_RATE * [1, 2, 1.3, 1][i % 4]!)),
  options: { sampleRate: SAMPLE_RATE, machineId },
}));

describe('scoreMany of a model', () => {
  let model: SerialOeModel;
  let files: Map<string, Uint8Array>;
  beforeAll(async () => {
    model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config: TINY_CONFIG });
    files = await asClipScorer(model).toFiles();
  });
  afterAll(() => model.dispose());

  it.each(['wasm', 'cpu'])('gives on %s the scores of one by one, bit for bit', async (backend) => {
    await setBackend(backend);
    const scorer = await serialOeSystem.load(files, createPlatform());
    const nTensors = memory().numTensors;
    const expected = [];
    for (const { waveform, options } of CLIPS) expected.push(await scorer.score(waveform, options));
    expect(new Set(expected.map(({ anomalyScore }) => anomalyScore)).size).toBe(CLIPS.length);
    expect(await scorer.scoreMany!(CLIPS)).toEqual(expected);
    expect(await scorer.scoreMany!(CLIPS.slice(2, 3))).toEqual([expected[2]]);
    expect(await scorer.scoreMany!([])).toEqual([]);
    expect(memory().numTensors).toBe(nTensors);
    scorer.dispose();
  });

  it('computes the chunk of a clip of one chunk`s length once', async () => {
    await setBackend('wasm');
    const { waveform, options } = CLIPS[0]!;
    const { chunkScores } = await model.scoreAsync(waveform, options);
    expect(chunkScores).toHaveLength(2);
    expect(chunkScores[0]).toBe(chunkScores[1]);
    const repeated = { data: Float32Array.of(1, 2, 1, 2, 3, 4, 1, 2), nChunks: 4 } satisfies Spectrograms;
    const { distinct, expand } = distinctChunks(repeated);
    expect(distinct).toEqual({ data: Float32Array.of(1, 2, 3, 4, 1, 2), nChunks: 3 });
    const embeddings = expand({ data: Float32Array.of(10, 20, 30), nRows: 3, nCols: 1 });
    expect(embeddings).toEqual({ data: Float32Array.of(10, 10, 20, 30), nRows: 4, nCols: 1 });
  });

  it('refuses what score refuses, before anything is scored', async () => {
    const { waveform, options } = CLIPS[0]!;
    const bad = { waveform: waveform.map(() => Number.NaN), options };
    await expect(model.scoreMany([...CLIPS, bad])).rejects.toThrow(/finite/);
    const unknown = { waveform, options: { ...options, machineId: '77' } };
    await expect(model.scoreMany([unknown])).rejects.toThrow(/serial-oe.scoreMany: machineId must be one of/);
  });
});
