const N_SHOWN = 8;

/** A wrong value in the words of an error message: short, whatever it is. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) {
    return value.length <= N_SHOWN ? `[${value.map(show).join(', ')}]` : `an array of ${value.length} values`;
  }
  return withArticle(kindOf(value));
}

/** The name of a value's class: `Float32Array`, `Tensor`, `object` for a plain one. */
function kindOf(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : 'object';
}

function withArticle(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}
