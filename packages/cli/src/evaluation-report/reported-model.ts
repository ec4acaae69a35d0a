import type { SerialOeModel } from '@serial-oe/serial-oe';
import type { LoadedModel } from '../model/loaded-model';
import type { SystemName } from '../system-table';

/** What a report tells of a model. */
export interface ReportedModel {
  system: SystemName;
  /** The members of an ensemble, or the system itself. */
  systems: readonly SystemName[];
  machineType: string;
  machineIds: readonly string[];
  provenance: object;
  config: object | undefined;
  /** Hz, of what it works on. */
  sampleRate: number;
  network: SerialOeModel | null;
}

export function toReportedModel(model: LoadedModel | SerialOeModel): ReportedModel {
  const { machineType, machineIds } = model;
  if ('scorer' in model) {
    const { system, systems, network, scorer } = model;
    const { provenance = {}, config, input } = scorer;
    const { sampleRate } = input;
    return { system, systems, machineType, machineIds, provenance, config, sampleRate, network };
  }
  const { provenance, config } = model;
  const { sampleRate } = config.frontEnd;
  const system = 'serial-oe';
  const facts = { system, systems: [system], machineType, machineIds } as const;
  return { ...facts, provenance, config, sampleRate, network: model };
}
