import { printableLine } from '@serial-oe/foundation';

/** A column of a text table. */
export interface Column {
  title: string;
  align?: 'left' | 'right';
}

/** A table in plain text, two spaces between columns; a row stays on its line, whatever names it holds. */
export function textTable(columns: readonly Column[], cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map(printableLine));
  const widths = columns.map(({ title }, i) =>
    Math.max(title.length, ...rows.map((row) => (row[i] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(({ align = 'left' }, i) => {
        const cell = row[i] ?? '';
        return align === 'right' ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(columns.map(({ title }) => title)), rule, ...rows.map(line), ''].join('\n');
}

/** A figure in [0, 1] with four digits, or a dash. */
export function figure(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : value.toFixed(4);
}

/** A share as per cent with two digits: `0.012 %`. */
export function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

/** A time as m:ss, or h:mm:ss. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
