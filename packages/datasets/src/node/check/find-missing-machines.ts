import {
  DCASE2020_MACHINE_TYPES,
  DCASE2020_SPLITS,
  type Dcase2020MachineType,
} from '../../dcase/dcase2020-splits';
import { groupBy, nameMachines } from './checked-clip';
import type { DatasetProblem, Machine } from './dataset-problem';

const DATA_SETS = {
  development: 'development data set',
  evaluation: 'additional training data set',
} as const;

/** Machine types and IDs of DCASE2020 that are not there, and machines that it does not have. */
export function findMissingMachines(machines: readonly Machine[]): DatasetProblem[] {
  const byType = groupBy(machines, ({ machineType }) => machineType);
  const [present, missingTypes] = [true, false].map((isPresent) =>
    DCASE2020_MACHINE_TYPES.filter((type) => byType.has(type) === isPresent),
  ) as [Dcase2020MachineType[], Dcase2020MachineType[]];
  const has = (machineType: string, id: string) =>
    byType.get(machineType)?.some(({ machineId }) => machineId === id) ?? false;
  const missing = (part: keyof typeof DATA_SETS) =>
    present.flatMap((machineType) =>
      DCASE2020_SPLITS[machineType][part]
        .filter((machineId) => !has(machineType, machineId))
        .map((machineId) => ({ machineType, machineId })),
    );
  const problems = (Object.keys(DATA_SETS) as (keyof typeof DATA_SETS)[]).flatMap((part) =>
    warning(
      'missingMachine',
      missing(part),
      (named) => `Machines of DCASE2020's ${DATA_SETS[part]} that are not here: ${named}.`,
    ),
  );
  const unexpected = machines.filter(({ machineType, machineId }) => !isOfDcase2020(machineType, machineId));
  problems.push(
    ...warning(
      'unexpectedMachine',
      unexpected,
      (named) => `Machines that DCASE2020 does not have: ${named}.`,
    ),
  );
  if (missingTypes.length > 0) {
    problems.push({
      severity: 'warning',
      kind: 'missingType',
      message: `Machine types of DCASE2020 that are not here: ${missingTypes.join(', ')}. The others have fewer outliers to learn from.`,
      paths: [],
    });
  }
  return problems;
}

function isOfDcase2020(machineType: string, machineId: string): boolean {
  const ids = DCASE2020_SPLITS[machineType as Dcase2020MachineType];
  return ids !== undefined && [...ids.development, ...ids.evaluation].includes(machineId);
}

function warning(
  kind: DatasetProblem['kind'],
  found: readonly Machine[],
  message: (named: string) => string,
): DatasetProblem[] {
  if (found.length === 0) return [];
  const machines = found.map(({ machineType, machineId }) => ({ machineType, machineId }));
  return [{ severity: 'warning', kind, message: message(nameMachines(machines)), machines, paths: [] }];
}
