import { AmplitudeAccumulator } from '@serial-oe/audio-features';
import { type ClipLoader, ClipStore } from '@serial-oe/datasets';
import { nameSome } from '@serial-oe/foundation';
import { TrainingDataError, throwIfStopped } from '@serial-oe/runtime';
import type { SerialOeConfig } from '../config/config';
import { type Amplitude, FrontEnd } from '../features/front-end';
import type { TrainingProgress } from '../training/progress';
import type { TrainingSet } from './training-set';

/** Unusable clips that an error message lists. */
const N_PROBLEMS_NAMED = 10;

export interface ReadClipsOptions {
  config: SerialOeConfig;
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal | undefined;
}

/** What reading every clip tells. */
export interface ReadClips {
  amplitude: Amplitude;
  /** Chunks that inference cuts each clip into. */
  nChunks: Int32Array;
}

/** Reads every clip once: what cannot be used is reported before training starts, and the amplitude is measured. */
export async function readClips(
  load: ClipLoader,
  set: TrainingSet,
  { config, onProgress, signal }: ReadClipsOptions,
): Promise<ReadClips> {
  const frontEnd = new FrontEnd(config.frontEnd);
  const store = new ClipStore(set.clips, {
    load,
    prepare: (waveform, recording) => frontEnd.toSampleRate(waveform, recording),
    maxBytes: 0,
  });
  const isMeasured = new Set(set.normal);
  const amplitude = new AmplitudeAccumulator();
  const nChunks = new Int32Array(set.clips.length);
  const problems: string[] = [];
  for (const index of set.clips.keys()) {
    throwIfStopped(signal, 'while reading clips; nothing was trained yet');
    try {
      const waveform = await store.waveform(index);
      nChunks[index] = frontEnd.countChunks(waveform.length);
      if (isMeasured.has(index)) amplitude.add(waveform);
    } catch (error) {
      problems.push((error as Error).message);
    }
    onProgress({ kind: 'reading', nDone: index + 1, nTotal: set.clips.length });
  }
  if (problems.length > 0) {
    const named = nameSome(problems, { limit: N_PROBLEMS_NAMED, separator: '\n  ' });
    throw new TrainingDataError(
      `serial-oe.trainSerialOe: every training clip must be usable, got ${problems.length} that are not:\n  ${named}`,
    );
  }
  return { amplitude: checkAudible(amplitude.statistics()), nChunks };
}

/** Constant samples that are not 0 leave as much of their mean as a deviation: rounding, as normalizeAmplitude knows. */
const ROUNDING = 2 ** -26;

function checkAudible(amplitude: Amplitude): Amplitude {
  if (amplitude.std > ROUNDING * Math.abs(amplitude.mean)) return amplitude;
  throw new TrainingDataError(
    'serial-oe.trainSerialOe: the normal clips must hold sound, got samples that are all the same. Check the recordings.',
  );
}
