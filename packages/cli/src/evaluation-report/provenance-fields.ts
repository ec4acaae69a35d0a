import type { ReportFields } from '@serial-oe/report';
import type { SerialOeModel } from '@serial-oe/serial-oe';

/** How the model came to be, and its configuration. */
export function provenanceFields(model: SerialOeModel): ReportFields {
  const { history: _, heldOutClips, ...provenance } = model.provenance;
  return {
    machineType: model.machineType,
    machineIds: model.machineIds.join(', '),
    ...provenance,
    nHeldOutClips: heldOutClips.length,
    config: model.config as unknown as ReportFields,
  };
}
