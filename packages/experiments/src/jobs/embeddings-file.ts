import { parseSafetensors, serializeSafetensors } from '@serial-oe/safetensors';
import { ExperimentError } from './experiment-error';
import type { EmbeddedClip } from './job-types';

const CLIPS_KEY = 'serial-oe.clips';
const TENSOR = 'embeddings';

type StoredClip = Omit<EmbeddedClip, 'embeddings'> & { nChunks: number };

/** The embeddings of a job as one safetensors file: a tensor `embeddings` `[nChunks, D]`, and the clips in its metadata. */
export function serializeEmbeddings(clips: readonly EmbeddedClip[]): Uint8Array {
  const nCols = clips[0]?.embeddings.nCols ?? 0;
  const nRows = clips.reduce((sum, { embeddings }) => sum + embeddings.nRows, 0);
  const data = new Float32Array(nRows * nCols);
  let offset = 0;
  const stored = clips.map(({ embeddings, ...clip }): StoredClip => {
    data.set(embeddings.data, offset);
    offset += embeddings.data.length;
    return { ...clip, nChunks: embeddings.nRows };
  });
  return serializeSafetensors(new Map([[TENSOR, { shape: [nRows, nCols], data }]]), {
    [CLIPS_KEY]: JSON.stringify(stored),
  });
}

/** @throws ExperimentError naming the file where it is not what {@link serializeEmbeddings} writes */
export function parseEmbeddings(bytes: Uint8Array, path: string): EmbeddedClip[] {
  try {
    const tensors = parseSafetensors(bytes);
    const stored: unknown = JSON.parse(tensors.metadata[CLIPS_KEY] ?? 'null');
    if (!Array.isArray(stored) || !stored.every(isStoredClip)) throw new Error('no list of clips');
    const tensor = tensors.get(TENSOR);
    const [nRows = 0, nCols = 0] = tensor?.shape ?? [];
    const nChunks = stored.reduce((sum, clip) => sum + clip.nChunks, 0);
    if (tensor === undefined || tensor.shape.length !== 2 || nChunks !== nRows)
      throw new Error(`${nChunks} chunks listed, ${nRows} found`);
    let row = 0;
    return stored.map(({ nChunks: n, ...clip }) => {
      const data = tensor.data.slice(row * nCols, (row + n) * nCols);
      row += n;
      return { ...clip, embeddings: { data, nRows: n, nCols } };
    });
  } catch (cause) {
    throw new ExperimentError(
      `experiments.runExperiments: ${path} must hold the embeddings of a run: ${(cause as Error).message.replace(/\.$/, '')}. ` +
        'Remove the file; the run embeds its clips again.',
      { cause },
    );
  }
}

function isStoredClip(value: unknown): value is StoredClip {
  const { name, machineType, machineId, label, role, isContaminant, nChunks } = (value ?? {}) as StoredClip;
  return (
    [name, machineType, machineId].every((text) => typeof text === 'string') &&
    ['normal', 'anomaly'].includes(label) &&
    ['fit', 'test'].includes(role) &&
    typeof isContaminant === 'boolean' &&
    Number.isSafeInteger(nChunks) &&
    nChunks >= 0
  );
}
