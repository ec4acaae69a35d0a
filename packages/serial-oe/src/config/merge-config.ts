import { checkKind } from '@serial-oe/foundation';
import type { SerialOeConfig, SerialOeConfigOverrides } from './config';

/**
 * A copy of `base` with some values changed, section by section and field by field; `checkConfig` checks what comes out.
 * @throws TypeError for overrides, or a section of them, that are no object
 */
export function mergeConfig(
  caller: string,
  base: Readonly<SerialOeConfig>,
  overrides: SerialOeConfigOverrides,
): SerialOeConfig {
  checkKind(`serial-oe.${caller}: overrides`, overrides, 'object');
  const sections: Readonly<Record<string, unknown>> = structuredClone(base);
  const changed = definedEntries(overrides).map(([name, value]): [string, unknown] => {
    const section = Object.hasOwn(sections, name) ? sections[name] : undefined;
    if (typeof section !== 'object') return [name, value];
    const values = checkKind(`serial-oe.${caller}: config.${name}`, value, 'object');
    return [name, { ...section, ...Object.fromEntries(definedEntries(values)) }];
  });
  return { ...sections, ...Object.fromEntries(changed) } as unknown as SerialOeConfig;
}

/** A value that is undefined changes nothing. */
function definedEntries(values: object): [string, unknown][] {
  return Object.entries(values).filter(([, value]) => value !== undefined);
}
