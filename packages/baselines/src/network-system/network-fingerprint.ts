import { sha256 } from '@serial-oe/foundation';
import { clipKey, type TrainingJob } from '@serial-oe/runtime/contract';
import type { NetworkConfig } from './network-config';
import { buildNetworkSet, type NetworkSet } from './network-set';
import type { NetworkSpec } from './network-spec';

/** Raised where the same job gives another model. */
const VERSION = 1;

/** SHA-256 of all that decides a model: two trainings with the same one give the same. */
export function fingerprintOf<Config extends NetworkConfig>(
  spec: NetworkSpec<Config>,
  job: TrainingJob<Config>,
  backend: string,
): string {
  const clips = clipNames(buildNetworkSet(spec, job));
  const heldOut = (job.heldOutClips ?? []).map(clipKey);
  return sha256(JSON.stringify([spec.name, VERSION, backend, job.config, job.target, clips, heldOut]));
}

/** What must be the same for a checkpoint to be continued; thresholds may change in between. */
export function runFingerprint<Config extends NetworkConfig>(
  { name }: NetworkSpec<Config>,
  { config, target }: TrainingJob<Config>,
  set: NetworkSet,
): Record<string, string> {
  const { decision: _, ...sections } = config;
  const clips = clipNames(set);
  return {
    system: name,
    target: [target.machineTypes?.join(',') ?? target.machineType, target.machineId]
      .filter(Boolean)
      .join(' '),
    'training clips': `${clips.length}, ${sha256(clips.join('\n')).slice(0, 12)}`,
    ...Object.fromEntries(
      Object.entries(sections).map(([section, value]) => [section, JSON.stringify(value)]),
    ),
  };
}

function clipNames({ clips }: NetworkSet): string[] {
  return clips.map((clip) => `${clipKey(clip)}/${clip.label}`);
}
