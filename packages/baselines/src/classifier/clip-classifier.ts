import type { NetworkConfig } from '../network-system/network-config';
import type { NetworkSpec } from '../network-system/network-spec';

/** Of a configuration, how long the sound is that a network hears at once. */
export interface ClipConfig extends NetworkConfig {
  clipSeconds: number | null;
}

/** What all classifiers of whole clips have in common: one network tells all machines of all types apart. */
export const clipClassifier = {
  scope: 'dataset',
  participants: 'all',
  usesAnomalies: false,
  isClassifier: true,
  standardizes: false,
  window: ({ clipSeconds }) => ({ kind: 'clip', seconds: clipSeconds }),
  sampling: () => ({ kind: 'shuffled', windowsPerClip: 1 }),
  validationFraction: () => 0,
} as const satisfies Partial<NetworkSpec<ClipConfig>>;
