import type { Clip, ClipLoader } from '@serial-oe/datasets';
import { readAhead } from '@serial-oe/runtime/contract';
import { atRate, type Recording } from '../check-clip';
import type { ClipEmbedder } from './clip-embedder';
import type { LogMel } from './log-mel';
import { chooseTypical, type MachineNormals, NormalDistances } from './machine-normals';
import { LevelAccumulator } from './normal-level';

/** How clips are read and how many are kept. */
export interface BuildSettings {
  loadClip: ClipLoader;
  /** Of a machine, whose sound is kept. */
  nKept: number;
  /** Of a kept clip. */
  maxSeconds: number;
  onClip(): void;
  signal: AbortSignal | undefined;
}

/** What is kept of one machine; `clips` are its own normal ones, at least one. */
export async function buildNormals(
  { embedder, mel }: { embedder: ClipEmbedder; mel: LogMel },
  clips: readonly Clip[],
  { loadClip, nKept, maxSeconds, onClip, signal }: BuildSettings,
): Promise<MachineNormals> {
  const rate = mel.frame.sampleRate;
  const samplesOf = (path: string, recording: Recording) =>
    atRate(`explain.NormalIndex.build: ${path}`, recording, rate);
  const accumulator = new LevelAccumulator(mel.frame);
  const rows: Float32Array[] = [];
  for await (const { clip, ...recording } of readAhead(clips, loadClip)) {
    signal?.throwIfAborted();
    const waveform = samplesOf(clip.path, recording);
    rows.push(await embedder.embed(waveform));
    accumulator.add(mel.compute(waveform));
    onClip();
  }
  const nDimensions = rows[0]!.length;
  const embeddings = new Float32Array(rows.length * nDimensions);
  rows.forEach((row, i) => {
    embeddings.set(row, i * nDimensions);
  });
  const normals = {
    names: clips.map(({ path }) => path),
    embeddings,
    level: accumulator.level(),
    kept: [],
  };
  const typical = chooseTypical(new NormalDistances(normals), clips.length, nKept).map((i) => clips[i]!);
  const kept = [];
  for await (const { clip, ...recording } of readAhead(typical, loadClip)) {
    kept.push({ name: clip.path, waveform: samplesOf(clip.path, recording).slice(0, maxSeconds * rate) });
  }
  return { ...normals, kept };
}

/** At most so many, evenly spread over the list. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}
