import { assertNoLeak } from '@serial-oe/datasets';
import type { FileAccess } from '@serial-oe/runtime';
import { TrainingDataError, throwIfStopped } from '@serial-oe/runtime';
import type { Platform, SerialOeModel } from '@serial-oe/serial-oe';
import {
  buildTrainingSet,
  CHECKPOINT_FILE,
  clipsAhead,
  loadSerialOeWith,
  trainSerialOeWith,
} from '@serial-oe/serial-oe';
import { parseEmbeddings, serializeEmbeddings } from './embeddings-file';
import { ExperimentError } from './experiment-error';
import { MODEL_FOLDER, RECORD_FILE, runFiles, scoresFile } from './job-files';
import type {
  EmbeddedClip,
  NamedClip,
  RunEvent,
  RunJob,
  RunRecord,
  ScoresFile,
  ScoringJob,
} from './job-types';
import { scoreEmbeddings } from './score-embeddings';

export interface PerformRunOptions {
  onEvent: (event: RunEvent) => void;
  /** Stops with a checkpoint. */
  signal: AbortSignal | undefined;
  /** Commit of the running source, for the record. */
  commit: string | null;
}

/**
 * Does what is not done yet of a run: trains its extractor (going on from a checkpoint), embeds its clips, and scores
 * them in each way that was asked for. Everything that is finished stands in the run's folder and is kept.
 *
 * @throws DataLeakError where a test clip is among the training clips, under any protocol but the published code's
 * @throws what `trainSerialOe` throws
 */
export async function performRun(platform: Platform, job: RunJob, options: PerformRunOptions): Promise<void> {
  if (!job.isLeaky) assertNoLeak(job.trainClips, job.testClips);
  const files = filesOf(platform);
  const paths = runFiles(files, job.folder);
  let model = (await files.exists(paths.record)) ? null : await train(platform, job, options);
  const loadModel = async () => {
    model ??= await loadSerialOeWith(platform, paths.model);
    return model;
  };
  try {
    const clips = await embeddedClips(platform, job, loadModel, options);
    for (const [i, scoring] of job.scorings.entries()) {
      throwIfStopped(options.signal, 'while scoring; finished scores are kept');
      const path = scoresFile(files, job.folder, scoring.key);
      if (!(await files.exists(path))) {
        const { testClips: _, ...asked } = scoring;
        const scores: ScoresFile = { ...asked, ...score(clips, job, scoring) };
        await files.writeFile(path, JSON.stringify(scores));
      }
      options.onEvent({ kind: 'scoring', nDone: i + 1, nTotal: job.scorings.length });
    }
  } finally {
    model?.dispose();
  }
}

/** What a detector cannot do on these clips, it can never do: that is a result too, and the other detectors go on. */
function score(
  clips: readonly EmbeddedClip[],
  { config }: RunJob,
  scoring: ScoringJob,
): Pick<ScoresFile, 'rows' | 'problem'> {
  try {
    return { rows: scoreEmbeddings(clips, config, scoring), problem: null };
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error;
    return { rows: [], problem: error.message };
  }
}

/** Trains, saves the model, and then the record that says so. */
async function train(platform: Platform, job: RunJob, options: PerformRunOptions): Promise<SerialOeModel> {
  const startedAt = performance.now();
  const { folder, config, machineType } = job;
  const files = filesOf(platform);
  const moved = new Set(job.moved);
  const model = await trainSerialOeWith(platform, {
    dataset: { clips: [...job.trainClips], name: job.id },
    machineType,
    config,
    pretrainedWeights: job.weightsFile === null ? undefined : await files.read(job.weightsFile),
    heldOutClips: job.trainClips.filter(({ name }) => moved.has(name)),
    featureWorkers: job.featureWorkers,
    checkpointDir: folder,
    checkpointEveryEpochs: 1,
    resume: true,
    signal: options.signal,
    onProgress: (event) => options.onEvent({ kind: 'training', event }),
  });
  await model.save(files.join(folder, MODEL_FOLDER));
  const record: RunRecord = {
    ...recordOf(job, model),
    commit: options.commit,
    seconds: (performance.now() - startedAt) / 1000,
  };
  await files.writeFile(files.join(folder, RECORD_FILE), `${JSON.stringify(record, null, 1)}\n`);
  await files.remove(files.join(folder, CHECKPOINT_FILE));
  return model;
}

function recordOf(job: RunJob, { config, provenance }: SerialOeModel): Omit<RunRecord, 'commit' | 'seconds'> {
  const { nNormalClips, nPseudoAnomalousClips, nKnownAnomalies, nSteps, history } = provenance;
  const { backend, operations, pretrainedWeights, trainedAt, version } = provenance;
  return {
    id: job.id,
    machineType: job.machineType,
    config,
    nNormalClips,
    nOutlierClips: nPseudoAnomalousClips,
    nKnownAnomalies,
    nContaminants: job.moved.length - nKnownAnomalies,
    nSteps,
    finalLoss: history.at(-1)?.loss ?? null,
    selectedEpoch: provenance.selectedEpoch ?? null,
    backend,
    operations,
    pretrainedWeights,
    trainedAt,
    version,
  };
}

/** From the file, where it holds every clip that is asked for; else by the model. */
async function embeddedClips(
  platform: Platform,
  job: RunJob,
  loadModel: () => Promise<SerialOeModel>,
  options: PerformRunOptions,
): Promise<EmbeddedClip[]> {
  const files = filesOf(platform);
  const { embeddings: path } = runFiles(files, job.folder);
  if (await files.exists(path)) {
    const clips = parseEmbeddings(await files.read(path), path);
    const names = new Set(clips.map(({ name }) => name));
    if (job.testClips.every(({ name }) => names.has(name))) return clips;
  }
  const clips = await embed(platform, job, await loadModel(), options);
  await files.writeFile(path, serializeEmbeddings(clips));
  return clips;
}

async function embed(
  platform: Platform,
  job: RunJob,
  model: SerialOeModel,
  { onEvent, signal }: PerformRunOptions,
): Promise<EmbeddedClip[]> {
  const fitted = clipsToFit(job);
  const clips = [...fitted, ...job.testClips];
  const { amplitude, config, embedder } = model.parts;
  const setup = { clips, frontEnd: config.frontEnd, amplitude, nMachineIds: 0, maxCacheBytes: 0 };
  const source = platform.createSpectrogramSource(setup, job.featureWorkers);
  const moved = new Set(job.moved);
  const embedded: EmbeddedClip[] = [];
  try {
    for (const { index, features } of clipsAhead(source, [...clips.keys()])) {
      throwIfStopped(signal, 'while embedding clips; the trained model is kept');
      const { name, machineId, label } = clips[index] as NamedClip;
      const isFitted = index < fitted.length;
      embedded.push({
        name,
        machineId,
        label,
        role: isFitted ? 'fit' : 'test',
        isContaminant: isFitted && moved.has(name),
        embeddings: await embedder.embedAsync(await features),
      });
      onEvent({ kind: 'embedding', nDone: index + 1, nTotal: clips.length });
    }
  } finally {
    await source.close();
  }
  return embedded;
}

/** The clips that detectors are fitted on, as training chose them. */
function clipsToFit({ trainClips, machineType, config }: RunJob): NamedClip[] {
  const set = buildTrainingSet({ clips: [...trainClips] }, machineType, config);
  const indices = config.detector.fitOn === 'validation' ? set.validationNormal : set.normal;
  return Array.from(indices, (i) => set.clips[i] as NamedClip);
}

function filesOf({ files }: Platform): FileAccess {
  if (files === null) throw new ExperimentError('serial-oe.experiment: experiments need a file system.');
  return files;
}
