import { type Clip, FAULT_KINDS, type FaultKind, injectFaults, splitValidation } from '@serial-oe/datasets';
import {
  checkNumber,
  checkOneOf,
  checkOptions,
  compareText,
  FINITE,
  FRACTION,
  numberFrom,
  type OptionNames,
  POSITIVE_COUNT,
  RATE,
  seededRandom,
} from '@serial-oe/foundation';
import { type ClipScorer, readAhead, TrainingDataError, throwIfStopped } from '@serial-oe/runtime';
import { selftestThreshold } from './selftest-threshold';
import type {
  FaultResult,
  MachineResult,
  SelftestOptions,
  SelftestResult,
  SelftestSystem,
  SeverityResult,
  SystemResult,
} from './selftest-types';

const OPTIONS: OptionNames<SelftestOptions> = {
  ...{ systems: true, clips: true, machineType: true, kinds: true, severitiesDb: true, falseAlarmRate: true },
  ...{ foundShare: true, holdOut: true, maxClips: true, seed: true, platform: true, onProgress: true },
  ...{ onWarning: true, signal: true, clipsADay: true },
};

const SEVERITIES = [-40, -34, -28, -22, -16, -10, -4];
const DEFAULTS = { foundShare: 0.9, holdOut: 1 / 3, maxClips: 10, seed: 0 };
/** One false alarm a day of one clip a day would be every clip. */
const AT_LEAST_TWO = numberFrom(2);
/** Fewer held-out clips say little. */
const MIN_HELD_OUT = 2;

/** The options with their defaults. */
interface Plan
  extends Required<
    Omit<SelftestOptions, 'onProgress' | 'onWarning' | 'signal' | 'falseAlarmRate' | 'clipsADay'>
  > {
  falseAlarmRate: number | undefined;
  clipsADay: number | undefined;
  onProgress: NonNullable<SelftestOptions['onProgress']>;
  onWarning: NonNullable<SelftestOptions['onWarning']>;
  signal: AbortSignal | undefined;
}

/** Normal clips that trained, and such that did not, by machine. */
interface Split {
  train: Clip[];
  heldOut: Map<string, Clip[]>;
}

/**
 * How good is detection on these machines, without a single recording of a fault? Some of the normal clips are held out, systems
 * are trained on the rest, and made-up faults of rising severity are put into the held-out ones: the answer is the smallest
 * fault of each kind that would be found at one false alarm a day, or at another rate, with the false alarms among the held-out clips.
 *
 * It tells what a system can hear in these recordings. Real faults sound otherwise, and a system must not be tuned to it alone.
 *
 * @throws RangeError or TypeError naming the option; TrainingDataError where no machine has clips to hold out
 */
export async function selftest(options: SelftestOptions): Promise<SelftestResult> {
  const plan = planOf(options);
  const split = splitClips(plan);
  const systems: SystemResult[] = [];
  for (const each of plan.systems) systems.push(await testSystem(each, split, plan));
  const { machineType, falseAlarmRate, foundShare, severitiesDb, kinds } = plan;
  return {
    ...{ machineType, falseAlarmRate: falseAlarmRate ?? null, foundShare, systems },
    ...{ severitiesDb: [...severitiesDb], kinds: [...kinds] },
  };
}

function planOf(options: SelftestOptions): Plan {
  const where = 'experiments.selftest';
  checkOptions(where, options, OPTIONS);
  const plan: Plan = {
    ...{ systems: options.systems, clips: options.clips, machineType: options.machineType },
    ...{ platform: options.platform, signal: options.signal },
    kinds: options.kinds ?? FAULT_KINDS,
    severitiesDb: options.severitiesDb ?? SEVERITIES,
    falseAlarmRate: options.falseAlarmRate,
    clipsADay: options.clipsADay,
    foundShare: options.foundShare ?? DEFAULTS.foundShare,
    holdOut: options.holdOut ?? DEFAULTS.holdOut,
    maxClips: options.maxClips ?? DEFAULTS.maxClips,
    seed: options.seed ?? DEFAULTS.seed,
    onProgress: options.onProgress ?? (() => {}),
    onWarning: options.onWarning ?? (() => {}),
  };
  if (plan.falseAlarmRate !== undefined) checkNumber(`${where}: falseAlarmRate`, plan.falseAlarmRate, RATE);
  if (plan.clipsADay !== undefined) checkNumber(`${where}: clipsADay`, plan.clipsADay, AT_LEAST_TWO);
  checkNumber(`${where}: foundShare`, plan.foundShare, FRACTION);
  checkNumber(`${where}: holdOut`, plan.holdOut, RATE);
  checkNumber(`${where}: maxClips`, plan.maxClips, POSITIVE_COUNT);
  if (plan.systems.length === 0) throw new RangeError(`${where}: systems must be at least one.`);
  if (plan.severitiesDb.length === 0) throw new RangeError(`${where}: severitiesDb must be at least one.`);
  for (const severityDb of plan.severitiesDb) checkNumber(`${where}: severitiesDb`, severityDb, FINITE);
  for (const kind of plan.kinds) checkOneOf(`${where}: kinds`, kind, FAULT_KINDS);
  return { ...plan, severitiesDb: [...new Set(plan.severitiesDb)].sort((a, b) => a - b) };
}

function splitClips({ clips, machineType, holdOut, seed, onWarning }: Plan): Split {
  const normal = clips.filter(({ label, split }) => label === 'normal' && split === 'train');
  const isTarget = (clip: Clip) => clip.machineType === machineType;
  const { train, validation } = splitValidation(normal.filter(isTarget), {
    fraction: holdOut,
    random: seededRandom(seed, 'selftest'),
  });
  const heldOut = new Map<string, Clip[]>();
  const machineIds = [...new Set(normal.filter(isTarget).map(({ machineId }) => machineId))].sort(
    compareText,
  );
  for (const machineId of machineIds) {
    const own = validation.filter((clip) => clip.machineId === machineId);
    if (own.length >= MIN_HELD_OUT) heldOut.set(machineId, own);
    else
      onWarning(`${machineType} ${machineId} is left out: too few normal clips to hold ${MIN_HELD_OUT} out.`);
  }
  if (heldOut.size > 0) return { train: [...train, ...normal.filter((clip) => !isTarget(clip))], heldOut };
  throw new TrainingDataError(
    `experiments.selftest: clips must hold normal training clips of ${machineType}, at least ${MIN_HELD_OUT} of which a machine can ` +
      `do without, got ${normal.filter(isTarget).length} of ${machineIds.length} machine(s). Record more of them.`,
  );
}

async function testSystem(
  { system, config }: SelftestSystem,
  split: Split,
  plan: Plan,
): Promise<SystemResult> {
  const { machineType, platform, signal, onWarning } = plan;
  let scorer: ClipScorer;
  try {
    scorer = await system.train(
      {
        ...{ clips: split.train, target: { machineType }, config, checkpoint: null, signal },
        onProgress: (event) => {
          if (event.kind === 'warning') onWarning(`${system.name}: ${event.message}`);
        },
      },
      platform,
    );
  } catch (error) {
    if (!(error instanceof TrainingDataError)) throw error;
    return { system: system.name, machines: [], failure: error.message };
  }
  try {
    const machines: MachineResult[] = [];
    const faulty = [...split.heldOut.values()].map((clips) => Math.min(clips.length, plan.maxClips));
    const nTotal = faulty.reduce((sum, n) => sum + n, 0) * plan.kinds.length * plan.severitiesDb.length;
    let nDone = 0;
    const onScored = () => plan.onProgress({ system: system.name, nDone: ++nDone, nTotal });
    for (const [machineId, clips] of split.heldOut) {
      const normal = (scorer.normalScores ?? []).filter((each) => each.machineId === machineId);
      machines.push({
        ...(await testMachine(scorer, { machineId, clips, normal, onScored }, plan)),
        nTrain: split.train.filter((clip) => clip.machineType === machineType && clip.machineId === machineId)
          .length,
      });
    }
    return { system: system.name, machines, failure: null };
  } finally {
    scorer.dispose();
  }
}

interface Machine {
  machineId: string;
  /** Held-out normal clips. */
  clips: readonly Clip[];
  /** Cross-fitted scores of the clips that trained; none where the system does not tell. */
  normal: readonly { anomalyScore: number }[];
  onScored(): void;
}

async function testMachine(
  scorer: ClipScorer,
  { machineId, clips, normal, onScored }: Machine,
  plan: Plan,
): Promise<Omit<MachineResult, 'nTrain'>> {
  const { kinds, severitiesDb, seed, platform, signal } = plan;
  const heldOut: number[] = [];
  const scores = new Map<string, number[]>();
  let own = Number.NaN;
  let seconds = Number.NaN;
  for await (const { clip, waveform, sampleRate } of readAhead(clips, platform.loadClip)) {
    const score = async (sound: Float32Array) => {
      throwIfStopped(signal, 'while scoring made-up faults');
      return scorer.score(sound, { sampleRate, machineId, machineType: plan.machineType });
    };
    const { anomalyScore, threshold } = await score(waveform);
    own = threshold;
    if (heldOut.length === 0) seconds = waveform.length / sampleRate;
    heldOut.push(anomalyScore);
    if (heldOut.length > plan.maxClips) continue;
    for (const fault of injectFaults(waveform, { sampleRate, kinds, severitiesDb, seed, name: clip.path })) {
      const key = keyOf(fault.kind, fault.severityDb);
      scores.set(key, [...(scores.get(key) ?? []), (await score(fault.waveform)).anomalyScore]);
      onScored();
    }
  }
  const scoresOfNormal = normal.map(({ anomalyScore }) => anomalyScore);
  const { threshold, calibration } = selftestThreshold(scoresOfNormal, { own, seconds, ...plan });
  return {
    ...{ machineId, threshold, calibration, nHeldOut: heldOut.length },
    nFalseAlarms: heldOut.filter((each) => each > threshold).length,
    faults: kinds.map((kind) => faultResult(kind, { scores, threshold }, plan)),
  };
}

function faultResult(
  kind: FaultKind,
  { scores, threshold }: { scores: ReadonlyMap<string, readonly number[]>; threshold: number },
  { severitiesDb, foundShare }: Plan,
): FaultResult {
  const severities = severitiesDb.map((severityDb) => {
    const all = scores.get(keyOf(kind, severityDb)) ?? [];
    return { severityDb, nFound: all.filter((each) => each > threshold).length, nClips: all.length };
  });
  const isMissed = ({ nFound, nClips }: SeverityResult) => nFound < foundShare * nClips;
  const nFoundAtEnd = [...severities].reverse().findIndex(isMissed);
  const firstFound = nFoundAtEnd < 0 ? 0 : severities.length - nFoundAtEnd;
  return { kind, severities, smallestFoundDb: severities[firstFound]?.severityDb ?? null };
}

function keyOf(kind: FaultKind, severityDb: number): string {
  return `${kind} ${severityDb}`;
}
