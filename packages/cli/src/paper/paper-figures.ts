import type { ComparedFigure, ComparedFigures, ComparedRow } from '@serial-oe/experiments';
import { PAPER_NAMES } from './compared-systems';
import type { PaperExperimentName } from './paper-experiment';

/** A figure of the paper for each machine type, per cent. */
export type PaperRow = ComparedRow & { readonly average: ComparedFigure };

type Rows = Readonly<Record<string, PaperRow>>;

/** Machine types of its tables, in their order. */
const PAPER_TYPES = ['fan', 'pump', 'slider', 'valve', 'ToyCar', 'ToyConveyor'] as const;

/** A row as it is printed: six types and the average, separated by bars. */
function row(printed: string): PaperRow {
  const cells = printed.split('|').map((cell) => figureOf(cell.trim()));
  return Object.fromEntries(
    [...PAPER_TYPES, 'average'].map((column, i) => [column, cells[i] as ComparedFigure]),
  ) as PaperRow;
}

/** "93.54 ± 1.00 (sic)" */
function figureOf(text: string): ComparedFigure {
  const [, mean = '', std, remark] = /^([\d.]+)(?: ± ([\d.]+))?(?: (\(.+\)))?$/.exec(text) ?? [];
  return {
    mean: Number.parseFloat(mean),
    ...(std !== undefined && { std: Number.parseFloat(std) }),
    ...(remark !== undefined && { remark }),
  };
}

/** The deviation of its average is larger than those of the types allow, as it is that of DDCSAD+BCE. */
const SERIAL_OE = row(
  '93.29 ± 0.07 | 94.87 ± 0.13 | 99.56 ± 0.17 | 99.19 ± 0.10 | 96.54 ± 0.12 | 77.77 ± 0.49 | 93.54 ± 1.00 (sic)',
);

const SCADACOS = row(
  '86.63 ± 0.34 | 90.96 ± 0.46 | 99.08 ± 0.17 | 93.33 ± 1.08 | 95.44 ± 0.06 | 70.93 ± 0.32 | 89.39 ± 0.23',
);

const SCADACOS_MAUC = row(
  '76.55 ± 0.93 | 87.83 ± 0.38 | 99.09 ± 0.18 | 90.31 ± 1.16 | 94.24 ± 0.26 | 69.25 ± 0.71 | 86.88 ± 0.32',
);

const ID_LOSSES: Rows = {
  bce: SERIAL_OE,
  'cross-entropy': row(
    '88.72 ± 0.21 | 91.42 ± 0.38 | 98.60 ± 0.25 | 96.37 ± 0.66 | 92.12 ± 0.79 | 69.29 ± 0.32 | 89.42 ± 0.18',
  ),
  scadacos: row(
    '84.83 ± 0.52 | 88.72 ± 0.59 | 97.81 ± 0.68 | 88.97 ± 2.68 | 84.11 ± 0.79 | 63.38 ± 1.01 | 84.64 ± 0.46',
  ),
  arcface: row(
    '85.09 ± 0.19 | 85.00 ± 0.83 | 91.18 ± 4.77 | 91.43 ± 2.58 | 66.33 ± 2.12 | 65.50 ± 0.60 | 80.75 ± 1.04',
  ),
};

const ABLATION: Rows = {
  'id-type-weights-mixup': SERIAL_OE,
  'id-weights-mixup': row(
    '90.46 ± 0.27 | 92.69 ± 0.36 | 98.66 ± 0.29 | 98.01 ± 0.45 | 94.59 ± 0.32 | 74.44 ± 1.67 | 91.48 ± 0.35',
  ),
  'id-type-mixup': row(
    '87.15 ± 0.33 | 87.96 ± 0.57 | 98.70 ± 0.19 | 95.19 ± 0.68 | 91.95 ± 0.56 | 72.50 ± 0.22 | 88.91 ± 0.09',
  ),
  'id-type-weights': row(
    '86.52 ± 0.37 | 91.98 ± 0.76 | 98.40 ± 0.32 | 98.83 ± 0.58 | 94.30 ± 0.44 | 62.40 ± 0.74 | 88.74 ± 0.22',
  ),
  'id-type': row(
    '85.15 ± 0.31 | 85.86 ± 0.76 | 98.76 ± 0.24 | 96.41 ± 0.43 | 91.96 ± 0.22 | 58.28 ± 0.28 | 86.07 ± 0.11',
  ),
  'id-weights': row(
    '83.08 ± 0.55 | 84.93 ± 0.20 | 97.08 ± 1.01 | 99.02 ± 0.39 | 92.07 ± 0.70 | 61.16 ± 0.58 | 86.22 ± 0.35',
  ),
  'id-mixup': row(
    '87.05 ± 0.66 | 88.12 ± 0.40 | 97.48 ± 0.28 | 98.91 ± 0.13 | 91.48 ± 0.63 | 70.76 ± 0.31 | 88.97 ± 0.12',
  ),
  id: row(
    '82.02 ± 0.54 | 84.80 ± 0.34 | 97.77 ± 0.61 | 99.34 ± 0.14 | 92.44 ± 0.29 | 56.80 ± 0.63 | 85.53 ± 0.11',
  ),
};

const WITHOUT_IDS: Rows = {
  'no-id': row(
    '77.86 ± 0.94 | 81.93 ± 1.61 | 88.54 ± 1.65 | 71.77 ± 1.21 | 69.66 ± 1.79 | 54.52 ± 0.85 | 74.05 ± 0.45',
  ),
  'no-id-no-mixup': row(
    '75.20 ± 1.28 | 71.62 ± 1.62 | 91.81 ± 0.43 | 58.84 ± 1.19 | 61.11 ± 1.86 | 52.91 ± 0.51 | 68.58 ± 0.50',
  ),
};

/**
 * aAUC in per cent on the development IDs of DCASE2020 Task 2, by experiment and variant; mean and deviation over five seeds.
 * Source: Kuroyanagi et al., "Serial-OE", APSIPA Trans. 14, e1 (2025), Tables 1, 3, 4, 5.
 */
export const PAPER_AAUC: Readonly<Partial<Record<PaperExperimentName, Rows>>> = {
  main: { 'serial-oe': SERIAL_OE },
  'id-loss': ID_LOSSES,
  ablation: ABLATION,
  'no-id': WITHOUT_IDS,
  embedding: ID_LOSSES,
};

/** mAUC of Serial-OE, per cent. Source: Table 2. */
export const PAPER_MAUC: PaperRow = row(
  '84.12 ± 0.33 | 94.17 ± 0.24 | 99.54 ± 0.17 | 99.13 ± 0.19 | 94.81 ± 0.42 | 70.48 ± 1.41 | 90.38 ± 1.39',
);

/** aAUC of other systems, per cent; with deviations where the authors ran them. Source: Table 1. */
export const COMPARED_AAUC: Rows = {
  'GMADE+SSC': row('80.65 | 83.27 | 93.41 | 91.21 | 92.72 | 73.29 | 86.27'),
  'DDCSAD+BCE': row(
    '83.42 ± 0.26 | 83.01 ± 0.57 | 87.27 ± 0.97 | 97.90 ± 0.83 | 87.72 ± 0.42 | 59.72 ± 0.97 | 83.17 ± 1.58',
  ),
  'STgram-MFN': row('91.51 | 86.85 | 98.58 | 99.04 | 91.06 | 69.09 | 89.35'),
  SCAdaCos: SCADACOS,
  'SW-WaveNet': row('94.54 | 84.98 | 96.77 | 98.14 | 92.85 | 74.70 | 90.33'),
  'CLP-SCF': row('95.11 | 91.18 | 98.65 | 99.70 | 93.02 | 69.00 | 91.12'),
  'Noisy-ArcMix': row('96.83 | 90.72 | 98.52 | 99.85 | 93.44 | 72.53 | 91.98'),
};

/** mAUC of other systems, per cent. Source: Table 2. */
export const COMPARED_MAUC: Rows = {
  'DDCSAD+BCE': row(
    '69.58 ± 1.95 | 71.33 ± 0.93 | 79.12 ± 1.89 | 95.19 ± 3.02 | 74.90 ± 1.13 | 54.96 ± 1.27 | 74.18 ± 1.71',
  ),
  'STgram-MFN': row('81.39 | 83.48 | 98.22 | 98.83 | 83.07 | 64.16 | 84.86'),
  SCAdaCos: SCADACOS_MAUC,
  'CLP-SCF': row('88.27 | 87.27 | 98.28 | 99.58 | 86.87 | 65.46 | 87.62'),
  'Noisy-ArcMix': row('92.67 | 91.17 | 97.96 | 99.89 | 88.81 | 68.18 | 89.78'),
};

/** aAUC of SCAdaCos beside Table 5, per cent. */
const SCADACOS_IDS: Rows = {
  'SCAdaCos with machine IDs': SCADACOS,
  'SCAdaCos without machine IDs (6 classes)': row(
    '75.72 ± 0.51 | 77.10 ± 0.61 | 87.44 ± 0.43 | 76.25 ± 0.55 | 76.79 ± 0.82 | 54.83 ± 0.27 | 74.69 ± 0.38',
  ),
};

const OTHERS = 'Other systems, after the paper';

/** What the paper gives for an experiment. */
export function paperFigures(name: PaperExperimentName): ComparedFigures | undefined {
  const label = 'in the paper';
  const aAuc = PAPER_AAUC[name];
  switch (name) {
    case 'main':
      return {
        ...{ label, rows: { ...(aAuc && { aAuc }), mAuc: { 'serial-oe': PAPER_MAUC } } },
        systems: { caption: OTHERS, rows: { aAuc: COMPARED_AAUC, mAuc: COMPARED_MAUC } },
      };
    case 'compare': {
      const known = (rows: Rows) =>
        Object.fromEntries(
          Object.entries(PAPER_NAMES).flatMap(([system, name]) => (rows[name] ? [[system, rows[name]]] : [])),
        );
      const { 'GMADE+SSC': winner } = COMPARED_AAUC;
      return {
        label,
        rows: {
          aAuc: { ...known(COMPARED_AAUC), 'serial-oe': SERIAL_OE },
          mAuc: { ...known(COMPARED_MAUC), 'serial-oe': PAPER_MAUC },
        },
        systems: { caption: OTHERS, rows: { aAuc: { 'GMADE+SSC': winner as PaperRow } } },
      };
    }
    case 'no-id':
      return {
        ...{ label, rows: { ...(aAuc && { aAuc }) } },
        systems: { caption: OTHERS, rows: { aAuc: SCADACOS_IDS } },
      };
    case 'few-anomalies':
    case 'contamination': {
      const line = 'SCAdaCos, in the paper';
      return { label, rows: {}, lines: { aAuc: { [line]: SCADACOS }, mAuc: { [line]: SCADACOS_MAUC } } };
    }
    default:
      return aAuc && { label, rows: { aAuc } };
  }
}
