import type { ReportSection } from '@serial-oe/report';
import type { Evaluation, ScoredClip } from '@serial-oe/runtime/contract';
import type { ClipNames } from './clip-names';
import { clipTable } from './clip-table';

/** Every clip, the most severe first. */
export function allClipsSection({ results }: Evaluation, names: ClipNames): ReportSection {
  const sorted = [...results].sort((a, b) => (b.severity ?? b.anomalyScore) - (a.severity ?? a.anomalyScore));
  const { caption, columns, rows } = clipTable('All test clips, the most severe first', sorted, names);
  const [name, ...rest] = columns;
  return {
    heading: 'All clips',
    isFolded: true,
    ...(names.folder !== '' && { text: `Names of clips are below ${names.folder}.` }),
    tables: [
      {
        caption: caption!,
        columns: [name!, { header: 'Is' }, { header: 'Called' }, ...rest],
        rows: rows.map(([path, ...figures], i) => [path!, ...classes(sorted[i]!), ...figures]),
      },
    ],
  };
}

function classes({ label, isAnomaly }: ScoredClip): [is: string, called: string] {
  const is = label === 'anomaly' ? 'faulty' : 'normal';
  const called = isAnomaly ? 'anomalous' : 'normal';
  const isWrong = (label === 'anomaly') !== isAnomaly;
  return [is, isWrong ? `${called} (wrong)` : called];
}
