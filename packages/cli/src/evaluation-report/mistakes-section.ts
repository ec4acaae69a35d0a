import type { Explanation } from '@serial-oe/explain';
import type { ReportSection } from '@serial-oe/report';
import { percent } from '../terminal/format';
import type { ClipNames } from './clip-names';
import type { ClipPictures } from './clip-pictures';
import type { ExplainedMistake } from './explain-mistakes';

const HOW =
  'Three pictures of each: the sound, on one scale for all clips of a machine; how it differs from the mean of the normal training clips; ' +
  'and what each part of time and frequency adds to the score, by putting a normal sound in its place. The frame is where most of the score comes from.';
const HOW_ALONE =
  'Two pictures of each: the sound, on one scale for all clips of a machine, and what each part of time and frequency adds to the score. ' +
  'The data hold no normal training clips to compare with. The frame is where most of the score comes from.';

export interface MistakesSectionOptions {
  heading: string;
  /** All that there are; those that are explained may be fewer. */
  nAll: number;
  hasNormals: boolean;
  pictures: ClipPictures;
  names: ClipNames;
}

/** Each explained mistake with its score, its pictures and the place in the clip; null where there is none. */
export function mistakesSection(
  mistakes: readonly ExplainedMistake[],
  { heading, nAll, hasNormals, pictures, names }: MistakesSectionOptions,
): ReportSection | null {
  if (mistakes.length === 0) return null;
  const some =
    mistakes.length < nAll
      ? ` ${mistakes.length} of ${nAll} are explained here; --explain N asks for more.`
      : '';
  return {
    heading,
    text: (hasNormals ? HOW : HOW_ALONE) + some,
    sections: mistakes.map(({ result, clip, why }) => {
      const { machineType, machineId } = result;
      const explanation = 'error' in why ? null : why;
      const reason = 'error' in why ? `It could not be explained: ${why.error}` : textOf(why);
      return {
        heading: `${machineType} ${machineId}: ${names.nameOf(result.path)}`,
        text: `${figuresOf(result)} ${reason}`,
        figures: pictures.figuresOf({ machineId, clip, explanation }),
        figureColumns: 3,
      };
    }),
  };
}

function figuresOf({ severity, percentile, anomalyScore, threshold }: ExplainedMistake['result']): string {
  const score = `score ${anomalyScore.toFixed(2)}, threshold ${threshold.toFixed(2)}`;
  if (severity === undefined || percentile === undefined) return `${capital(score)}.`;
  return `Severity ${severity.toFixed(1)} (threshold at 50), above ${percent(percentile)} of the normal clips; ${score}.`;
}

/** The nearest normal clip by its file's name alone. */
function textOf({ text, nearest: [first] }: Explanation): string {
  return first === undefined ? text : text.replace(first.name, first.name.split(/[\\/]/).pop()!);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
