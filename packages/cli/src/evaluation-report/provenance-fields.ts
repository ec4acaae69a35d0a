import type { ReportFields } from '@serial-oe/report';
import type { ReportedModel } from './reported-model';

/** How the model came to be, and its configuration. */
export function provenanceFields(model: ReportedModel): ReportFields {
  const { system, systems, machineType, machineIds, provenance, config } = model;
  const { heldOutClips = [] } = provenance as { heldOutClips?: readonly string[] };
  return {
    ...{ system, ...(systems.length > 1 && { members: systems.join(', ') }), machineType },
    machineIds: machineIds.join(', '),
    ...withoutLists(provenance),
    nHeldOutClips: heldOutClips.length,
    ...(config !== undefined && { config: config as ReportFields }),
  };
}

/** Without what is a list: the epochs, which are drawn, and the names of clips. */
function withoutLists(facts: object): ReportFields {
  const entries = Object.entries(facts).filter(([, value]) => !Array.isArray(value));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null ? withoutLists(value) : value,
    ]),
  );
}
