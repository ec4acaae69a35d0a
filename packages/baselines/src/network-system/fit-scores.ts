import { thresholdFromNormals } from '@serial-oe/evaluation';
import {
  type MachineThreshold,
  type NormalScore,
  TrainingDataError,
  type TrainingJob,
  throwIfStopped,
} from '@serial-oe/runtime/contract';
import type { FeatureStore } from './feature-store';
import type { NetworkConfig } from './network-config';
import type { NetworkModel } from './network-model';
import { meanScore, windowsOf } from './network-scorer';
import type { Machine, NetworkSet } from './network-set';
import type { NetworkSpec } from './network-spec';

/** What of a training the scores are fitted and thresholds set on. */
export interface FitScoresOptions<Config extends NetworkConfig> {
  spec: NetworkSpec<Config>;
  job: TrainingJob<Config>;
  set: NetworkSet;
  store: FeatureStore;
}

/** Lets the rule see the training clips of the machines that are watched. */
export async function fitRule<Config extends NetworkConfig>(
  run: FitScoresOptions<Config>,
  model: NetworkModel<Config>,
): Promise<void> {
  const { rule } = model;
  const { set, store, job, spec } = run;
  if (rule.observe === undefined) return;
  const clips = set.trained.filter((clip) => machineOf(set, clip) !== undefined);
  for (const [i, clip] of clips.entries()) {
    throwIfStopped(job.signal, 'while fitting; the trained weights are in the checkpoint, if there is one');
    const windows = await windowsOf(model, await store.features(clip), machineOf(set, clip)!);
    rule.observe(windows, { classIndex: set.classOf[clip]!, domain: set.clips[clip]!.domain });
    job.onProgress({ kind: 'embedding', nDone: i + 1, nTotal: clips.length });
  }
  try {
    for (const message of rule.finish?.() ?? []) job.onProgress({ kind: 'warning', message });
  } catch (cause) {
    throw new TrainingDataError(
      `baselines.${spec.name}: the training clips cannot carry a score: ${(cause as Error).message} Add recordings, or train longer.`,
      { cause },
    );
  }
}

function machineOf({ machines, classOf }: NetworkSet, clip: number): Machine | undefined {
  return machines.find(({ classIndex }) => classIndex === classOf[clip]);
}

/** On the held-out clips of each machine; of one that has none, on its training clips, with a warning. */
export async function setThresholds<Config extends NetworkConfig>(
  { set, store, job }: FitScoresOptions<Config>,
  model: NetworkModel<Config>,
): Promise<{ thresholds: Map<string, MachineThreshold>; normalScores: NormalScore[] }> {
  const { falseAlarmRate } = job.config.decision;
  const thresholds = new Map<string, MachineThreshold>();
  const normalScores: NormalScore[] = [];
  for (const machine of set.machines) {
    const isOwn = (clip: number) => set.classOf[clip] === machine.classIndex;
    const held = set.heldOut.filter(isOwn);
    const clips = held.length > 0 ? held : set.trained.filter(isOwn);
    const scores: NormalScore[] = [];
    for (const clip of clips) {
      throwIfStopped(
        job.signal,
        'while setting thresholds; the trained weights are in the checkpoint, if there is one',
      );
      const windows = await windowsOf(model, await store.features(clip), machine);
      const anomalyScore = meanScore(model.rule.score(windows, machine.classIndex));
      scores.push({ path: set.clips[clip]!.path, machineId: machine.name, anomalyScore });
    }
    const threshold = thresholdFromNormals(
      scores.map(({ anomalyScore }) => anomalyScore),
      falseAlarmRate,
    );
    const method = held.length > 0 ? 'heldOut' : 'training';
    thresholds.set(machine.name, {
      threshold,
      calibration: { method, nClips: clips.length, falseAlarmRate },
    });
    normalScores.push(...scores);
    job.onProgress({ kind: 'detector', machineId: machine.name, converged: true, nIter: 1, threshold });
    if (held.length === 0) job.onProgress({ kind: 'warning', message: optimistic(machine.name) });
  }
  return { thresholds, normalScores };
}

function optimistic(machineId: string): string {
  return (
    `machine ID ${machineId}: its threshold is set on clips that the network was trained on, which score lower than new ones: ` +
    'expect more false alarms than asked for. Give it more recordings, or a larger calibration.fraction.'
  );
}
