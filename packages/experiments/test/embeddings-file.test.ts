import { seededRandom } from '@serial-oe/foundation';
import type { FileAccess } from '@serial-oe/runtime';
import { serializeSafetensors } from '@serial-oe/safetensors';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { parseEmbeddings, serializeEmbeddings } from '../src/jobs/embeddings-file';
import { ExperimentError } from '../src/jobs/experiment-error';
import type { EmbeddedClip } from '../src/jobs/job-types';
import type { Cell } from '../src/plan/plan-jobs';
import { collectMaps } from '../src/results/collect-results';

const PATH = 'runs/a/embeddings.safetensors';

/** Names with all that JSON and JSON in JSON escape. */
const clipsOf = (n: number, nTested: number): EmbeddedClip[] =>
  Array.from({ length: n }, (_, i) => ({
    name: `plant "7"\\line {2}\\fan [new]/${i % 2 === 0 ? 'ü' : 'ファン'}/normal_id_00_${String(i).padStart(8, '0')}.wav`,
    machineType: 'fan',
    machineId: '00',
    label: i % 3 === 0 ? 'anomaly' : 'normal',
    role: i < nTested ? 'test' : 'fit',
    isContaminant: false,
    embeddings: { data: Float32Array.of(i, -i, i / 2, 1), nRows: 2, nCols: 2 },
  }));

it('reads back what it wrote', () => {
  const clips = clipsOf(5, 2);
  expect(parseEmbeddings(serializeEmbeddings(clips), PATH)).toEqual(clips);
  expect(parseEmbeddings(serializeEmbeddings([]), PATH)).toEqual([]);
});

it('writes, reads and maps the embeddings of 150,000 clips without recursion', async () => {
  const clips = clipsOf(150_000, 30);
  const bytes = serializeEmbeddings(clips);
  const read = parseEmbeddings(bytes, PATH);
  expect(read).toHaveLength(clips.length);
  expect(read.at(-1)).toEqual(clips.at(-1));
  const files = {
    join: (...parts: string[]) => parts.join('/'),
    exists: async () => true,
    read: async () => bytes,
  } as Partial<FileAccess> as FileAccess;
  const cell = {
    experiment: 'a',
    variant: { id: 'a' },
    machineType: 'fan',
    seed: 0,
    scores: [{ jobId: 'a', scoringKey: 'a' }],
  } as unknown as Cell;
  const options = { files, outFolder: '.', averagedIds: {}, machineTypes: ['fan'] };
  const [map] = await collectMaps([cell], options, () => {});
  expect(map!.labels).toHaveLength(30);
});

it.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array()],
  [
    'no list of clips',
    serializeSafetensors(new Map([['embeddings', { shape: [0, 0], data: new Float32Array() }]])),
  ],
  ['a list of something else', withClips('[1, null]')],
  ['an object', withClips('{}')],
  ['a negative number of chunks', withClips(clipText(-1) + ','.concat(clipText(2)))],
  ['half a chunk', withClips(clipText(0.5) + ','.concat(clipText(0.5)))],
  ['more chunks than there are', withClips(clipText(1e9))],
  ['an unknown role', withClips(clipText(1).replace('"fit"', '"judge"'))],
])('refuses %s by the name of the file', (_, bytes) => {
  expect(() => parseEmbeddings(bytes, PATH)).toThrow(ExperimentError);
  expect(() => parseEmbeddings(bytes, PATH)).toThrow(/embeddings\.safetensors must hold.*Remove the file/);
});

function clipText(nChunks: number): string {
  const clip = { name: 'a', machineType: 'fan', machineId: '00', label: 'normal', role: 'fit' };
  return JSON.stringify({ ...clip, isContaminant: false, nChunks });
}

function withClips(text: string): Uint8Array {
  const list = text.startsWith('{"name') ? `[${text}]` : text;
  const tensors = new Map([['embeddings', { shape: [1, 2], data: Float32Array.of(1, 2) }]]);
  return serializeSafetensors(tensors, { 'serial-oe.clips': list });
}

it('holds against 10,000 damaged files', async () => {
  const { nRead, nRefused } = await fuzzReader({
    samples: [serializeEmbeddings(clipsOf(4, 2))],
    random: seededRandom(21),
    isExpected: (error) => error instanceof ExperimentError,
    read(bytes) {
      for (const { embeddings } of parseEmbeddings(bytes, PATH))
        expect(embeddings.data).toHaveLength(embeddings.nRows * embeddings.nCols);
    },
  });
  expect(nRead).toBeGreaterThan(0);
  expect(nRefused).toBeGreaterThan(0);
});
