import type { AsdSystem } from '@serial-oe/runtime/contract';

/** Names of `--system`, in the order in which they are shown: the method, what needs no network, the networks that it is compared with. */
export const SYSTEM_NAMES = [
  ...(['ensemble', 'serial-oe'] as const),
  ...(['mel-statistics', 'modulation-statistics', 'twfr-gmm', 'level'] as const),
  ...(['autoencoder', 'stgram-mfn', 'noisy-arcmix', 'scadacos', 'clp-scf', 'sw-wavenet'] as const),
  ...(['ssc', 'ddcsad-style'] as const),
] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

/** What `train` makes unless it is told otherwise. */
export const DEFAULT_SYSTEM: SystemName = 'ensemble';
/** Whose configuration the flags and presets of a network are. */
export const NETWORK_SYSTEM = 'serial-oe' satisfies SystemName;

interface SystemEntry {
  /**
   * Whose network it has, if any, which takes tfjs, minutes to train, and flags of its own: Serial-OE's, or that of one of the systems
   * that the paper compares itself with.
   */
  network: 'serial-oe' | 'compared' | null;
  /** Whether clips of other machine types take part in a training of one. */
  usesOtherTypes: boolean;
  /** Whether known anomalies take part in a training; others leave them out. Of the ensemble its members tell. */
  usesKnownAnomalies: boolean;
  /** Why a trained model takes no machine more, where it does not. */
  fixedMachines?: string | undefined;
  load(): Promise<AsdSystem>;
}

type Baselines = typeof import('@serial-oe/baselines');

function baseline(
  name: keyof Baselines,
  {
    network = null,
    usesOtherTypes = network !== null,
    usesKnownAnomalies = false,
    fixedMachines,
  }: Partial<Omit<SystemEntry, 'load'>> = {},
): SystemEntry {
  const load = async () => (await import('@serial-oe/baselines'))[name] as AsdSystem;
  return { network, usesOtherTypes, usesKnownAnomalies, fixedMachines, load };
}

const COMPARED = { network: 'compared' } as const;
const CLASSIFIER = {
  ...COMPARED,
  fixedMachines:
    'a machine is a class of its network, and the score how unsure the network is of that class, which a new machine has not',
} as const;
const MIXTURES = {
  ...COMPARED,
  fixedMachines:
    'the mixture of a machine starts at the centres of its class, in embeddings that were taught to tell these classes apart, and a new machine is none of them',
} as const;
const ONE_EACH = { ...COMPARED, fixedMachines: 'each machine has a network of its own' } as const;

/** Loaded when one is asked for, so that what has no network starts without tfjs. */
const TABLE: Readonly<Record<SystemName, SystemEntry>> = {
  ensemble: {
    ...{ network: 'serial-oe', usesOtherTypes: true, usesKnownAnomalies: false },
    load: async () => (await import('./ensemble-system')).ensembleSystem,
  },
  'serial-oe': {
    ...{ network: 'serial-oe', usesOtherTypes: true, usesKnownAnomalies: true },
    load: async () => (await import('@serial-oe/serial-oe')).serialOeSystem,
  },
  'mel-statistics': baseline('melStatistics'),
  'modulation-statistics': baseline('modulationStatistics'),
  'twfr-gmm': baseline('twfrGmm'),
  level: baseline('level'),
  autoencoder: baseline('autoencoder', { ...COMPARED, usesOtherTypes: false }),
  'stgram-mfn': baseline('stgramMfn', CLASSIFIER),
  'noisy-arcmix': baseline('noisyArcmix', CLASSIFIER),
  scadacos: baseline('scadacos', MIXTURES),
  'clp-scf': baseline('clpScf', CLASSIFIER),
  'sw-wavenet': baseline('swWavenet', CLASSIFIER),
  ssc: baseline('ssc', CLASSIFIER),
  'ddcsad-style': baseline('ddcsadStyle', { ...ONE_EACH, usesKnownAnomalies: true }),
};

export function isSystemName(name: unknown): name is SystemName {
  return SYSTEM_NAMES.some((each) => each === name);
}

export function hasNetwork(name: SystemName): boolean {
  return TABLE[name].network !== null;
}

/** Whether it is a network that the paper compares itself with: it has a configuration of its own. */
export function isComparedNetwork(name: SystemName): boolean {
  return TABLE[name].network === 'compared';
}

/** Whether clips of other machine types take part in a training of one. */
export function usesOtherTypes(name: SystemName): boolean {
  return TABLE[name].usesOtherTypes;
}

/** Whether known anomalies teach a model of these systems anything: of an ensemble its members. */
export function learnsFromAnomalies(names: readonly string[]): boolean {
  return names.some((name) => isSystemName(name) && TABLE[name].usesKnownAnomalies);
}

/** Why a trained model of the system takes no machine more; undefined where it does. */
export function whyMachinesAreFixed(name: SystemName): string | undefined {
  return TABLE[name].fixedMachines;
}

export function loadSystem(name: SystemName): Promise<AsdSystem> {
  return TABLE[name].load();
}
