import type { Evaluation } from '@serial-oe/runtime/contract';

/** What has no figure, and which clips were not tested on, in sentences. */
export function leftOut({ machineType, summary, unknownMachineIds, nHeldOut }: Evaluation): string[] {
  const withoutFigures = summary.perId.flatMap(({ machineId, reason }) =>
    reason === null ? [] : [`${machineType} ${machineId} has no AUC: ${reason} to test with.`],
  );
  const unknown = Object.entries(unknownMachineIds).map(
    ([id, n]) => `${n} test clip(s) of machine ID ${id} were left out: the model has no detector for it.`,
  );
  if (nHeldOut === 0) return [...withoutFigures, ...unknown];
  return [
    ...withoutFigures,
    ...unknown,
    `${nHeldOut} test clip(s) were left out: they were put aside for training with known anomalies.`,
  ];
}
