import type { ReportSection, ReportTable } from '@serial-oe/report';
import { differencesTable } from '../results/differences-table';
import type { ExperimentResults } from '../results/experiment-results';

const TEXT =
  'aAUC of each variant minus that of its base, in points, on the same seeds, machine IDs and test clips, with 95 % intervals. ' +
  'Over seeds (paired Student t): where it would lie with other trainings on these recordings. Over test clips (bootstrap within each ' +
  'machine and label, the same clips for both): with other recordings of these machines. Over machine IDs (paired Student t on means ' +
  'over the seeds): with other machines of the kind; from 3 machine IDs on. An interval that holds 0 shows no difference of that kind.\n\n' +
  'Seeds for 3 points: how many trainings of each a paired t-test needs to find a difference of 3 points with probability 0.8 ' +
  '(two-sided, significance 0.05), by the deviation over these seeds, which few seeds tell but roughly.';

/** Paired differences: a table for the mean over the types, and one for each of them. */
export function differenceSection(results: ExperimentResults): ReportSection | null {
  const { differences, machineTypes } = results;
  const places = [...(machineTypes.length > 1 ? [null] : []), ...machineTypes];
  const tables = places.flatMap((machineType): ReportTable[] => {
    const { columns, rows } = differencesTable(
      results,
      differences.filter((each) => each.machineType === machineType),
    );
    const [variant = '', base = '', ...figures] = columns;
    return rows.length === 0
      ? []
      : [
          {
            caption: machineType ?? 'Mean of the machine types',
            columns: [
              { header: variant },
              { header: base },
              ...figures.map((header) => ({ header, align: 'right' as const })),
            ],
            rows,
          },
        ];
  });
  return tables.length === 0 ? null : { heading: 'Differences', text: TEXT, tables };
}
