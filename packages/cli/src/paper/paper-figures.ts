import type { ComparedFigures } from '@serial-oe/experiments';
import type { PaperExperimentName } from './paper-experiment';

/** A figure of the paper for each machine type, per cent. */
export type PaperRow = Readonly<Record<string, number>> & { readonly average: number };

/** Machine types of its tables, in their order. */
const PAPER_TYPES = ['fan', 'pump', 'slider', 'valve', 'ToyCar', 'ToyConveyor'] as const;
const row = (...values: number[]): PaperRow =>
  Object.fromEntries([...PAPER_TYPES, 'average'].map((column, i) => [column, values[i]])) as PaperRow;

const SERIAL_OE = row(93.29, 94.87, 99.56, 99.19, 96.54, 77.77, 93.54);

const ID_LOSSES = {
  bce: SERIAL_OE,
  'cross-entropy': row(88.72, 91.42, 98.6, 96.37, 92.12, 69.29, 89.42),
  scadacos: row(84.83, 88.72, 97.81, 88.97, 84.11, 63.38, 84.64),
  arcface: row(85.09, 85.0, 91.18, 91.43, 66.33, 65.5, 80.75),
};

/**
 * aAUC in per cent on the development IDs of DCASE2020 Task 2, by experiment and variant.
 * Source: Kuroyanagi et al., "Serial-OE", APSIPA Trans. 14, e1 (2025), Tables 1, 3, 4, 5.
 */
export const PAPER_AAUC: Readonly<Partial<Record<PaperExperimentName, Readonly<Record<string, PaperRow>>>>> =
  {
    main: { 'serial-oe': SERIAL_OE },
    'id-loss': ID_LOSSES,
    ablation: {
      'id-type-weights-mixup': SERIAL_OE,
      'id-weights-mixup': row(90.46, 92.69, 98.66, 98.01, 94.59, 74.44, 91.48),
      'id-type-mixup': row(87.15, 87.96, 98.7, 95.19, 91.95, 72.5, 88.91),
      'id-type-weights': row(86.52, 91.98, 98.4, 98.83, 94.3, 62.4, 88.74),
      'id-type': row(85.15, 85.86, 98.76, 96.41, 91.96, 58.28, 86.07),
      'id-weights': row(83.08, 84.93, 97.08, 99.02, 92.07, 61.16, 86.22),
      'id-mixup': row(87.05, 88.12, 97.48, 98.91, 91.48, 70.76, 88.97),
      id: row(82.02, 84.8, 97.77, 99.34, 92.44, 56.8, 85.53),
    },
    'no-id': {
      'no-id': row(77.86, 81.93, 88.54, 71.77, 69.66, 54.52, 74.05),
      'no-id-no-mixup': row(75.2, 71.62, 91.81, 58.84, 61.11, 52.91, 68.58),
    },
    embedding: ID_LOSSES,
  };

/** mAUC of Serial-OE, per cent. Source: Table 2. */
export const PAPER_MAUC: PaperRow = row(84.12, 94.17, 99.54, 99.13, 94.81, 70.48, 90.38);

/** aAUC of other systems, mean over the types, per cent. Source: Table 1. */
export const COMPARED_SYSTEMS: Readonly<Record<string, number>> = {
  'GMADE+SSC': 86.27,
  'DDCSAD+BCE': 83.17,
  'STgram-MFN': 89.35,
  SCAdaCos: 89.39,
  'SW-WaveNet': 90.33,
  'CLP-SCF': 91.12,
  'Noisy-ArcMix': 91.98,
};

/** What the paper gives for an experiment. */
export function paperFigures(name: PaperExperimentName): ComparedFigures | undefined {
  const aAuc = PAPER_AAUC[name];
  if (aAuc === undefined) return undefined;
  const compared = { label: 'in the paper', rows: { aAuc } };
  if (name !== 'main') return compared;
  const systems = {
    caption: 'Other systems, after the paper',
    aAuc: COMPARED_SYSTEMS,
    nMachineTypes: PAPER_TYPES.length,
  };
  return { ...compared, rows: { aAuc, mAuc: { 'serial-oe': PAPER_MAUC } }, systems };
}
