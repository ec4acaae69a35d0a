import type { Dataset } from '@serial-oe/datasets';
import type { ReportSection } from '@serial-oe/report';
import type { Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import type { ClipNames } from './clip-names';
import type { ClipPictures, DrawnClip } from './clip-pictures';

/** A clip that shows what its machine sounds like. */
export interface Example extends DrawnClip {
  result: ScoredClip;
  text: string;
}

/** Of each machine the normal clip with the lowest score and the faulty one with the highest. */
export function chooseExamples({ results, decisions }: Evaluation, { clips }: Dataset): Example[] {
  const byPath = new Map(clips.map((clip) => [clip.path, clip]));
  return decisions.flatMap(({ machineId }) => {
    const sorted = results
      .filter((each) => each.machineId === machineId)
      .sort((a, b) => a.anomalyScore - b.anomalyScore);
    const chosen = [
      { result: sorted.find(({ label }) => label === 'normal'), text: 'the most usual normal clip' },
      { result: sorted.reverse().find(({ label }) => label === 'anomaly'), text: 'the clearest fault' },
    ];
    return chosen.flatMap(({ result, text }): Example[] => {
      const clip = result && byPath.get(result.path);
      return clip === undefined ? [] : [{ machineId, clip, result: result!, text, explanation: null }];
    });
  });
}

/** What to hold the mistakes against. */
export function exampleSection(
  examples: readonly Example[],
  { pictures, names }: { pictures: ClipPictures; names: ClipNames },
): ReportSection {
  return {
    heading: 'What the machines sound like',
    text: 'Of each machine the normal clip with the lowest score and the faulty one with the highest, on the scale of its other clips above.',
    figures: examples.flatMap((example) => {
      const { machineType, machineId, path, anomalyScore } = example.result;
      const name = `${machineType} ${machineId}, ${example.text}: ${names.nameOf(path)}, score ${anomalyScore.toFixed(2)}`;
      return pictures.figuresOf(example).map((figure) => ({ ...figure, caption: name }));
    }),
    figureColumns: 3,
  };
}
