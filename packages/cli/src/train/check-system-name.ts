import { serialOeSystem } from '@serial-oe/serial-oe';
import { UsageError } from '../command/usage-error';

/**
 * @param name what `--system` says
 * @throws UsageError where there is no such system
 */
export function checkSystemName(name: string | undefined): void {
  const known = [serialOeSystem.name]; // what models are trained and saved by
  if (name === undefined || known.includes(name)) return;
  throw new UsageError(`--system must be one of ${known.join(', ')}, got "${name}".`);
}
