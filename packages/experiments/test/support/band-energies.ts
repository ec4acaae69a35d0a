import type { Clip } from '@serial-oe/datasets';
import { type AsdSystem, type ClipScorer, readAhead, type ScoreOptions } from '@serial-oe/runtime';

type Config = { seed: number; hasEmbeddings: boolean };
/** Of each normal clip: its machine, and of each chunk the log energies of samples and of their differences. */
type Known = [machine: string, rows: number[][]][];

const CHUNK_SECONDS = 0.25;
const energy = (signal: Float32Array) => Math.log(signal.reduce((sum, value) => sum + value ** 2, 1e-9));
const machineOf = (machine: Clip | ScoreOptions) => `${machine.machineType}/${machine.machineId}`;
const parse = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));
function rowsOf(waveform: Float32Array, sampleRate: number): number[][] {
  const length = sampleRate * CHUNK_SECONDS;
  return Array.from({ length: Math.floor(waveform.length / length) }, (_, i) => {
    const chunk = waveform.subarray(i * length, (i + 1) * length);
    return [energy(chunk), energy(chunk.map((value, k) => value - (chunk[k - 1] ?? value)))];
  });
}

function scorerOf(known: Known, config: Config): ClipScorer {
  const embed: ClipScorer['embed'] = async (waveform, { sampleRate }) => {
    const rows = rowsOf(waveform, sampleRate);
    return { data: Float32Array.from(rows.flat()), nRows: rows.length, nCols: 2 };
  };
  return {
    machineIds: [...new Set(known.map(([machine]) => machine))],
    ...{ input: { sampleRate: 16000, chunkSeconds: CHUNK_SECONDS }, provenance: { nClips: known.length } },
    async score(waveform, options) {
      const normal = known.filter(([machine]) => machine === machineOf(options)).flatMap(([, rows]) => rows);
      const nearest = ([a = 0, b = 0]: number[]) =>
        Math.min(...normal.map(([c = 0, d = 0]) => Math.hypot(a - c, b - d)));
      const chunkScores = Float64Array.from(rowsOf(waveform, options.sampleRate).map(nearest));
      return { anomalyScore: Math.max(...chunkScores), chunkScores, isAnomaly: false, threshold: 0 };
    },
    ...(config.hasEmbeddings ? { embed } : {}),
    toFiles: async () => new Map([['model.json', Buffer.from(JSON.stringify([known, config]))]]),
    dispose() {},
  };
}

/** A detection system on nothing but the contract: the distance to the nearest normal chunk, by two energies. */
export const bandEnergies = (scope: AsdSystem['scope'] = 'machineType'): AsdSystem<Config> => ({
  ...{ name: `energies-${scope}`, scope, countUpdates: () => 0 },
  resolveConfig: (_, overrides) => ({ seed: 0, hasEmbeddings: true, ...overrides }),
  async train({ clips, target, config, checkpoint, onProgress, signal }, { files, loadClip }) {
    const path = `${checkpoint?.folder}/known.json`;
    const known: Known = (await files?.exists(path)) ? parse(await files?.read(path)) : [];
    onProgress({ kind: 'resumed', path, epoch: 0, stepInEpoch: known.length });
    const place = scope === 'dataset' ? '' : machineOf({ machineId: '', ...target } as Clip);
    const normals = clips.filter((clip) => clip.label === 'normal' && machineOf(clip).startsWith(place));
    for await (const { clip, waveform, sampleRate } of readAhead(normals.slice(known.length), loadClip)) {
      signal?.throwIfAborted();
      known.push([machineOf(clip), rowsOf(waveform, sampleRate)]);
      await files?.writeFile(path, JSON.stringify(known));
      onProgress({ kind: 'reading', nDone: known.length, nTotal: normals.length });
    }
    return scorerOf(known, config);
  },
  load: async (files) => scorerOf(...(parse(files.get('model.json')) as [Known, Config])),
});
