// Squared Euclidean distances in float64. Addresses are bytes; nothing is allocated, and nothing written but the results.
// Each sum runs over the columns in their order, so the results equal those of the TypeScript core bit for bit.

/** Bytes of a row of a panel: one column of four rows of the matrix. */
const PANEL_ROW: usize = 32;
/** Bytes of a row of the results: 64 float64. */
const OUT_ROW: usize = 512;

/** sum + (a - b)^2, rounded thrice, as in JavaScript. */
// @ts-ignore: decorator
@inline
function addSquare(sum: v128, a: v128, b: v128): v128 {
  const difference = f64x2.sub(a, b);
  return f64x2.add(sum, f64x2.mul(difference, difference));
}

/** Four queries against a panel of four rows. */
// @ts-ignore: decorator
@inline
function fourQueries(query: usize, panel: usize, nCols: usize, out: usize): void {
  const queryBytes = nCols * 8;
  let s00 = f64x2.splat(0), s01 = f64x2.splat(0);
  let s10 = f64x2.splat(0), s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0), s21 = f64x2.splat(0);
  let s30 = f64x2.splat(0), s31 = f64x2.splat(0);
  const q1 = query + queryBytes, q2 = q1 + queryBytes, q3 = q2 + queryBytes;
  for (let at: usize = 0; at < queryBytes; at += 8) {
    const r0 = v128.load(panel), r1 = v128.load(panel, 16);
    const a = v128.load64_splat(query + at);
    s00 = addSquare(s00, a, r0);
    s01 = addSquare(s01, a, r1);
    const b = v128.load64_splat(q1 + at);
    s10 = addSquare(s10, b, r0);
    s11 = addSquare(s11, b, r1);
    const c = v128.load64_splat(q2 + at);
    s20 = addSquare(s20, c, r0);
    s21 = addSquare(s21, c, r1);
    const d = v128.load64_splat(q3 + at);
    s30 = addSquare(s30, d, r0);
    s31 = addSquare(s31, d, r1);
    panel += PANEL_ROW;
  }
  v128.store(out, s00);
  v128.store(out, s01, 16);
  v128.store(out + OUT_ROW, s10);
  v128.store(out + OUT_ROW, s11, 16);
  v128.store(out + 2 * OUT_ROW, s20);
  v128.store(out + 2 * OUT_ROW, s21, 16);
  v128.store(out + 3 * OUT_ROW, s30);
  v128.store(out + 3 * OUT_ROW, s31, 16);
}

/** One query against two panels of four rows. */
// @ts-ignore: decorator
@inline
function oneQuery(query: usize, panel: usize, nCols: usize, out: usize): void {
  let s0 = f64x2.splat(0), s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0), s3 = f64x2.splat(0);
  const end = query + nCols * 8;
  let next = panel + nCols * PANEL_ROW;
  for (let at = query; at < end; at += 8) {
    const a = v128.load64_splat(at);
    s0 = addSquare(s0, a, v128.load(panel));
    s1 = addSquare(s1, a, v128.load(panel, 16));
    s2 = addSquare(s2, a, v128.load(next));
    s3 = addSquare(s3, a, v128.load(next, 16));
    panel += PANEL_ROW;
    next += PANEL_ROW;
  }
  v128.store(out, s0);
  v128.store(out, s1, 16);
  v128.store(out, s2, 32);
  v128.store(out, s3, 48);
}

/**
 * Squared distances of queries and rows.
 *
 * @param queries `[64, nCols]`, of which the first nQueries count.
 * @param panels of four rows, `[nPanels, nCols, 4]`; readable for one panel more.
 * @param nPanels at most 16.
 * @param out `[64, 64]`; what belongs to no query or no row is not meaningful.
 */
export function squaredDistances(
  queries: usize, nQueries: usize, panels: usize, nPanels: usize, nCols: usize, out: usize,
): void {
  const panelBytes = nCols * PANEL_ROW;
  if (nQueries == 1) {
    for (let j: usize = 0; j < nPanels; j += 2) {
      oneQuery(queries, panels + j * panelBytes, nCols, out + j * PANEL_ROW);
    }
    return;
  }
  for (let i: usize = 0; i < nQueries; i += 4) {
    for (let j: usize = 0; j < nPanels; j++) {
      fourQueries(
        queries + i * nCols * 8, panels + j * panelBytes, nCols, out + i * OUT_ROW + j * PANEL_ROW,
      );
    }
  }
}
