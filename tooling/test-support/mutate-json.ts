/** What people, editors and other programs make of JSON that was right once. */

const STRANGE_NUMBERS = [0, -0, -1, 0.5, 1e-300, 1e9, 2 ** 31, 2 ** 53, 1e300, -1e300];
const STRANGE_NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'length',
  '$tensor',
  'nMels',
  '\u001b[2J',
  '\u{1F600}',
];

/** Values of every kind. */
const STRANGE_VALUES: readonly ((random: () => number) => unknown)[] = [
  () => null,
  () => true,
  () => '',
  () => 'auto',
  () => 'x'.repeat(2000),
  () => [],
  () => ({}),
  () => [[], [1, [2]], null],
  () => ({ a: { b: { c: [] } } }),
  (random) => nestedLists(1 + Math.floor(random() * 600)),
  (random) => pick(STRANGE_NUMBERS, random),
  (random) => pick(STRANGE_NUMBERS, random),
  (random) => pick(STRANGE_NAMES, random),
];

function nestedLists(depth: number): unknown {
  let lists: unknown = 1;
  for (let i = 0; i < depth; i++) lists = [lists];
  return lists;
}

type Container = Record<string, unknown> | unknown[];

/** A copy of plain JSON data in which one to three places were replaced, removed, renamed, doubled or exchanged. */
export function mutateJson(json: unknown, random: () => number): unknown {
  const root: unknown[] = [structuredClone(json)];
  const nMutations = 1 + Math.floor(random() * 3);
  for (let i = 0; i < nMutations; i++) mutateOnce(root, random);
  return root[0];
}

function mutateOnce(root: unknown[], random: () => number): void {
  const places = [...placesOf(root)];
  const [container, key] = pick(places, random);
  const value = valueAt(container, key);
  const kind = pick(['remove', 'rename', 'exchange', 'scale', 'replace', 'replace'], random);
  if (kind === 'remove') {
    if (!Array.isArray(container)) delete container[key];
    else if (container !== root) container.splice(Number(key), 1);
  } else if (kind === 'rename') {
    define(container, container === root ? key : pick(STRANGE_NAMES, random), value);
  } else if (kind === 'exchange') {
    define(container, key, structuredClone(valueAt(...pick(places, random))));
  } else if (kind === 'scale' && typeof value === 'number') {
    define(container, key, value * pick([-1, 0, 0.5, 10, 1e9, 1e200], random));
  } else if (kind === 'scale') {
    define(container, key, JSON.stringify(value)); // as text
  } else {
    define(container, key, pick(STRANGE_VALUES, random)(random));
  }
}

function valueAt(container: Container, key: string): unknown {
  return (container as Record<string, unknown>)[key];
}

/** Each place of a value that is not nested too deep, with what it stands in. */
function* placesOf(container: Container, depth = 0): Generator<[Container, string]> {
  for (const [key, value] of Object.entries(container)) {
    yield [container, key];
    if (typeof value === 'object' && value !== null && depth < 40)
      yield* placesOf(value as Container, depth + 1);
  }
}

/** Also `__proto__`, which an assignment would not make a field. */
function define(container: Container, key: string | number, value: unknown): void {
  const position = Array.isArray(container) && !/^\d+$/.test(String(key)) ? container.length : key;
  Object.defineProperty(container, position, { value, writable: true, enumerable: true, configurable: true });
}

function pick<T>(values: readonly T[], random: () => number): T {
  return values[Math.floor(random() * values.length)]!;
}
