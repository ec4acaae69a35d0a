import type { Dataset } from '@serial-oe/datasets';
import type { SerialOeEvaluation } from '@serial-oe/serial-oe';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { evaluationText } from '../evaluate/evaluation-text';
import type { BaselineEvaluation } from '../evaluate/where-baselines-win';
import {
  BACKEND,
  DATA,
  DATA_NOTE,
  MODEL,
  QUIET,
  RUNTIME,
  RUNTIME_WEIGHTS,
  SCORE_WORKERS,
  THREADS,
} from '../flags/shared-flags';
import { readDatasets } from '../read-datasets';
import { scoringThreads } from '../score/scoring-threads';
import { startRuntime } from '../score/start-runtime';
import type { ProgressLine } from '../terminal/progress-line';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  data: required(DATA),
  maxFpr: numberFlag('R', 'Highest false-positive rate of pAUC; default 0.1.'),
  report: textFlag('FILE', 'Writes a self-contained HTML page.'),
  noBaselines: switchFlag(
    'Leaves out the comparison with systems without a network, which are fitted in seconds on the training clips in DIR.',
  ),
  json: switchFlag('Prints everything as JSON, every clip included.'),
  runtime: RUNTIME,
  backend: BACKEND,
  workers: SCORE_WORKERS,
  threads: THREADS,
  weights: RUNTIME_WEIGHTS,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'evaluate',
  summary: 'measures a model on test clips: AUC, pAUC, aAUC, mAUC',
  usage: '--model MODEL --data DIR [flags]',
  examples: [
    ['serial-oe evaluate --model fan-model --data sounds', 'a table'],
    [
      'serial-oe evaluate --model fan-model --data sounds --report report.html',
      'and a page with ROC curves, histograms, spectrograms',
    ],
  ],
  flags,
  notes: [
    'aAUC is the mean of AUC and pAUC; mAUC is the lowest AUC of the machine IDs; hAUC is the harmonic mean of all their AUC and pAUC. ' +
      '"pooled" is one ROC curve over the clips of all IDs. "found" and "false alarms" are the shares of anomalous and normal clips above the threshold.',
    DATA_NOTE,
  ],
  stopping: 'stopping after this clip',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  if (args.report !== undefined) {
    const { checkWritable } = await import('@serial-oe/runtime/node');
    await checkWritable(args.report); // minutes of scoring lie before it is written
  }
  const runtime = await startRuntime(args);
  const { evaluateSerialOe, loadSerialOe } = await import('@serial-oe/serial-oe');
  const model = await loadSerialOe(args.model, {
    ...runtime,
    signal,
    onWarning: (message) => progress.warning(message),
  });
  try {
    const dataset = readDatasets(args.data, progress);
    const evaluation = await evaluateSerialOe(model, {
      dataset,
      maxFpr: args.maxFpr,
      ...scoringThreads(args.workers),
      signal,
      onProgress: ({ nDone, nTotal }) =>
        progress.update(`scoring test clips ${nDone}/${nTotal}`, nDone / nTotal),
    });
    const baselines = args.noBaselines
      ? []
      : await baselinesOf(evaluation, { dataset, args, signal, progress });
    progress.close();
    tellWhatWasLeftOut(evaluation, progress);
    if (args.json) printJson(terminal, { ...evaluation, baselines });
    else terminal.out(evaluationText(evaluation, baselines));
    if (args.report !== undefined) {
      const { writeFileAtomically } = await import('@serial-oe/runtime/node');
      const { evaluationReport } = await import('../evaluation-report/evaluation-report');
      await writeFileAtomically(
        args.report,
        await evaluationReport(model, evaluation, { dataset, baselines }),
      );
      progress.message(`report written to ${args.report}`);
    }
  } finally {
    model.dispose();
  }
  return EXIT.done;
}

/** The same clips by systems without a network. */
async function baselinesOf(
  evaluation: SerialOeEvaluation,
  {
    dataset,
    args,
    signal,
    progress,
  }: {
    dataset: Dataset;
    args: { readonly maxFpr: number | undefined };
    signal: AbortSignal;
    progress: ProgressLine;
  },
): Promise<BaselineEvaluation[]> {
  const { createNodePlatform } = await import('@serial-oe/runtime/node');
  const { compareBaselines } = await import('../evaluate/compare-baselines');
  return compareBaselines(evaluation, {
    ...{ dataset, maxFpr: args.maxFpr, signal, platform: createNodePlatform() },
    onProgress: (text, share) => progress.update(text, share),
    onWarning: (message) => progress.warning(message),
  });
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
