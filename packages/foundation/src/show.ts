import { printableLine } from './printable';

const N_SHOWN = 8;
/** Arrays within arrays. */
const MAX_DEPTH = 3;
const MAX_LENGTH = 300;

/** A wrong value in the words of an error message: short and on one line, whatever it is. */
export function show(value: unknown): string {
  return showWithin(value, MAX_DEPTH);
}

function showWithin(value: unknown, depth: number): string {
  if (typeof value === 'string') {
    const start = printableLine(value.slice(0, MAX_LENGTH));
    return value.length <= MAX_LENGTH ? `'${start}'` : `'${start}..' of ${value.length} letters`;
  }
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (!Array.isArray(value)) return withArticle(kindOf(value));
  if (value.length > N_SHOWN) return `an array of ${value.length} values`;
  if (depth === 0) return 'an array';
  return `[${value.map((each) => showWithin(each, depth - 1)).join(', ')}]`;
}

/** The name of a value's class: `Float32Array`, `Tensor`, `object` for a plain one. */
function kindOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object';
}

function withArticle(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
