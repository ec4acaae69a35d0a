import { DCASE2020_SPLITS, type Dcase2020MachineType } from '../../dcase/dcase2020-splits';
import { groupBy, nameMachines } from './checked-clip';
import type { DatasetProblem, DatasetProblemKind } from './dataset-problem';
import type { MachineSummary } from './summarize-machines';

/** Anomalies of each ID that the experiments with few anomalies put aside, as the paper does. */
const N_HELD_OUT = 32;

interface Rule {
  kind: DatasetProblemKind;
  applies: (machine: MachineSummary, isDcase2020: boolean) => boolean;
  /** What follows the machine IDs. */
  message: (found: readonly MachineSummary[]) => string;
  prevents: string[];
}

const hasTraining = ({ nTrainNormal }: MachineSummary) => nTrainNormal > 0;
const hasTest = ({ nTestNormal, nTestAnomalous }: MachineSummary) => nTestNormal + nTestAnomalous > 0;

const SINGLE_ID: Omit<Rule, 'applies'> = {
  kind: 'singleId',
  message: () => 'the only machine ID of its type: the losses over IDs have nothing to tell apart.',
  prevents: ['id-loss', 'embedding'],
};

const RULES: readonly Rule[] = [
  {
    kind: 'noTraining',
    applies: (machine) => !hasTraining(machine),
    message: () => 'no normal training clips: no detector, and their test clips are not evaluated.',
    prevents: ['training'],
  },
  {
    kind: 'noTest',
    applies: (machine, isDcase2020) =>
      hasTraining(machine) && !hasTest(machine) && !(isDcase2020 && isDcaseEvaluation(machine)),
    message: () => 'no test clips: they train, and nothing is known of how well.',
    prevents: ['AUC'],
  },
  {
    kind: 'noAnomalies',
    applies: (machine) => hasTest(machine) && machine.nTestAnomalous === 0,
    message: () => 'no anomalous test clips: no AUC.',
    prevents: ['AUC', 'few-anomalies', 'contamination'],
  },
  {
    kind: 'noNormals',
    applies: (machine) => hasTest(machine) && machine.nTestNormal === 0,
    message: () => 'no normal test clips: no AUC.',
    prevents: ['AUC'],
  },
  {
    kind: 'fewAnomalies',
    applies: ({ nTestAnomalous }) => nTestAnomalous > 0 && nTestAnomalous <= N_HELD_OUT,
    message: (found) =>
      `fewer than ${N_HELD_OUT + 1} anomalous test clips: few-anomalies and contamination put ${N_HELD_OUT} aside and ` +
      `test on the rest; here at most ${Math.min(...found.map(({ nTestAnomalous }) => nTestAnomalous)) - 1} can be put aside.`,
    prevents: ['few-anomalies', 'contamination'],
  },
];

/** Machine types and IDs with too few clips, and what cannot be done with them. */
export function findTooFew(
  machines: readonly MachineSummary[],
  { isDcase2020 }: { isDcase2020: boolean },
): DatasetProblem[] {
  const trainable = machines.filter(hasTraining);
  const byType = [...groupBy(trainable, ({ machineType }) => machineType).values()];
  return [
    ...(byType.length < 2 ? [tooFewTypes(trainable[0]?.machineType)] : []),
    ...RULES.flatMap((rule) =>
      applyRule(
        rule,
        machines.filter((machine) => rule.applies(machine, isDcase2020)),
      ),
    ),
    ...applyRule(SINGLE_ID, byType.filter(({ length }) => length === 1).flat()),
  ];
}

function applyRule(
  { kind, message, prevents }: Omit<Rule, 'applies'>,
  found: readonly MachineSummary[],
): DatasetProblem[] {
  if (found.length === 0) return [];
  const machines = found.map(({ machineType, machineId }) => ({ machineType, machineId }));
  return [
    {
      severity: 'warning',
      kind,
      message: `${nameMachines(machines)}: ${message(found)}`,
      machines,
      paths: [],
      prevents: [...prevents],
    },
  ];
}

/** @param onlyType the one type that has normal training clips, if there is one */
function tooFewTypes(onlyType: string | undefined): DatasetProblem {
  const common = { paths: [], prevents: ['training'] };
  if (onlyType === undefined) {
    return {
      severity: 'error',
      kind: 'noTraining',
      message: 'No machine has normal training clips.',
      ...common,
    };
  }
  const message =
    `Only ${onlyType} has normal training clips: a network has no other machine type to compare with, and the ensemble is trained without. ` +
    'Recordings of another type, in a second data set, let it have one.';
  return { severity: 'warning', kind: 'singleType', message, ...common };
}

/** IDs whose test clips DCASE2020 published without labels. */
function isDcaseEvaluation({ machineType, machineId }: MachineSummary): boolean {
  return DCASE2020_SPLITS[machineType as Dcase2020MachineType]?.evaluation.includes(machineId) ?? false;
}
