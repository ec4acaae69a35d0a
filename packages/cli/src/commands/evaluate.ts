import type { Dataset } from '@serial-oe/datasets';
import type { Evaluation } from '@serial-oe/runtime/contract';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import type { ModelEvaluation } from '../evaluate/evaluate-model';
import { evaluationText } from '../evaluate/evaluation-text';
import type { ComparedSystem } from '../evaluate/where-others-win';
import { FALSE_ALARM_RATE, THRESHOLD } from '../flags/decision-flags';
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
import type { LoadedModel } from '../model/loaded-model';
import { readDatasets } from '../read-datasets';
import type { ProgressLine } from '../terminal/progress-line';
import { printJson } from '../terminal/terminal';

const flags = {
  model: MODEL,
  data: required(DATA),
  machineType: textFlag(
    'T',
    'Of a model of all types the one that is measured. Default: each that has test clips, one after the other; with --json a list.',
  ),
  maxFpr: numberFlag('R', 'Highest false-positive rate of pAUC; default 0.1.'),
  falseAlarmRate: FALSE_ALARM_RATE,
  threshold: THRESHOLD,
  report: textFlag('FILE', 'Writes a self-contained HTML page.'),
  explain: integerFlag(
    'N',
    'Missed faults and false alarms of each machine that the page explains: which seconds and frequencies, and how they differ from normal. Default 3; each takes about twenty scores.',
    { min: 0 },
  ),
  writeCard: switchFlag(
    "Writes the results, with counts and intervals, into the model's card (model-card.md beside the model); its own thresholds count.",
  ),
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
      'and a page: what was missed and why, every clip as a dot, ROC curves',
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

async function run(context: CommandContext<typeof flags>): Promise<number> {
  const { args, progress, signal, terminal } = context;
  if (args.explain !== undefined && args.report === undefined)
    throw new UsageError('--explain goes with --report.');
  checkWriteCard(args);
  const { checkWritable } = await import('@serial-oe/runtime/node/files');
  if (args.report !== undefined) await checkWritable(args.report); // minutes of scoring lie before it is written
  const { loadModel } = await import('../model/load-model');
  const { modelsToEvaluate } = await import('../evaluate/models-to-evaluate');
  const onWarning = (message: string) => progress.warning(message);
  const { underFlags } = await import('../model/decide');
  const loaded = await loadModel(args.model, { flags: args, signal, onWarning, takesAllTypes: true });
  try {
    const dataset = readDatasets(args.data, progress);
    const model = { ...loaded, scorer: underFlags(loaded.scorer, args) };
    const models = modelsToEvaluate(model, dataset, args);
    const made: object[] = [];
    const evaluations: Evaluation[] = [];
    for (const [i, each] of models.entries()) {
      if (i > 0 && !args.json) terminal.out('\n');
      const { evaluation, compared } = await evaluateAll(each, { dataset, args, signal, progress });
      progress.close();
      made.push(evaluationJson(evaluation, compared));
      evaluations.push(evaluation);
      await tell(context, { model: each, dataset, evaluation, compared });
    }
    if (args.writeCard) await writeResults(context, { loaded, dataset, evaluations });
    if (args.json) printJson(terminal, models[0] === model ? made[0] : made);
  } finally {
    await loaded.close();
  }
  return EXIT.done;
}

interface Told extends ModelEvaluation {
  model: LoadedModel;
  dataset: Dataset;
}

/** Text and report, as they are asked for. */
async function tell(
  { args, progress, signal, terminal }: CommandContext<typeof flags>,
  { model, dataset, evaluation, compared }: Told,
): Promise<void> {
  tellWhatWasLeftOut(evaluation, progress);
  if (!args.json) {
    const { verdictLine, verdictOf } = await import('../evaluate/verdict');
    const text = evaluationText(evaluation, compared, { hasNetwork: model.network !== null });
    terminal.out(`${text}\n${verdictLine(verdictOf(evaluation, model.scorer))}\n`);
  }
  if (args.report !== undefined) {
    const { writeFileAtomically } = await import('@serial-oe/runtime/node/files');
    const { evaluationReport } = await import('../evaluation-report/evaluation-report');
    const page = await evaluationReport(model, evaluation, {
      ...{ dataset, compared, nExplained: args.explain, signal },
      onProgress: (text, share) => progress.update(text, share),
    });
    progress.close();
    await writeFileAtomically(args.report, page);
    progress.message(`report written to ${args.report}`);
  }
}

/** Puts the results of all types into the card of the model as it lies on disk. */
async function writeResults(
  { args, progress }: CommandContext<typeof flags>,
  {
    loaded,
    dataset,
    evaluations,
  }: { loaded: LoadedModel; dataset: Dataset; evaluations: readonly Evaluation[] },
): Promise<void> {
  const { cardOrNew, writeCard } = await import('../card/card-of-model');
  const { cardResults } = await import('../card/card-results');
  const { machineName, typeToTell } = await import('../model/machine-names');
  const isOfOneType = typeToTell(loaded.machineType) !== undefined;
  const results = cardResults(evaluations, dataset.name ?? args.data.join(', '), (type, id) =>
    isOfOneType ? id : machineName(type, id),
  );
  const card = { ...(await cardOrNew(loaded)), results };
  await writeCard(args.model, { model: loaded, card, caller: 'serial-oe evaluate' });
  progress.message(`results written into the model card of ${args.model}`);
}

function checkWriteCard({
  writeCard,
  model,
  threshold,
  falseAlarmRate,
}: CommandContext<typeof flags>['args']): void {
  if (!writeCard) return;
  if (/^https?:\/\//i.test(model)) {
    throw new UsageError('--model must be a folder or a file for --write-card, not an address.');
  }
  if (threshold !== undefined || falseAlarmRate !== undefined) {
    throw new UsageError(
      "--write-card goes with the model's own thresholds, not with --threshold or --false-alarm-rate. calibrate changes them.",
    );
  }
}

interface Work {
  dataset: Dataset;
  args: { readonly maxFpr: number | undefined; readonly noBaselines: boolean };
  signal: AbortSignal;
  progress: ProgressLine;
}

/** The model, and on the same clips its members alone and systems without a network. */
async function evaluateAll(
  model: LoadedModel,
  { dataset, args, signal, progress }: Work,
): Promise<ModelEvaluation> {
  const { createNodePlatform } = await import('@serial-oe/runtime/node/files');
  const { evaluateModel, testClipsOf } = await import('../evaluate/evaluate-model');
  const { fitBaselines } = await import('../evaluate/fit-baselines');
  testClipsOf(model, dataset); // nothing is fitted where there is nothing to test
  const platform = createNodePlatform();
  const { machineType, system, systems } = model;
  const baselines = args.noBaselines
    ? []
    : await fitBaselines({
        ...{ dataset, machineType, known: [system, ...systems], platform, signal },
        onProgress: (text, share) => progress.update(text, share),
        onWarning: (message) => progress.warning(message),
      });
  progress.close();
  return evaluateModel(model, {
    ...{ dataset, baselines, maxFpr: args.maxFpr, loadClip: platform.loadClip, signal },
    onProgress: ({ nDone, nTotal }) =>
      progress.update(`scoring test clips ${nDone}/${nTotal}`, nDone / nTotal),
  });
}

function evaluationJson(evaluation: Evaluation, compared: readonly ComparedSystem[]): object {
  const of = (isMember: boolean) =>
    compared.filter((each) => each.isMember === isMember).map(({ system, summary }) => ({ system, summary }));
  const members = of(true);
  return { ...evaluation, ...(members.length > 0 && { members }), baselines: of(false) };
}

function tellWhatWasLeftOut(
  { machineType, summary, unknownMachineIds, nHeldOut }: Evaluation,
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
