/** Mean of each entry over at least one row of equal length. */
export function meanOfRows(rows: readonly Float64Array[]): Float64Array {
  return rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
}
