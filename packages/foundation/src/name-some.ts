/**
 * The first of the names and how many more there are: `a, b and 7 more`. What differs, differs in hundreds at times.
 */
export function nameSome(
  names: readonly string[],
  { limit = 8, separator = ', ' }: { limit?: number; separator?: string } = {},
): string {
  const more = names.length > limit ? ` and ${names.length - limit} more` : '';
  return `${names.slice(0, limit).join(separator)}${more}`;
}
