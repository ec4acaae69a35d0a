import { BACKEND_NAMES, startBackend } from '@serial-oe/runtime/node';
import type { EpochSummary, SerialOeConfig, SerialOeModel, TrainingProgress } from '@serial-oe/serial-oe';
import { resolveConfig, withReferenceDifferences } from '@serial-oe/serial-oe';
import { Arguments } from './arguments';
import { TRAIN } from './commands/specs/train-spec';
import { train } from './commands/train';
import { duration, figure, megabytes, textTable } from './format';
import { interruptSignal } from './interrupt';
import { readConfig, readPreset } from './read-config';
import { readDatasets } from './read-datasets';
import { ProgressLine, type Terminal } from './terminal';

/** `serial-oe train`; returns the exit code. */
export async function runTrain(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(TRAIN, argv);
  args.noPositionals();
  const paths = args.list('data');
  if (paths.length === 0) throw args.usage('--data is needed.');
  const machineType = args.required('machine-type');
  const out = args.required('out');
  const config = await resolveArguments(args); // a wrong value is told before anything is read
  const workers = args.integer('workers', 1);
  const nHeldOut = args.integer('held-out-anomalies', 0);
  const knownAnomalies = numberOrPath(args.text('known-anomalies'));
  if (nHeldOut !== undefined && typeof knownAnomalies === 'string') {
    throw args.usage('--held-out-anomalies goes with a number of --known-anomalies, not with a folder.');
  }
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  await startBackend(args.oneOf('backend', BACKEND_NAMES) ?? 'wasm');
  const dataset = readDatasets(paths, progress);
  const startedAt = performance.now();
  const { signal, release } = interruptSignal(() =>
    progress.warning(
      'stopping once a checkpoint of what is trained is saved; press Ctrl-C again to stop at once',
    ),
  );
  try {
    const model = await train({
      dataset,
      machineType,
      out,
      config,
      weightsFile: args.text('weights'),
      knownAnomalies,
      nHeldOut,
      workers,
      isResumed: args.has('resume'),
      isRestarted: args.has('restart'),
      isOverwriting: args.has('overwrite'),
      signal,
      onProgress: (event) => showProgress(event, progress),
    });
    progress.close();
    const seconds = (performance.now() - startedAt) / 1000;
    terminal.out(
      args.has('json')
        ? `${JSON.stringify(asJson(model, out, seconds), null, 1)}\n`
        : asText(model, out, seconds),
    );
    model.dispose();
  } finally {
    progress.close();
    release();
  }
  return 0;
}

async function resolveArguments(args: Arguments): Promise<SerialOeConfig> {
  const preset = readPreset(args);
  const config = resolveConfig(preset, await readConfig(args));
  const names = args.text('reference');
  if (names === undefined) return config;
  try {
    return withReferenceDifferences(config, names.split(','));
  } catch (cause) {
    throw args.usage(`--reference ${names}: ${(cause as Error).message}`);
  }
}

function numberOrPath(text: string | undefined): number | string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function showProgress(event: TrainingProgress, progress: ProgressLine): void {
  switch (event.kind) {
    case 'reading':
      progress.update(`reading clips ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      if (event.nDone === event.nTotal) progress.close();
      return;
    case 'resumed':
      progress.message(
        `resuming from ${event.path} at epoch ${event.epoch + 1}, step ${event.stepInEpoch + 1}`,
      );
      return;
    case 'step':
      progress.update(stepLine(event), event.nDone / event.nTotal);
      return;
    case 'epoch':
      progress.message(epochLine(event));
      return;
    case 'checkpoint':
      progress.message(`checkpoint saved in ${event.path}`);
      return;
    case 'embedding':
      progress.update(`embedding normal clips ${event.nDone}/${event.nTotal}`, event.nDone / event.nTotal);
      if (event.nDone === event.nTotal) progress.close();
      return;
    case 'memoryPlan':
      if (event.message !== null) progress.message(event.message);
      return;
    case 'warning':
      progress.warning(event.message);
      return;
    case 'detector':
      return;
  }
}

function stepLine(event: Extract<TrainingProgress, { kind: 'step' }>): string {
  const { epoch, nEpochs, nDone, nTotal, loss, typeLoss, idLoss, learningRate, clipsPerSecond, secondsLeft } =
    event;
  return [
    `epoch ${epoch + 1}/${nEpochs}`,
    `step ${nDone}/${nTotal}`,
    `loss ${loss.toFixed(4)} (type ${part(typeLoss)}, id ${part(idLoss)})`,
    `lr ${learningRate.toExponential(2)}`,
    `${clipsPerSecond.toFixed(1)} clips/s`,
    `${duration(secondsLeft)} left`,
  ].join('  ');
}

function epochLine(event: EpochSummary & { nEpochs: number }): string {
  const { epoch, nEpochs, loss, typeLoss, idLoss, validationLoss, nTensors, tensorBytes } = event;
  const { heapBytes, rssBytes } = event;
  return [
    `epoch ${epoch + 1}/${nEpochs} done`,
    `mean loss ${loss.toFixed(4)} (type ${part(typeLoss)}, id ${part(idLoss)})`,
    ...(validationLoss === null ? [] : [`validation ${validationLoss.toFixed(4)}`]),
    `${nTensors} tensors, ${megabytes(tensorBytes)}`,
    ...(heapBytes === null ? [] : [`WASM heap ${megabytes(heapBytes)}`]),
    ...(rssBytes === null ? [] : [`memory ${megabytes(rssBytes)}`]),
  ].join('  ');
}

function part(loss: number | null): string {
  return loss === null ? '-' : loss.toFixed(4);
}

function asJson(model: SerialOeModel, out: string, seconds: number) {
  const { machineType, machineIds, config, provenance } = model;
  const detectors = [...model.detectors].map(([machineId, { threshold, calibration }]) => ({
    machineId,
    threshold,
    calibration,
  }));
  return { model: out, machineType, machineIds, seconds, detectors, config, provenance };
}

function asText(model: SerialOeModel, out: string, seconds: number): string {
  const { history } = model.provenance;
  const rows = [...model.detectors].map(([machineId, { threshold, calibration }]) => [
    machineId,
    figure(threshold),
    `${calibration.nClips} clip(s), ${calibration.method}`,
  ]);
  const [first, last] = [history[0] as EpochSummary, history.at(-1) as EpochSummary];
  const rss =
    first.rssBytes !== null && last.rssBytes !== null
      ? `, ${megabytes(first.rssBytes)} / ${megabytes(last.rssBytes)} resident`
      : '';
  return [
    `${model.machineType} model saved in ${out} after ${duration(seconds)}; final loss ${last.loss.toFixed(4)}`,
    `memory after the first / last epoch: ${first.nTensors} / ${last.nTensors} tensors, ${megabytes(first.tensorBytes)} / ${megabytes(last.tensorBytes)}${rss}`,
    '',
    textTable([{ title: 'machine ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }], rows),
  ].join('\n');
}
