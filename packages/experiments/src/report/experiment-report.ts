import { htmlReport, type ReportFields, type ReportSection } from '@serial-oe/report';
import { PAPER_PROTOCOL } from '@serial-oe/serial-oe';
import type { ExperimentResults } from '../results/experiment-results';
import { cellOf, cellText } from '../results/results-table';
import { mapSection, resultSection } from './report-figures';
import { machineSection, missingSection, tablesOfResults, trainingSection } from './report-tables';

/** What a protocol of the published code does to the figures. */
const PROTOCOL_WARNINGS = {
  scoreNormalization:
    'Scores are normalised by the mean and deviation of the set that is evaluated, as in the published code; a running detector has no such set.',
  knownAnomalies:
    'Known anomalies are drawn as in the published code: most of the smaller sets are tested on as well, so that their figures are too high.',
  contamination: 'Hidden anomalies reach the extractor alone, as in the published code, not the detectors.',
} as const;

/**
 * An experiment's results as one self-contained HTML page: figures by variant and machine type, as plots and tables, the
 * paper's beside them on its recordings; figures of each machine ID, maps, what was not measured, and all trainings.
 */
export function experimentReport(results: ExperimentResults): string {
  const { title, source, question, generatedAt, dataset, preset, seeds, failures, notes } = results;
  const sections: (ReportSection | null)[] = [
    resultSection(results),
    mapSection(results),
    { heading: 'Tables', tables: tablesOfResults(results) },
    machineSection(results),
    missingSection(results),
    trainingSection(results),
    notes.length > MAX_REMARKS ? noteSection(notes) : null,
  ];
  return htmlReport({
    title,
    subtitle: `${source}; ${dataset.name}, preset ${preset}, ${seeds.length} seed${seeds.length === 1 ? '' : 's'}`,
    generatedAt,
    text: question,
    highlights: highlights(results),
    warnings: [
      ...protocolWarnings(results),
      ...(failures.length > 0
        ? [`Measurements that failed: ${failures.length}. The means are without them.`]
        : []),
    ],
    notes: [...(notes.length > MAX_REMARKS ? [] : notes), ...(dataset.isDcase2020 ? [] : [OTHER_DATA])],
    sections: sections.filter((section) => section !== null),
    provenance: provenance(results),
  });
}

const OTHER_DATA =
  "The recordings are not those of DCASE2020 Task 2, or not all of them: the figures do not compare with the paper's, which are left out.";

/** More notes than this, one a run for instance, would push the results off the page. */
const MAX_REMARKS = 4;

function noteSection(notes: readonly string[]): ReportSection {
  return {
    heading: 'Notes',
    tables: [{ columns: [{ header: 'Note' }], rows: notes.map((note) => [note]) }],
  };
}

/** Figures of the only variant. */
function highlights({ variants, machineTypes, aggregates }: ExperimentResults) {
  const [only] = variants;
  if (variants.length !== 1 || only === undefined) return [];
  const [type = null] = machineTypes;
  const place =
    machineTypes.length > 1
      ? ({ scope: 'overall', machineType: null } as const)
      : ({ scope: 'type', machineType: type } as const);
  return [
    { metric: 'aAuc' as const, label: 'aAUC, per cent' },
    { metric: 'mAuc' as const, label: 'mAUC, per cent' },
  ].map(({ metric, label }) => ({
    label,
    value: cellText(cellOf(aggregates, { variant: only.id, ...place, metric })),
  }));
}

function protocolWarnings({ protocol }: ExperimentResults): string[] {
  const names = Object.keys(PROTOCOL_WARNINGS) as (keyof typeof PROTOCOL_WARNINGS)[];
  return names
    .filter((name) => protocol[name] !== PAPER_PROTOCOL[name])
    .map((name) => PROTOCOL_WARNINGS[name]);
}

function provenance(results: ExperimentResults): ReportFields {
  const { experiment, version, commit, dataset, pretrainedWeights, machineTypes, seeds, protocol } = results;
  return {
    ...{ experiment, version, commit, dataset, pretrainedWeights, machineTypes, seeds },
    protocol: { ...protocol },
    config: results.config as unknown as ReportFields,
  };
}
