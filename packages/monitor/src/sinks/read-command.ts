import { ABOVE_ZERO, checkKind, checkNumber, checkOneOf, readJsonObject } from '@serial-oe/foundation';
import type { SensorCommand } from '../events';

const ACTIONS = ['acknowledge', 'shelve', 'unshelve'] as const;

/**
 * An operator's command as brokers bring it: `{"action":"shelve","seconds":3600,"comment":".."}`.
 * @throws RangeError or TypeError for what is none
 */
export function readCommand(text: string): Omit<SensorCommand, 'name'> {
  const { action, seconds, comment } = readJsonObject('command', text);
  return {
    action: checkOneOf('action', action, ACTIONS),
    ...(seconds !== undefined && { seconds: checkNumber('seconds', seconds, ABOVE_ZERO) }),
    ...(comment !== undefined && { comment: checkKind('comment', comment, 'string') }),
  };
}
