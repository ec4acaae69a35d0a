import type { ClipEmbedder } from '@serial-oe/runtime';
import { embedClips } from '@serial-oe/runtime';
import { parseEmbeddings, serializeEmbeddings } from './embeddings-file';
import type { JobContext } from './job-context';
import type { EmbeddedClip, NamedClip, RunRecord } from './job-types';
import { normalClips } from './train-job';

type Role = EmbeddedClip['role'];
type Wanted = { clip: NamedClip; role: Role };

/**
 * Embeddings of the test clips, and where a detector is fitted of the clips that it is fitted on: from the job's file, and by its
 * scorer what is not there.
 */
export async function embedJobClips(context: JobContext, record: RunRecord): Promise<EmbeddedClip[]> {
  const { files, paths } = context;
  const known = (await files.exists(paths.embeddings))
    ? parseEmbeddings(await files.read(paths.embeddings), paths.embeddings)
    : [];
  const keyOf = (role: Role, name: string) => `${role}/${name}`;
  const keys = new Set(known.map(({ role, name }) => keyOf(role, name)));
  const missing = wantedClips(context).filter(({ role, clip }) => !keys.has(keyOf(role, clip.name)));
  if (missing.length === 0) return known;
  const scorer = (await context.scorer(record)) as ClipEmbedder;
  const all = [...known, ...(await embed(context, scorer, missing))];
  await files.writeFile(paths.embeddings, serializeEmbeddings(all));
  return all;
}

function wantedClips({ job, system }: JobContext): Wanted[] {
  const { config, trainClips, target } = job;
  const tested = job.testClips.map((clip): Wanted => ({ clip, role: 'test' }));
  if (!job.scorings.some(({ detector }) => detector !== null)) return tested;
  const chosen = system.detectorClips?.(config, trainClips, target) ?? normalClips(trainClips, target);
  const paths = new Set(chosen.map(({ path }) => path));
  const fitted = trainClips.filter(({ path }) => paths.has(path));
  return [...fitted.map((clip): Wanted => ({ clip, role: 'fit' })), ...tested];
}

async function embed(
  context: JobContext,
  scorer: ClipEmbedder,
  wanted: readonly Wanted[],
): Promise<EmbeddedClip[]> {
  const moved = new Set(context.job.moved);
  const { platform, onEvent } = context.options;
  const embedded: EmbeddedClip[] = [];
  const clips = wanted.map(({ clip }) => clip);
  for await (const { clip, embeddings } of embedClips(scorer, clips, platform.loadClip)) {
    context.throwIfStopped();
    const { name, machineType, machineId, label } = clip;
    const { role } = wanted[embedded.length] as Wanted;
    const isContaminant = role === 'fit' && moved.has(name);
    embedded.push({ name, machineType, machineId, label, role, isContaminant, embeddings });
    onEvent({ kind: 'embedding', nDone: embedded.length, nTotal: wanted.length });
  }
  return embedded;
}
