import { checkOptions, type OptionNames } from './check-options';

export interface NameSomeOptions {
  /** How many are named. Default 8. */
  limit?: number;
  /** Between names. Default `', '`. */
  separator?: string;
}

const OPTIONS: OptionNames<NameSomeOptions> = { limit: true, separator: true };

/**
 * The first of the names and how many more there are: `a, b and 7 more`. What differs, differs in hundreds at times.
 */
export function nameSome(names: readonly string[], options: NameSomeOptions = {}): string {
  checkOptions('foundation.nameSome', options, OPTIONS);
  const { limit = 8, separator = ', ' } = options;
  const more = names.length > limit ? ` and ${names.length - limit} more` : '';
  return `${names.slice(0, limit).join(separator)}${more}`;
}
