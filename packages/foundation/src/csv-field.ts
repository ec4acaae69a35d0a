/** What spreadsheets take for the start of a formula, also in full width, and after white space. */
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])/;
/** `-3.2`, `+1e-7`: such text stays a number. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * A field of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula, such as a file named `=cmd|..`, gets an
 * apostrophe in front, which spreadsheets take as the sign of text (OWASP, "CSV Injection"); numbers stay as they are.
 */
export function csvField(value: string | number | boolean): string {
  const text = typeof value === 'string' ? asText(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asText(value: string): string {
  return FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
}
