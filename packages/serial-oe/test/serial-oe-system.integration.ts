import '@tensorflow/tfjs-backend-wasm';
import type { TrainingProgress } from '@serial-oe/runtime';
import { createNodePlatform } from '@serial-oe/runtime/node';
import { serialOeSystem, trainSerialOe } from '@serial-oe/serial-oe';
import { ready, setBackend } from '@tensorflow/tfjs-core';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const { clips } = tinyDataset();
const target = { machineType: 'fan' };
const config = serialOeSystem.resolveConfig('quick', TINY_CONFIG);
const clip = clips.find(({ machineType, split }) => machineType === 'fan' && split === 'test')!;
const sound = { sampleRate: clip.sampleRate as number, machineId: clip.machineId };

beforeAll(async () => {
  await setBackend('wasm');
  await ready();
});

describe('Serial-OE behind the contract of detection systems', () => {
  const job = { clips, target, config, checkpoint: null, onProgress: () => {} };

  it('trains, scores, embeds, and is the same again from its files', async () => {
    const events: TrainingProgress[] = [];
    const scorer = await serialOeSystem.train(
      { ...job, onProgress: (event) => events.push(event) },
      createNodePlatform(),
    );
    const score = await scorer.score(clip.waveform!, sound);
    const model = await trainSerialOe({ dataset: { clips }, ...target, config });
    expect(score).toEqual(model.score(clip.waveform!, sound));
    model.dispose();
    expect(scorer.machineIds).toEqual(['00', '02']);
    expect(scorer.input).toEqual({ sampleRate: 16000, chunkSeconds: 1 });
    const { sampleRate } = sound;
    expect(await scorer.embed?.(clip.waveform!, { sampleRate })).toMatchObject({ nRows: 4, nCols: 8 });
    const nSteps = events.filter(({ kind }) => kind === 'step').length;
    expect(serialOeSystem.countUpdates(config, clips, target)).toBe(nSteps);
    const loaded = await serialOeSystem.load(await scorer.toFiles(), createNodePlatform());
    expect(await loaded.score(clip.waveform!, sound)).toEqual(score);
    scorer.dispose();
    loaded.dispose();
  });

  it('resolves a whole configuration to itself, and names the clips that its detectors are fitted on', () => {
    expect(serialOeSystem.resolveConfig(undefined, config)).toEqual(config);
    const fitted = serialOeSystem.detectorClips?.(config, clips, target) ?? [];
    expect(fitted).toHaveLength(12);
    expect(fitted.every(({ label, split }) => label === 'normal' && split === 'train')).toBe(true);
  });

  it('refuses a target that is one machine, and files to start from that it does not know', async () => {
    const train = (more: object) => serialOeSystem.train({ ...job, ...more }, createNodePlatform());
    await expect(train({ target: { machineType: 'fan', machineId: '00' } })).rejects.toThrow(
      /target\.machineId must be left out/,
    );
    await expect(train({ startFrom: new Map([['other.bin', new Uint8Array(1)]]) })).rejects.toThrow(
      /startFrom must hold pretrained\.safetensors or a model, got other\.bin/,
    );
  });
});
