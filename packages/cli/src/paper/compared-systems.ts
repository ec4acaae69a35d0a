import { hasNetwork, SYSTEM_NAMES, type SystemName } from '../system-table';
import type { PaperVariant } from './paper-experiment';

/** What the paper's tables call the systems that stand in them. */
export const PAPER_NAMES: Readonly<Record<string, string>> = {
  'serial-oe': 'Serial-OE',
  scadacos: 'SCAdaCos',
  'stgram-mfn': 'STgram-MFN',
  'noisy-arcmix': 'Noisy-ArcMix',
  'clp-scf': 'CLP-SCF',
  'sw-wavenet': 'SW-WaveNet',
  'ddcsad-style': 'DDCSAD+BCE',
};

/** Serial-OE first, since differences are taken from it; systems without a network last. */
export function comparedVariants(names: readonly SystemName[] = SYSTEM_NAMES): PaperVariant[] {
  const rank = (name: SystemName) => (name === 'serial-oe' ? 0 : hasNetwork(name) ? 1 : 2);
  return [...names]
    .sort((a, b) => rank(a) - rank(b))
    .map((system) => ({
      ...{ id: system, title: titleOf(system), system, isBaseline: !hasNetwork(system) },
      training: { config: {}, isPretrained: true },
    }));
}

function titleOf(system: SystemName): string {
  const name = PAPER_NAMES[system];
  if (!hasNetwork(system)) return `${system} (no network)`;
  return name === undefined || name === system ? system : `${system} (${name})`;
}
