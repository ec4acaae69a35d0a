import { UsageError } from '../command/usage-error';
import { systems } from '../systems';

/**
 * @param name what `--system` says
 * @throws UsageError where there is no such system
 */
export function checkSystemName(name: string | undefined): void {
  const known = systems.map((system) => system.name);
  if (name === undefined || known.includes(name)) return;
  throw new UsageError(`--system must be one of ${known.join(', ')}, got "${name}".`);
}
