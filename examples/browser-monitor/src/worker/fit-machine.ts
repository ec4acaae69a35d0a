import { describeSignal, resample } from '@serial-oe/audio-features';
import type { Clip } from '@serial-oe/datasets';
import { NormalIndex } from '@serial-oe/explain';
import {
  createBrowserPlatform,
  createEnsemble,
  Decisions,
  levelsFor,
  TrainingDataError,
  withDecisions,
} from '@serial-oe/runtime/contract';
import { type ZipOptions, zipSync } from 'fflate';
import { embedding, INDEX_FILE } from './held-model';
import type { FitRequest, FittedModel } from './protocol';
import { TRAINING_FREE } from './systems';

const SAMPLE_RATE = 16_000;
const WINDOW_SECONDS = 4;
/** The covariance of 64 bands wants more than a handful. */
export const MIN_WINDOWS = 10;
const MACHINE_ID = '00';
/** Windows whose sound is kept to compare with. */
const N_KEPT = 8;

/**
 * Fits what `serial-oe train` fits where there are no other machines: statistics of bands, rhythm and level as one ensemble, on windows of the
 * recording. Each window is scored by a fit without it, and thresholds are set by these scores.
 *
 * @throws TrainingDataError for a recording that is too short or holds no sound
 */
export async function fitMachine({
  name,
  sound,
  falseAlarmRate,
}: FitRequest): Promise<Omit<FittedModel, 'facts'>> {
  const { findings } = describeSignal({ sampleRate: sound.sampleRate, channels: [sound.waveform] });
  const fatal = findings.find(({ severity }) => severity === 'error');
  if (fatal !== undefined) throw new TrainingDataError(fatal.message);
  const clips = windowsOf(sound, name);
  if (clips.length < MIN_WINDOWS) {
    const seconds = Math.round(sound.waveform.length / sound.sampleRate);
    throw new TrainingDataError(
      `${MIN_WINDOWS * WINDOW_SECONDS} s of normal sound are the least, got ${seconds} s.`,
    );
  }
  const warnings: string[] = [];
  const platform = createBrowserPlatform();
  const ensemble = createEnsemble({ name: 'ensemble', members: TRAINING_FREE });
  const scorer = await ensemble.train(
    {
      ...{ clips, datasetName: 'recorded in a browser', target: { machineType: name }, checkpoint: null },
      config: ensemble.resolveConfig(undefined, {}),
      onProgress: (progress) => {
        if (progress.kind === 'warning') warnings.push(progress.message);
      },
    },
    platform,
  );
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  const scores = scorer.normalScores!.map(({ path, machineId, anomalyScore }) => {
    const { waveform } = byPath.get(path)!;
    return {
      machineId,
      anomalyScore,
      levels: levelsFor(scorer.input, { waveform, sampleRate: SAMPLE_RATE }),
    };
  });
  const decided = withDecisions(scorer, Decisions.fit(scores, { falseAlarmRate }, WINDOW_SECONDS));
  const index = await NormalIndex.build(embedding(decided), clips, { nKept: N_KEPT });
  const files = await decided.toFiles();
  files.set(INDEX_FILE, new TextEncoder().encode(JSON.stringify(index)));
  decided.dispose();
  const entries = [...files].map(([file, bytes]): [string, [Uint8Array, ZipOptions]] => [
    file,
    [bytes, { level: 6 }],
  ]);
  const bundle = zipSync(Object.fromEntries(entries)) as Uint8Array<ArrayBuffer>;
  return { bundle, nWindows: clips.length, findings, warnings };
}

type HeardClip = Clip & { waveform: Float32Array; sampleRate: number };

/** Windows one after the other; what is left at the end is too short. */
function windowsOf({ waveform, sampleRate }: FitRequest['sound'], machineType: string): HeardClip[] {
  const samples = resample(waveform, sampleRate, SAMPLE_RATE);
  const length = WINDOW_SECONDS * SAMPLE_RATE;
  const n = Math.floor(samples.length / length);
  return Array.from({ length: n }, (_, i) => ({
    path: `normal-${String(i).padStart(3, '0')}.wav`,
    ...{ machineType, machineId: MACHINE_ID, label: 'normal' as const, split: 'train' as const },
    ...{ waveform: samples.slice(i * length, (i + 1) * length), sampleRate: SAMPLE_RATE },
  }));
}
