import { checkConfig } from './check-config';
import type { SerialOeConfig } from './config';
import { mergeConfig } from './merge-config';
import { differencesNamed } from './reference-differences';

/**
 * A configuration with single differences of the published code on top; they replace what it says.
 *
 * @param names of differences of the kind 'config' in `REFERENCE_DIFFERENCES`
 * @throws RangeError for an unknown name, that of a difference of another kind, or where the result breaks a rule
 * @example
 * const config = withReferenceDifferences(resolveConfig('paper'), ['mixup-cosine', 'id-loss-samples']);
 */
export function withReferenceDifferences(config: SerialOeConfig, names: readonly string[]): SerialOeConfig {
  const caller = 'withReferenceDifferences';
  const changed = differencesNamed(caller, names, 'config').reduce(
    (merged, { changes }) => mergeConfig(caller, merged, changes),
    config,
  );
  checkConfig(caller, changed);
  return changed;
}
