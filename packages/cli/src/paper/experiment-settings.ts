import { DCASE2020_SPLITS } from '@serial-oe/datasets';
import type { ExperimentProtocol } from '@serial-oe/experiments';
import type { PresetName, SerialOeConfig, SerialOeConfigOverrides } from '@serial-oe/serial-oe';
import {
  REFERENCE_DIFFERENCES,
  resolveConfig,
  resolveProtocol,
  withReferenceDifferences,
} from '@serial-oe/serial-oe';
import type { SystemName } from '../system-table';

/** What decides the variants of the paper's experiments. */
export interface ExperimentSettings {
  /** Serial-OE's, before a variant changes it. */
  config: SerialOeConfig;
  protocol: ExperimentProtocol;
  hasPretrained: boolean;
  /** Numbers of anomalies an ID, ascending, from 0. */
  counts: readonly number[];
  /** That `compare` compares; default all. */
  systems?: readonly SystemName[] | undefined;
  /** Whether the recordings are those of the paper, so that its figures compare. */
  isDcase2020: boolean;
}

/**
 * Configuration and protocol of a preset with changes and single differences of the published code on top.
 * @param reference names of differences (`reference` has all of them)
 * @throws RangeError for a name or a value that there is not
 */
export function resolveExperimentSettings(
  preset: PresetName | undefined,
  config: SerialOeConfigOverrides,
  reference: readonly string[] = [],
): Pick<ExperimentSettings, 'config' | 'protocol'> {
  const isProtocol = (name: string) =>
    REFERENCE_DIFFERENCES.some((each) => each.name === name && each.kind === 'protocol');
  const resolved = resolveConfig(preset, config);
  const changes = reference.filter((name) => !isProtocol(name));
  return {
    config: withReferenceDifferences(resolved, changes),
    protocol: resolveProtocol(resolved.preset, reference.filter(isProtocol)),
  };
}

const DEFAULT_COUNTS = [0, 1, 2, 4, 8, 16, 32];

/**
 * Numbers of anomalies an ID, each once, from 0.
 * @throws RangeError where none is above 0
 */
export function resolveCounts(counts: readonly number[] = DEFAULT_COUNTS): number[] {
  const isCount = (value: number) => Number.isInteger(value) && value >= 0;
  if (!counts.every(isCount) || Math.max(0, ...counts) === 0) {
    throw new RangeError(
      `serial-oe experiment: --counts must be integers >= 0, one of them above 0, got ${counts.join(',')}.`,
    );
  }
  return [...new Set([0, ...counts])].sort((a, b) => a - b);
}

/** Machine IDs that the averages are over: of DCASE2020 the development IDs, as in the paper. */
export function developmentIds(): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.entries(DCASE2020_SPLITS).map(([type, { development }]) => [type, development]),
  );
}
