import type { ClipFeatures } from './front-end';

/**
 * What a network takes of a window: its samples, or its log-mel spectrogram as an image (`melFrames`: a row a band; `frameMels`: a
 * row a frame).
 */
export type InputKind = 'waveform' | 'melFrames' | 'frameMels';

/** How clips are cut. */
export interface WindowPlan {
  /** Frames of a window. */
  nFrames: number;
  /** Samples of a window; the first one is that at the centre of its first frame. */
  nSamples: number;
  /** Frames from one window to the next where a clip is scored; null where there are `nWindows`. */
  hop: number | null;
  /** Windows of a clip that is scored; null where they lie `hop` frames apart. */
  nWindows: number | null;
  /** Whether the last window ends where the clip does (windows are spread evenly then); else what is left over is not heard. */
  coversEnd: boolean;
}

/** Where windows may begin: 0 to this number of frames, exclusive. */
export function nPositions({ nFrames }: Pick<ClipFeatures, 'nFrames'>, plan: WindowPlan): number {
  return Math.max(1, nFrames - plan.nFrames + 1);
}

/** First frames of the windows that a clip is scored by. */
export function windowStarts(features: Pick<ClipFeatures, 'nFrames'>, plan: WindowPlan): number[] {
  const last = nPositions(features, plan) - 1;
  const { hop } = plan;
  if (hop !== null && !plan.coversEnd)
    return Array.from({ length: Math.floor(last / hop) + 1 }, (_, i) => i * hop);
  const nSteps = hop === null ? Math.min(last, plan.nWindows! - 1) : Math.ceil(last / hop);
  return Array.from({ length: nSteps + 1 }, (_, i) => (nSteps === 0 ? 0 : Math.round((i * last) / nSteps)));
}

/** Values of an input. */
export function inputSize(kind: InputKind, { nFrames, nSamples }: WindowPlan, nMels: number): number {
  return kind === 'waveform' ? nSamples : nFrames * nMels;
}

/** Shape of an input, without the batch. */
export function inputShape(kind: InputKind, { nFrames, nSamples }: WindowPlan, nMels: number): number[] {
  if (kind === 'waveform') return [nSamples];
  return kind === 'melFrames' ? [nMels, nFrames] : [nFrames, nMels];
}

export interface CutOptions {
  kind: InputKind;
  plan: WindowPlan;
  /** Samples from one frame to the next. */
  hopLength: number;
  /** First frame. */
  start: number;
}

/** Copies a window into `out`, which has its size. */
export function cutWindow(features: ClipFeatures, out: Float32Array, options: CutOptions): void {
  const { kind, plan, hopLength, start } = options;
  if (kind === 'waveform') {
    const { waveform } = features;
    if (waveform === null)
      throw new TypeError('baselines.cutWindow: the features must hold their waveform, got none.');
    // Frames are counted by their centres, so that the last window may lack some samples at its end: they stay 0.
    out.set(waveform.subarray(start * hopLength, start * hopLength + plan.nSamples));
    return;
  }
  const { spectrogram, nMels, nFrames } = features;
  for (let band = 0; band < nMels; band++) {
    const row = band * nFrames + start;
    if (kind === 'melFrames') out.set(spectrogram.subarray(row, row + plan.nFrames), band * plan.nFrames);
    else for (let t = 0; t < plan.nFrames; t++) out[t * nMels + band] = spectrogram[row + t]!;
  }
}
