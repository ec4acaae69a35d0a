import { loadMemoryClip } from '@serial-oe/datasets';
import { createPlatform } from '../src/platform-browser';
import { trainSerialOeWith } from '../src/train-serial-oe';

const clip = { path: 'a.wav', machineType: 'fan', machineId: '00', label: 'normal', split: 'train' } as const;

describe('the platform of a browser', () => {
  it('refuses what needs files or threads', async () => {
    const dataset = { clips: [clip, { ...clip, path: 'b.wav', machineType: 'pump' }] };
    await import('@tensorflow/tfjs-backend-cpu');
    const options = { dataset, machineType: 'fan', backend: 'cpu' };
    const train = (more: object) => trainSerialOeWith(createPlatform(), { ...options, ...more });
    await expect(train({})).rejects.toThrow(/must carry waveform and sampleRate/);
    await expect(train({ featureWorkers: -1 })).rejects.toThrow(
      /featureWorkers must be a whole number of at least 0/,
    );
    await expect(train({ workers: 2 })).rejects.toThrow(/workers must be 1 outside Node/);
    await expect(loadMemoryClip(clip)).rejects.toThrow(/must carry waveform and sampleRate/);
  });
});
