import type { AsdSystem } from '@serial-oe/runtime/contract';

/** Names of `--system`, in the order in which they are shown. */
export const SYSTEM_NAMES = [
  ...(['ensemble', 'serial-oe'] as const),
  ...(['mel-statistics', 'modulation-statistics', 'twfr-gmm', 'level'] as const),
] as const;
export type SystemName = (typeof SYSTEM_NAMES)[number];

/** What `train` makes unless it is told otherwise. */
export const DEFAULT_SYSTEM: SystemName = 'ensemble';
/** Whose configuration the flags and presets of a network are. */
export const NETWORK_SYSTEM = 'serial-oe' satisfies SystemName;

interface SystemEntry {
  /** Whether it may have a network, which takes tfjs, minutes to train, and flags of its own. */
  hasNetwork: boolean;
  load(): Promise<AsdSystem>;
}

/** Loaded when one is asked for, so that what has no network starts without tfjs. */
const TABLE: Readonly<Record<SystemName, SystemEntry>> = {
  ensemble: { hasNetwork: true, load: async () => (await import('./ensemble-system')).ensembleSystem },
  'serial-oe': {
    hasNetwork: true,
    load: async () => (await import('@serial-oe/serial-oe')).serialOeSystem,
  },
  'mel-statistics': {
    hasNetwork: false,
    load: async () => (await import('@serial-oe/baselines')).melStatistics,
  },
  'modulation-statistics': {
    hasNetwork: false,
    load: async () => (await import('@serial-oe/baselines')).modulationStatistics,
  },
  'twfr-gmm': { hasNetwork: false, load: async () => (await import('@serial-oe/baselines')).twfrGmm },
  level: { hasNetwork: false, load: async () => (await import('@serial-oe/baselines')).level },
};

export function isSystemName(name: unknown): name is SystemName {
  return SYSTEM_NAMES.some((each) => each === name);
}

export function hasNetwork(name: SystemName): boolean {
  return TABLE[name].hasNetwork;
}

export function loadSystem(name: SystemName): Promise<AsdSystem> {
  return TABLE[name].load();
}
