import type { Clip } from '@serial-oe/datasets';
import { embedClips } from '../src/contract/embed-clips';

const clipsNamed = (...paths: string[]) =>
  paths.map((path): Clip => ({ path, machineType: 'fan', machineId: '00', label: 'normal', split: 'test' }));
/** One row: the number of samples. */
const embedder = {
  embed: async (waveform: Float32Array) => ({ data: Float32Array.of(waveform.length), nRows: 1, nCols: 1 }),
};

describe('embedClips', () => {
  it('gives the embeddings of each clip in turn, and has read the next one by then', async () => {
    const read: string[] = [];
    const load = async ({ path }: Clip) => {
      read.push(path);
      return { waveform: new Float32Array(path.length), sampleRate: 16000 };
    };
    const seen: [string, number | undefined, number][] = [];
    for await (const { clip, embeddings } of embedClips(embedder, clipsNamed('a', 'bb', 'ccc'), load)) {
      seen.push([clip.path, embeddings.data[0], read.length]);
    }
    expect(seen).toEqual([
      ['a', 1, 2],
      ['bb', 2, 3],
      ['ccc', 3, 3],
    ]);
  });

  it('fails at the clip that cannot be read, not before', async () => {
    const load = async ({ path }: Clip) => {
      if (path === 'bad') throw new Error('bad must be a recording');
      return { waveform: new Float32Array(1), sampleRate: 16000 };
    };
    const embedded = embedClips(embedder, clipsNamed('a', 'bad'), load);
    expect((await embedded.next()).value?.clip.path).toBe('a');
    await expect(embedded.next()).rejects.toThrow('bad must be a recording');
  });
});
