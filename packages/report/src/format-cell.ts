import { checkNumber, FINITE, type NumberRule, show, wholeNumber } from '@serial-oe/foundation';

/** What stands in a table cell or beside a name. `null` and `undefined` are shown as a dash. */
export type ReportValue = string | number | boolean | null | undefined;

/** How the numbers of a table column look. */
export interface NumberFormat {
  /** Digits after the point. Default: as many as the number has, at most 4 significant beyond integers. */
  digits?: number;
  /** Numbers are shares in [0, 1] and shown in percent, without the sign; say '%' in the header. Default false. */
  isPercent?: boolean;
}

/** Stands for a missing value. */
export const MISSING = '\u2013';

const SIGNIFICANT_DIGITS = 4;

const SHOWN: NumberRule = { ...FINITE, remedy: 'Use null for a value that is missing.' };

/** More digits than a float64 has say nothing. */
const DIGITS = wholeNumber(0, 20);

/** Checks the `digits` of a column or a highlight. */
export function checkDigits(where: string, digits: number | undefined): void {
  if (digits !== undefined) checkNumber(`${where}.digits`, digits, DIGITS);
}

/**
 * Text of a value, not yet escaped.
 *
 * @throws RangeError for NaN and infinite numbers; TypeError for another kind of value.
 */
export function formatCell(
  where: string,
  value: ReportValue,
  { digits, isPercent = false }: NumberFormat = {},
): string {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'number') {
    throw new TypeError(`${where} must be a string, number, boolean or null, got ${show(value)}.`);
  }
  checkNumber(where, value, SHOWN);
  const shown = isPercent ? 100 * value : value;
  const text = digits === undefined ? shortest(shown) : shown.toFixed(digits);
  return text.replace('-', '\u2212');
}

function shortest(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(SIGNIFICANT_DIGITS)));
}
