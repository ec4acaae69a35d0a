const YEAR = '(?:19|20)\\d\\d';
const MONTH = '(?:0?[1-9]|1[0-2])';
const DAY = '(?:0?[1-9]|[12]\\d|3[01])';
const MONTH_NAMES =
  'jan(?:uary|uar)?|feb(?:ruary|ruar)?|m(?:ar(?:ch)?|aerz|är?z)|apr(?:il)?|ma[iy]|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|' +
  'o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?';
const WEEK = '(?:kw|cw|week|woche|kalenderwoche|day|tag)[ _-]?\\d{1,2}';
/** `2026-01-17`, `20260117`, `17.1.2026`, `2026-01`, `January 2026`, `KW 3`; a time may follow a day. */
const DATE = new RegExp(
  `^(?:${YEAR}[-_. ]?${MONTH}[-_. ]?${DAY}(?:[-_. T]+[0-9hms:._-]+)?|${DAY}[-_. ]${MONTH}[-_. ]${YEAR}|${YEAR}[-_. ]${MONTH}|` +
    `(?:${YEAR}[-_. ])?(?:${WEEK}|${MONTH_NAMES})(?:[-_. ]${YEAR})?)$`,
  'iu',
);

/** Whether a folder's name is a date and nothing else, so that it names no machine. */
export function isDateName(name: string): boolean {
  return DATE.test(name.normalize('NFC').trim());
}

const isYear = (name: string | undefined) => new RegExp(`^${YEAR}$`).test(name ?? '');
const isMonth = (name: string | undefined) => new RegExp(`^${MONTH}$`).test(name ?? '');
const isDay = (name: string | undefined) => new RegExp(`^${DAY}$`).test(name ?? '');

/** Names of folders, the outermost first, without those that are dates: `2026/01/17`, `2026-01/17`, `2026-01-17`. */
export function withoutDates(names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const isWhole = isDateName(name);
    if (!isWhole && !(isYear(name) && isMonth(names[i + 1]))) kept.push(name);
    else if (!isWhole) i += isDay(names[i + 2]) ? 2 : 1;
    else if (isYearAndMonth(name) && isDay(names[i + 1])) i++;
  }
  return kept;
}

const isYearAndMonth = (name: string) => new RegExp(`^${YEAR}[-_. ]${MONTH}$`).test(name);
