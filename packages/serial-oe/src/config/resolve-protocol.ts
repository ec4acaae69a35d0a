import type { PresetName } from './config';
import { type ExperimentProtocol, PAPER_PROTOCOL } from './protocol';
import { differencesNamed, REFERENCE_DIFFERENCES } from './reference-differences';

/**
 * The protocol of a preset with single differences of the published code on top.
 *
 * @param names of differences of the kind 'protocol'
 * @throws RangeError for an unknown name, or that of a difference of another kind
 */
export function resolveProtocol(preset: PresetName, names: readonly string[] = []): ExperimentProtocol {
  const named = differencesNamed('resolveProtocol', names, 'protocol');
  const protocol: ExperimentProtocol = { ...PAPER_PROTOCOL };
  for (const difference of preset === 'reference' ? REFERENCE_DIFFERENCES : named)
    if (difference.kind === 'protocol') Object.assign(protocol, difference.changes);
  return protocol;
}
