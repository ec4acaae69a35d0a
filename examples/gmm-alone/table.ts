/** Rows of numbers with the names of their columns. */
export interface Table {
  names: string[];
  rows: number[][];
}

/** A line of names, then a line of numbers each, with commas or semicolons between. */
export function fromCsv(text: string): Table {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const separator = head.includes(';') ? ';' : ',';
  const rows = lines.map((line, i) =>
    line.split(separator).map((cell) => {
      const value = Number(cell);
      if (cell.trim() === '' || !Number.isFinite(value))
        throw new Error(`Line ${i + 2}: "${cell}" is no number.`);
      return value;
    }),
  );
  return { names: head.split(separator), rows };
}

/** Each column with mean 0 and deviation 1, and back. */
export function standardization(rows: readonly (readonly number[])[]) {
  const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
  const mean = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviation = columns.map((column, j) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - mean[j]!) ** 2, 0) / column.length),
  );
  return {
    ...{ mean, deviation },
    from: (row: readonly number[]) => row.map((value, j) => (value - mean[j]!) / deviation[j]!),
    back: (row: readonly number[]) => row.map((value, j) => value * deviation[j]! + mean[j]!),
  };
}
