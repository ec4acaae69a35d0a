import type { SelftestResult } from '@serial-oe/experiments';
import { htmlReport, type ReportSection } from '@serial-oe/report';
import { linePlot } from '@serial-oe/report/charts';
import { kindText, rateText, thresholdNotes } from './selftest-text';

/** A selftest as a self-contained HTML page: a table and plots of the share found by severity, machine by machine. */
export function selftestReport(result: SelftestResult, { dataset }: { dataset: string }): string {
  const machineIds = [
    ...new Set(result.systems.flatMap(({ machines }) => machines.map(({ machineId }) => machineId))),
  ];
  return htmlReport({
    title: `${result.machineType}: how small a fault would be found?`,
    subtitle: dataset,
    generatedAt: new Date(),
    text:
      'Made-up faults of rising severity in held-out recordings of the healthy machines. Severity is the power of what the fault changes, ' +
      'relative to the recording; of a speed drift, the share by which the speed changes (-40 dB is 1 %).\n\n' +
      `${thresholdNotes(result).join('\n\n')}\n\n` +
      'It tells what a system can hear in these recordings, not that it will find a real fault.',
    warnings: result.systems.flatMap(({ system, failure }) =>
      failure === null ? [] : [`${system} could not be trained: ${failure}`],
    ),
    sections: machineIds.map((machineId) => machineSection(result, machineId)),
  });
}

function machineSection(result: SelftestResult, machineId: string): ReportSection {
  const tested = result.systems.flatMap(({ system, machines }) =>
    machines.filter((each) => each.machineId === machineId).map((machine) => ({ system, machine })),
  );
  return {
    heading: `${result.machineType} ${machineId}`,
    tables: [
      {
        caption: `Smallest fault found, dB, ${rateText(tested[0]!.machine)}: ${100 * result.foundShare} % of the clips above the threshold, at this severity and every greater one`,
        columns: [{ header: 'Fault' }, ...tested.map(({ system }) => ({ header: system, digits: 0 }))],
        rows: result.kinds.map((kind) => [
          kindText(kind),
          ...tested.map(
            ({ machine }) => machine.faults.find((each) => each.kind === kind)?.smallestFoundDb ?? null,
          ),
        ]),
      },
      {
        caption: 'False alarms on held-out normal clips, and what the threshold rests on',
        columns: [
          { header: 'System' },
          { header: 'False alarms', digits: 0 },
          { header: 'Held-out clips', digits: 0 },
          { header: 'Threshold' },
          { header: 'Normal clips behind it', digits: 0 },
        ],
        rows: tested.map(({ system, machine: { nFalseAlarms, nHeldOut, calibration } }) => [
          ...[system, nFalseAlarms, nHeldOut, calibration.method, calibration.nClips],
        ]),
      },
    ],
    figureColumns: 2,
    figures: tested.map(({ system, machine }) => ({
      caption: `${system}: share of the clips with the fault that is found`,
      svg: linePlot(
        machine.faults.map(({ kind, severities }) => ({
          label: kindText(kind),
          x: severities.map(({ severityDb }) => severityDb),
          y: severities.map(({ nFound, nClips }) => nFound / nClips),
        })),
        { xLabel: 'severity (dB)', yLabel: 'share found' },
      ),
    })),
  };
}
