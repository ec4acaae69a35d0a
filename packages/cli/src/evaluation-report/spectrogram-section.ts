import { MelSpectrogram, type MelSpectrogramOptions, resample } from '@serial-oe/audio-features';
import type { Clip, Dataset } from '@serial-oe/datasets';
import { loadClip } from '@serial-oe/datasets/node';
import type { ReportFigure, ReportSection } from '@serial-oe/report';
import { spectrogramPlot } from '@serial-oe/report/charts';
import type { Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import type { ReportedModel } from './reported-model';

/** Of the picture where a model has no network, whose own front end it would be. */
const PICTURE = { nFft: 2048, hopLength: 512, nMels: 128, fMin: 0 } as const;

type PictureOptions = MelSpectrogramOptions & { sampleRate: number; hopLength: number };

/** Of each ID the anomalous clip with the highest score and the normal clip with the lowest, and what was mistaken most. */
export async function spectrogramSection(
  model: ReportedModel,
  { results, decisions }: Evaluation,
  { clips }: Dataset,
): Promise<ReportSection> {
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  const options = pictureOf(model);
  const figures: ReportFigure[] = [];
  for (const { machineId } of decisions) {
    for (const { result, text } of examples(results.filter((each) => each.machineId === machineId))) {
      const clip = byPath.get(result.path);
      if (clip) figures.push(await spectrogramFigure(clip, { result, text, options }));
    }
  }
  return {
    heading: 'What the clips look like',
    text: 'Mel spectrograms of the clips that each detector found clearest.',
    figures,
    figureColumns: 2,
  };
}

function pictureOf({ network, sampleRate }: ReportedModel): PictureOptions {
  if (network === null) return { ...PICTURE, sampleRate, winLength: PICTURE.nFft, fMax: sampleRate / 2 };
  const {
    sampleRate: rate,
    nFft,
    winLength,
    hopLength,
    nMels,
    fMin,
    fMax,
    power,
    melScale,
  } = network.config.frontEnd; // the picture takes the logarithm itself
  return { sampleRate: rate, nFft, winLength, hopLength, nMels, fMin, fMax, power, melScale };
}

function examples(results: readonly ScoredClip[]): { result: ScoredClip; text: string }[] {
  const sorted = [...results].sort((a, b) => a.anomalyScore - b.anomalyScore);
  const normal = sorted.find(({ label }) => label === 'normal');
  const anomalous = sorted.reverse().find(({ label }) => label === 'anomaly');
  return [
    ...(normal ? [{ result: normal, text: 'normal clip with the lowest score' }] : []),
    ...(anomalous ? [{ result: anomalous, text: 'anomalous clip with the highest score' }] : []),
  ];
}

async function spectrogramFigure(
  clip: Clip,
  { result, text, options }: { result: ScoredClip; text: string; options: PictureOptions },
): Promise<ReportFigure> {
  const { waveform, sampleRate: recorded } = await loadClip(clip);
  const { sampleRate, hopLength, fMin = 0, fMax = sampleRate / 2, melScale = 'htk' } = options;
  const ours = recorded === sampleRate ? waveform : resample(waveform, recorded, sampleRate);
  const svg = spectrogramPlot(new MelSpectrogram(options).compute(ours), {
    sampleRate,
    hopLength,
    fMin,
    fMax,
    melScale,
  });
  const name = clip.path.split(/[\\/]/).pop();
  const caption = `${clip.machineType} ${clip.machineId}, ${text}: ${result.anomalyScore.toFixed(1)} (${name})`;
  return { svg, caption };
}
