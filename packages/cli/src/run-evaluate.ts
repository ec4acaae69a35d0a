import { writeFileAtomically } from '@serial-oe/runtime/node';
import { evaluateSerialOe, loadSerialOe, type SerialOeEvaluation } from '@serial-oe/serial-oe';
import { Arguments } from './arguments';
import { EVALUATE } from './commands/specs/model-specs';
import { evaluationReport } from './evaluation-report/evaluation-report';
import { figure, textTable } from './format';
import { interruptSignal } from './interrupt';
import { readDatasets } from './read-datasets';
import { startRuntime } from './runtimes';
import { scoringThreads } from './scoring-threads';
import { ProgressLine, type Terminal } from './terminal';

/** `serial-oe evaluate`; returns the exit code. */
export async function runEvaluate(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(EVALUATE, argv);
  args.noPositionals();
  const modelPath = args.required('model');
  const paths = args.list('data');
  if (paths.length === 0) throw args.usage('--data is needed.');
  const maxFpr = args.number('max-fpr');
  const threads = scoringThreads(args);
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  const runtime = await startRuntime(args);
  const model = await loadSerialOe(modelPath, {
    ...runtime,
    onWarning: (message) => progress.warning(message),
  });
  const { signal, release } = interruptSignal(() => progress.message('stopping after this clip'));
  try {
    const dataset = readDatasets(paths, progress);
    const evaluation = await evaluateSerialOe(model, {
      dataset,
      maxFpr,
      ...threads,
      signal,
      onProgress: ({ nDone, nTotal }) =>
        progress.update(`scoring test clips ${nDone}/${nTotal}`, nDone / nTotal),
    });
    progress.close();
    tellWhatWasLeftOut(evaluation, progress);
    terminal.out(args.has('json') ? `${JSON.stringify(evaluation, null, 1)}\n` : evaluationText(evaluation));
    const reportFile = args.text('report');
    if (reportFile !== undefined) {
      await writeFileAtomically(reportFile, await evaluationReport(model, evaluation, { dataset }));
      progress.message(`report written to ${reportFile}`);
    }
  } finally {
    progress.close();
    release();
    model.dispose();
  }
  return 0;
}

/** The tables of an evaluation. */
export function evaluationText({ machineType, summary, decisions }: SerialOeEvaluation): string {
  const type = summary.perType[0];
  const rows = summary.perId.map(({ machineId, nNormal, nAnomalous, auc, pAuc, aAuc }) => {
    const decision = decisions.find((each) => each.machineId === machineId);
    const interval = decision?.aucInterval;
    return [
      `${machineType} ${machineId}`,
      String(nNormal),
      String(nAnomalous),
      figure(auc),
      interval ? `${interval.lower.toFixed(2)}-${interval.upper.toFixed(2)}` : '-',
      figure(pAuc),
      figure(aAuc),
      '',
      figure(decision?.truePositiveRate),
      figure(decision?.falsePositiveRate),
    ];
  });
  if (type) {
    const { pooled } = type;
    const nClips = [String(pooled.nNormal), String(pooled.nAnomalous)];
    rows.push([
      'mean of the IDs',
      '',
      '',
      figure(type.auc),
      '',
      figure(type.pAuc),
      figure(type.aAuc),
      figure(type.mAuc),
      '',
      '',
    ]);
    rows.push([
      'pooled (one curve)',
      ...nClips,
      figure(pooled.auc),
      '',
      figure(pooled.pAuc),
      figure(pooled.aAuc),
      '',
      '',
      '',
    ]);
  }
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = textTable(
    [
      { title: 'machine' },
      right('normal'),
      right('anomalous'),
      right('AUC'),
      right('95 %'),
      right(summary.maxFpr === 0.1 ? 'pAUC' : `pAUC(${summary.maxFpr})`),
      right('aAUC'),
      right('mAUC'),
      right('found'),
      right('false alarms'),
    ],
    rows,
  );
  return `${table}${type?.hAuc === null || type === undefined ? '' : `\nhAUC ${figure(type.hAuc)}\n`}`;
}

function tellWhatWasLeftOut(
  { machineType, summary, unknownMachineIds, nHeldOut }: SerialOeEvaluation,
  progress: ProgressLine,
): void {
  for (const { machineId, reason } of summary.perId) {
    if (reason !== null) progress.warning(`${machineType} ${machineId} has no AUC: ${reason} to test with`);
  }
  for (const [machineId, nClips] of Object.entries(unknownMachineIds)) {
    progress.warning(
      `${nClips} test clip(s) of machine ID ${machineId} left out: the model has no detector for it`,
    );
  }
  if (nHeldOut > 0)
    progress.message(
      `${nHeldOut} test clip(s) left out: they were put aside for training with known anomalies`,
    );
}
