import {
  hzToMel,
  MelSpectrogram,
  type MelSpectrogramResult,
  melToHz,
  resample,
} from '@serial-oe/audio-features';
import type { Clip, ClipLoader } from '@serial-oe/datasets';
import type { Explanation } from '@serial-oe/explain';
import { quantile } from '@serial-oe/foundation';
import type { ReportFigure } from '@serial-oe/report';
import { type SpectrogramMark, spectrogramPlot } from '@serial-oe/report/charts';

const FRAME_SECONDS = 0.064;
const N_MELS = 96;
/** The bands of `@serial-oe/explain`, so that the pictures of a clip have the same axes. */
const F_MIN = 50;
const F_MAX_SHARE = 0.975;
const DYNAMIC_RANGE = 60;
const SIZE = { width: 480, height: 270 } as const;
/** Least end of the scale of differences, dB, and the share of all differences that lie within it. */
const MIN_DIFFERENCE = 6;
const SHARE_WITHIN = 0.995;

/** A clip to be drawn. */
export interface DrawnClip {
  machineId: string;
  clip: Clip;
  /** Null for one that is shown beside the others alone. */
  explanation: Explanation | null;
}

/** Pictures of clips, on one scale a machine. */
export class ClipPictures {
  readonly #sampleRate: number;
  readonly #spectrograms: ReadonlyMap<string, MelSpectrogramResult>;
  /** By machine: the loudest value, and the end of the scale of differences, dB. */
  readonly #scales: ReadonlyMap<string, { loudest: number; difference: number }>;

  private constructor(
    sampleRate: number,
    spectrograms: ReadonlyMap<string, MelSpectrogramResult>,
    clips: readonly DrawnClip[],
  ) {
    this.#sampleRate = sampleRate;
    this.#spectrograms = spectrograms;
    const ids = [...new Set(clips.map(({ machineId }) => machineId))];
    this.#scales = new Map(
      ids.map((id) => {
        const own = clips.filter(({ machineId }) => machineId === id);
        const loudest = own.reduce(
          (most, { clip }) => spectrograms.get(clip.path)!.data.reduce((a, b) => Math.max(a, b), most),
          0,
        );
        return [id, { loudest, difference: differenceEnd(own) }];
      }),
    );
  }

  /** @throws DatasetError for a clip that can no longer be read */
  static async read(
    clips: readonly DrawnClip[],
    { loadClip, sampleRate }: { loadClip: ClipLoader; sampleRate: number },
  ): Promise<ClipPictures> {
    const options = pictureOf(sampleRate);
    const mel = new MelSpectrogram(options);
    const spectrograms = new Map<string, MelSpectrogramResult>();
    for (const { clip } of clips) {
      const { waveform, sampleRate: recorded } = await loadClip(clip);
      spectrograms.set(
        clip.path,
        mel.compute(recorded === sampleRate ? waveform : resample(waveform, recorded, sampleRate)),
      );
    }
    return new ClipPictures(sampleRate, spectrograms, clips);
  }

  /** The sound; then, where it was explained, what is unlike the normal clips, and which parts make the score. */
  figuresOf({ machineId, clip, explanation }: DrawnClip): ReportFigure[] {
    const { loudest, difference } = this.#scales.get(machineId)!;
    const { hopLength, fMin, fMax } = pictureOf(this.#sampleRate);
    const frame = { sampleRate: this.#sampleRate, hopLength, fMin, fMax, ...SIZE };
    const marks = explanation === null ? [] : placeOf(explanation);
    const sound = spectrogramPlot(this.#spectrograms.get(clip.path)!, {
      ...{ ...frame, marks, power: 2, dynamicRange: DYNAMIC_RANGE },
      ...(loudest > 0 && { reference: loudest }),
    });
    const own = { svg: sound, caption: 'The sound' };
    if (explanation === null) return [own];
    const { difference: unlike, occlusion } = explanation;
    const parts = {
      svg: spectrogramPlot(tilesOf(explanation, { fMin, fMax }), {
        ...{ ...frame, hopLength: tileHop(explanation, this.#sampleRate), marks },
        ...{ scale: 'linear', min: 0, max: Math.max(occlusion.peak.importance, Number.MIN_VALUE) },
        colormap: 'viridis',
      }),
      caption: 'What each part adds to the score',
    } as const;
    if (unlike === null) return [own, parts];
    const { data, nMels, nFrames, unit } = unlike;
    const compared = {
      svg: spectrogramPlot(
        { data, nMels, nFrames },
        {
          ...{ ...frame, hopLength: unlike.hopLength, fMin: unlike.fMin, fMax: unlike.fMax, marks, unit },
          ...{ scale: 'linear', colormap: 'difference', min: -difference, max: difference },
        },
      ),
      caption: 'Louder (red) and quieter (blue) than the mean normal clip',
    } as const;
    return [own, compared, parts];
  }
}

function pictureOf(sampleRate: number) {
  const nFft = 2 ** Math.round(Math.log2(FRAME_SECONDS * sampleRate));
  const fMax = F_MAX_SHARE * (sampleRate / 2);
  return {
    sampleRate,
    nFft,
    winLength: nFft,
    hopLength: nFft / 2,
    nMels: N_MELS,
    fMin: F_MIN,
    fMax,
    power: 2,
  };
}

/** So that nearly all differences of the machine's clips lie within the scale. */
function differenceEnd(clips: readonly DrawnClip[]): number {
  const all = clips.flatMap(({ explanation }) => explanation?.difference?.data ?? []);
  if (all.length === 0) return MIN_DIFFERENCE;
  const sorted = Float64Array.from(all, Math.abs).sort();
  return Math.max(MIN_DIFFERENCE, Math.ceil(quantile(sorted, SHARE_WITHIN)));
}

/** The main part; none where no part of the clip makes it score above a normal sound. */
function placeOf({
  occlusion: { peak, mainPart, anomalyScore, normalScore },
}: Explanation): SpectrogramMark[] {
  return peak.importance > 0 && anomalyScore > normalScore ? [mainPart] : [];
}

/** Columns of the picture of an occlusion map. */
const N_COLUMNS = 100;

function tileHop({ clipSeconds }: Explanation, sampleRate: number): number {
  return Math.max(1, Math.round((clipSeconds * sampleRate) / N_COLUMNS));
}

/** The map in the bands of a mel spectrogram, so that it has the axes of the others. */
function tilesOf(
  { clipSeconds, occlusion: { map, bands, segments } }: Explanation,
  { fMin, fMax }: { fMin: number; fMax: number },
): { data: Float64Array; nMels: number; nFrames: number } {
  const low = hzToMel(fMin, 'htk');
  const step = (hzToMel(fMax, 'htk') - low) / (N_MELS + 1);
  const data = new Float64Array(N_MELS * N_COLUMNS);
  for (let row = 0; row < N_MELS; row++) {
    const hertz = melToHz(low + (row + 1) * step, 'htk');
    const band = lastWhere(bands, ({ fLow }) => fLow <= hertz);
    for (let column = 0; column < N_COLUMNS; column++) {
      const seconds = ((column + 0.5) / N_COLUMNS) * clipSeconds;
      const segment = lastWhere(segments, ({ time }) => time <= seconds);
      data[row * N_COLUMNS + column] = map.data[band * map.nSegments + segment]!;
    }
  }
  return { data, nMels: N_MELS, nFrames: N_COLUMNS };
}

function lastWhere<T>(parts: readonly T[], holds: (part: T) => boolean): number {
  let last = 0;
  while (last + 1 < parts.length && holds(parts[last + 1]!)) last++;
  return last;
}
