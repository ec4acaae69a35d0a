import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import type { Clip, Dataset } from '@serial-oe/datasets';
import { loadSerialOe, type SerialOeConfigOverrides, trainSerialOe } from '@serial-oe/serial-oe';
import type { Job, JobClip, RuntimeName } from './job';

/** The files that jobs read, and the names of the clips among them. */
export interface Prepared {
  folder: string;
  clips: readonly JobClip[];
}

const MODEL = 'model.zip';
const GRADIENTS = 'gradients.safetensors';

export interface PrepareOptions {
  dataset: Dataset;
  machineType: string;
  config: SerialOeConfigOverrides;
  /** Test clips of that type to score, at most. */
  nClips: number;
}

/** Trains a model on the WASM backend, which must be registered, and writes it into a folder with the clips to score. */
export async function prepareJobs(
  folder: string,
  { dataset, machineType, config, nClips }: PrepareOptions,
): Promise<Prepared> {
  const trained = await trainSerialOe({ dataset, machineType, backend: 'wasm', config });
  await trained.save(join(folder, MODEL));
  trained.dispose();
  return writeClips(folder, { dataset, machineType, nClips });
}

/** The same with a model that is there already. */
export async function prepareJobsOf(
  folder: string,
  { model, dataset, nClips }: { model: string; dataset: Dataset; nClips: number },
): Promise<Prepared> {
  const loaded = await loadSerialOe(model);
  await loaded.save(join(folder, MODEL));
  const { machineType } = loaded;
  loaded.dispose();
  return writeClips(folder, { dataset, machineType, nClips });
}

async function writeClips(
  folder: string,
  { dataset, machineType, nClips }: Pick<PrepareOptions, 'dataset' | 'machineType' | 'nClips'>,
): Promise<Prepared> {
  const tested = dataset.clips.filter((clip) => clip.machineType === machineType && clip.split === 'test');
  const clips: JobClip[] = [];
  for (const [i, clip] of spread(tested, nClips).entries()) {
    const wav = `${i}.wav`;
    await writeClip(clip, join(folder, wav));
    clips.push({ wav, machineId: clip.machineId });
  }
  if (clips.length === 0) throw new Error(`tools/backends: the data hold no test clip of a ${machineType}.`);
  return { folder, clips };
}

/** At most n of them, from the first to the last, so that all machines and labels are among them. */
function spread(clips: readonly Clip[], n: number): Clip[] {
  if (clips.length <= n) return [...clips];
  return Array.from({ length: n }, (_, i) => clips[Math.floor((i * clips.length) / n)] as Clip);
}

async function writeClip({ waveform, sampleRate, path }: Clip, target: string): Promise<void> {
  if (waveform === undefined || sampleRate === undefined) await copyFile(path, target);
  else await writeFile(target, encodeWav({ sampleRate, channels: [waveform] }, { bitDepth: 16 }));
}

export interface JobOptions {
  /** Where the job finds the files: the folder with a `/` behind it, or the URL path that it is served under. */
  place: string;
  runtime: RuntimeName;
  /** How many of the clips; default all. */
  nClips?: number;
  /** Whether training steps are made, and whether they are the reference of the others. Default none. */
  training?: 'reference' | 'compared' | 'none';
}

/** A job on prepared files. */
export function jobOf({ clips }: Prepared, { place, runtime, nClips, training = 'none' }: JobOptions): Job {
  const gradients = `${place}${GRADIENTS}`;
  return {
    runtime,
    bundle: `${place}${MODEL}`,
    clips: clips.slice(0, nClips).map(({ wav, machineId }) => ({ wav: `${place}${wav}`, machineId })),
    training:
      training === 'none' ? null : training === 'reference' ? { write: gradients } : { compare: gradients },
  };
}
