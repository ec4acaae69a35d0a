const YEAR = '(?:19|20)\\d\\d';
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12]\\d|3[01])';
/** `2026-01-17`, `20260117`, `2026_01_17T0930`, `2026/01/17` as folders; no part of a longer number. */
const DATE = new RegExp(
  `(?<!\\d)(${YEAR})[-_. /\\\\]?(${MONTH})[-_. /\\\\]?(${DAY})(?:(?!\\d)|(?=T?\\d{4,9}(?!\\d)))`,
  'u',
);
const NAMED =
  /(?<![\p{L}\p{N}])(day|tag|session|sitzung|week|woche|kw|cw|shift|schicht)[ _-]?(\d{1,3})(?!\d)/iu;

/**
 * The day or session that the path of a recording names: a date (`2026-01-17`), else a numbered day, session, week or shift
 * (`day3`, `session_02`); the last folder or the file's own name counts. Undefined where it names none.
 */
export function sessionOf(path: string): string | undefined {
  const parts = path.split(/[\\/]/);
  for (let i = parts.length - 1; i >= 0; i--) {
    const date = DATE.exec(parts[i]!);
    if (date !== null) return date.slice(1, 4).join('-');
    const named = NAMED.exec(parts[i]!);
    if (named !== null) return `${named[1]!.toLowerCase()} ${Number(named[2])}`;
  }
  return DATE.exec(path)?.slice(1, 4).join('-');
}
