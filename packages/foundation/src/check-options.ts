import { distance } from 'fastest-levenshtein';
import { show } from './show';

/** The names of all options, complete and without strangers by the compiler: `{ nMels: true, power: true }`. */
export type OptionNames<Options> = { readonly [Name in keyof Required<Options>]: true };

/** Share of the longer name that may differ between a misspelt name and the one that was meant. */
const LARGEST_DIFFERENCE = 1 / 3;

/**
 * Refuses options that there are not, which would be ignored in silence: `{ n_components: 3 }` is an error that names
 * `nComponents`.
 *
 * @param where `<package>.<function>`.
 * @throws TypeError where options are no object, and for the first unknown name.
 */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  names: OptionNames<Options>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${where}: options must be an object, got ${show(options)}.`);
  }
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(names, name));
  if (unknown === undefined) return;
  const known = Object.keys(names);
  const nearest = known.length === 1 ? known[0] : nearestName(unknown, known);
  const remedy =
    nearest === undefined
      ? known.length === 0
        ? 'There are none.'
        : `There are ${known.map(show).join(', ')}.`
      : `Did you mean ${show(nearest)}?`;
  throw new TypeError(`${where}: unknown option ${show(unknown)}. ${remedy}`);
}

/**
 * The name that was probably meant: the one with the least edit distance after case, underscores and hyphens are
 * folded, where at most a third of the letters differ; undefined where none is that near.
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const wanted = fold(name);
  let nearest: string | undefined;
  let least = Infinity;
  for (const candidate of names) {
    const folded = fold(candidate);
    const edits = distance(wanted, folded);
    const isNear = edits <= LARGEST_DIFFERENCE * Math.max(wanted.length, folded.length);
    if (isNear && edits < least) [nearest, least] = [candidate, edits];
  }
  return nearest;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}
