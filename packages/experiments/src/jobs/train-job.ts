import type { Clip } from '@serial-oe/datasets';
import type { ClipScorer } from '@serial-oe/runtime';
import { ALL_MACHINE_TYPES, type Target } from '@serial-oe/runtime';
import type { JobContext } from './job-context';
import { type Job, RECORD_FORMAT, type RunRecord } from './job-types';

/** Trains, saves the scorer, and then the record that says so. */
export async function trainJob(context: JobContext): Promise<RunRecord> {
  const { job, files, paths, options } = context;
  const startedAt = performance.now();
  const startFrom = await readStart(context);
  const { scorer, finalLoss } = await train(context, startFrom);
  context.keep(scorer);
  const model = await scorer.toFiles();
  await files.writeFolder(paths.model, model);
  const record: RunRecord = {
    formatVersion: RECORD_FORMAT,
    id: job.id,
    system: job.system,
    machineType: job.target.machineType,
    machineId: job.target.machineId ?? null,
    seed: job.seed,
    config: job.config,
    ...countClips(job),
    nUpdates: job.nUpdates,
    finalLoss,
    hasEmbeddings: scorer.embed !== undefined,
    modelFiles: [...model.keys()],
    backend: options.backend,
    startFrom: job.startFrom?.hashes ?? null,
    seconds: (performance.now() - startedAt) / 1000,
    commit: options.commit,
    provenance: scalarsOf(scorer),
  };
  await files.writeFile(paths.record, `${JSON.stringify(record, null, 1)}\n`);
  await files.remove(paths.checkpoint);
  return record;
}

/** Normal training clips of the target. */
export function normalClips<C extends Clip>(clips: readonly C[], target: Target): C[] {
  return clips.filter(
    (clip) => clip.split === 'train' && clip.label === 'normal' && isOfTarget(clip, target),
  );
}

function isOfTarget(clip: Clip, { machineType, machineId }: Target): boolean {
  if (machineType !== ALL_MACHINE_TYPES && clip.machineType !== machineType) return false;
  return machineId === undefined || clip.machineId === machineId;
}

async function train(
  { job, options, paths, system }: JobContext,
  startFrom: ReadonlyMap<string, Uint8Array> | null,
): Promise<{ scorer: ClipScorer; finalLoss: number | null }> {
  const moved = new Set(job.moved);
  let finalLoss: number | null = null;
  const scorer = await system.train(
    {
      clips: job.trainClips,
      target: job.target,
      config: job.config,
      heldOutClips: job.trainClips.filter(({ name }) => moved.has(name)),
      startFrom: startFrom ?? undefined,
      checkpoint: { folder: paths.checkpoint, resume: true, everyEpochs: 1 },
      signal: options.signal,
      onProgress: (event) => {
        if (event.kind === 'epoch') finalLoss = event.loss;
        options.onEvent({ kind: 'training', event });
      },
    },
    options.platform,
  );
  return { scorer, finalLoss };
}

async function readStart({ job, files }: JobContext): Promise<Map<string, Uint8Array> | null> {
  if (job.startFrom === null) return null;
  const entries = Object.entries(job.startFrom.paths);
  return new Map(
    await Promise.all(entries.map(async ([name, path]) => [name, await files.read(path)] as const)),
  );
}

function countClips({ trainClips, target, moved }: Job) {
  const anomalies = trainClips.filter((clip) => clip.label === 'anomaly' && isOfTarget(clip, target));
  const nNormalClips = normalClips(trainClips, target).length;
  const nAllNormal = trainClips.filter(({ label }) => label === 'normal').length;
  const hidden = new Set(moved);
  const contaminants = trainClips.filter(({ name, label }) => label === 'normal' && hidden.has(name));
  return {
    nNormalClips,
    nOtherClips: nAllNormal - nNormalClips,
    nKnownAnomalies: anomalies.length,
    nContaminants: contaminants.length,
  };
}

function scalarsOf({ provenance = {} }: ClipScorer): RunRecord['provenance'] {
  const entries = Object.entries(provenance).filter(
    ([, value]) => value === null || typeof value !== 'object',
  );
  return Object.fromEntries(entries) as RunRecord['provenance'];
}
