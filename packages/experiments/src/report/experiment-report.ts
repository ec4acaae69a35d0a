import { htmlReport, type ReportFields, type ReportSection } from '@serial-oe/report';
import { DEFAULT_PROTOCOL } from '../experiment-types';
import type { ExperimentResults } from '../results/experiment-results';
import { cellOf, cellText } from '../results/results-table';
import { whereBaselinesWin } from '../results/where-baselines-win';
import { differenceSection } from './difference-section';
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
 * An experiment's results as one self-contained HTML page: figures by variant and machine type, as plots and tables, beside
 * those that they are compared with; figures of each machine ID, maps, what was not measured, and all trainings.
 */
export function experimentReport(results: ExperimentResults): string {
  const { title, source, question, generatedAt, dataset, seeds, failures, remarks, notes } = results;
  const sections: (ReportSection | null)[] = [
    resultSection(results),
    mapSection(results),
    { heading: 'Tables', tables: tablesOfResults(results) },
    differenceSection(results),
    machineSection(results),
    missingSection(results),
    trainingSection(results),
    notes.length > MAX_REMARKS ? noteSection(notes) : null,
  ];
  return htmlReport({
    title,
    subtitle: `${source === '' ? '' : `${source}; `}${dataset.name}, ${systemsText(results)}, ${seeds.length} seed${seeds.length === 1 ? '' : 's'}`,
    generatedAt,
    text: question,
    highlights: highlights(results),
    warnings: [
      ...whereBaselinesWin(results),
      ...protocolWarnings(results),
      ...(failures.length > 0
        ? [`Measurements that failed: ${failures.length}. The means are without them.`]
        : []),
    ],
    notes: [...(notes.length > MAX_REMARKS ? [] : notes), ...remarks],
    sections: sections.filter((section) => section !== null),
    provenance: provenance(results),
  });
}

/** "serial-oe (preset paper), autoencoder". */
export function systemsText({ systems }: ExperimentResults): string {
  return systems
    .map(({ name, preset }) => (preset === null ? name : `${name} (preset ${preset})`))
    .join(', ');
}

/** More notes than this, one a run for instance, would push the results off the page. */
const MAX_REMARKS = 4;

function noteSection(notes: readonly string[]): ReportSection {
  return {
    heading: 'Notes',
    tables: [{ columns: [{ header: 'Note' }], rows: notes.map((note) => [note]) }],
  };
}

/** Figures of the only variant, baselines apart. */
function highlights({ variants: all, machineTypes, aggregates }: ExperimentResults) {
  const variants = all.filter(({ isBaseline }) => !isBaseline);
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
    .filter((name) => protocol[name] !== DEFAULT_PROTOCOL[name])
    .map((name) => PROTOCOL_WARNINGS[name]);
}

function provenance(results: ExperimentResults): ReportFields {
  const { experiment, version, commit, dataset, machineTypes, seeds, protocol, systems } = results;
  return {
    ...{ experiment, version, commit, dataset, machineTypes, seeds },
    protocol: { ...protocol },
    systems: Object.fromEntries(
      systems.map(({ name, ...setup }) => [name, setup as unknown as ReportFields]),
    ),
  };
}
