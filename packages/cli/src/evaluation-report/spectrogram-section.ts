import type { Clip, Dataset } from '@serial-oe/datasets';
import type { ReportFigure, ReportSection } from '@serial-oe/report';
import { spectrogramPlot } from '@serial-oe/report/charts';
import { FrontEnd, type ScoredClip, type SerialOeEvaluation, type SerialOeModel } from '@serial-oe/serial-oe';

/** Of each ID the anomalous clip with the highest score and the normal clip with the lowest, and what was mistaken most. */
export async function spectrogramSection(
  model: SerialOeModel,
  { results, decisions }: SerialOeEvaluation,
  { clips }: Dataset,
): Promise<ReportSection> {
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  const figures: ReportFigure[] = [];
  for (const { machineId } of decisions) {
    for (const { result, text } of examples(results.filter((each) => each.machineId === machineId))) {
      const clip = byPath.get(result.path);
      if (clip) figures.push(await spectrogramFigure(model, clip, { result, text }));
    }
  }
  return {
    heading: 'What the clips look like',
    text: 'Mel spectrograms of the clips that each detector found clearest.',
    figures,
    figureColumns: 2,
  };
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
  model: SerialOeModel,
  clip: Clip,
  { result, text }: { result: ScoredClip; text: string },
): Promise<ReportFigure> {
  const { frontEnd } = model.config;
  const front = new FrontEnd(frontEnd);
  const { waveform, sampleRate } = await model.platform.loadClip(clip);
  const whole = front.wholeSpectrogram(front.toSampleRate(waveform, { sampleRate, name: clip.path }));
  const { hopLength, fMin, fMax, melScale } = frontEnd;
  const svg = spectrogramPlot(whole, { sampleRate: frontEnd.sampleRate, hopLength, fMin, fMax, melScale });
  const name = clip.path.split(/[\\/]/).pop();
  const caption = `${clip.machineType} ${clip.machineId}, ${text}: ${result.anomalyScore.toFixed(1)} (${name})`;
  return { svg, caption };
}
