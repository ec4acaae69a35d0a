import type { ClipScorer } from '@serial-oe/runtime/contract';
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
  usesMachineIds: boolean;
  scorer: ClipScorer;
  provenance: object;
  config: object | undefined;
  /** Hz, of what it works on. */
  sampleRate: number;
  network: SerialOeModel | null;
}

export async function toReportedModel(model: LoadedModel | SerialOeModel): Promise<ReportedModel> {
  const { machineType, machineIds } = model;
  if ('scorer' in model) {
    const { system, systems, network, scorer, usesMachineIds } = model;
    const { provenance = {}, config, input } = scorer;
    const { sampleRate } = input;
    const facts = { system, systems, machineType, machineIds, usesMachineIds };
    return { ...facts, scorer, provenance, config, sampleRate, network };
  }
  const { provenance, config } = model;
  const { sampleRate } = config.frontEnd;
  const system = 'serial-oe';
  const { asClipScorer } = await import('@serial-oe/serial-oe');
  const { useMachineIds: usesMachineIds } = config;
  const facts = { system, systems: [system], machineType, machineIds, usesMachineIds } as const;
  return { ...facts, scorer: asClipScorer(model), provenance, config, sampleRate, network: model };
}
