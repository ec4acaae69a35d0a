// The rows of bench/results.json.

/** Digits that a measurement is good for. */
const round = (value, digits) => Number(value.toFixed(digits));

/**
 * One row: times in `oursMs` and `peerMs`; for memory these two are null and `oursMB` and `peerMB` (10^6 bytes) hold it.
 * `ratio` is ours over the peer's; `peer`, the peer's value and `ratio` are null where there is no peer.
 */
export function toRow({ name, unit }, { threads, ours, peer = null }) {
  const values = { ours: ours.value, peer: peer?.value ?? null };
  const rounded = (value) => (value === null ? null : round(value, unit === 'MB' ? 0 : 2));
  const isTime = unit === 'ms';
  return {
    name,
    threads,
    oursMs: isTime ? rounded(values.ours) : null,
    peer: peer?.label ?? null,
    peerMs: isTime ? rounded(values.peer) : null,
    ratio: values.peer === null ? null : round(values.ours / values.peer, 3),
    ...(!isTime && { oursMB: rounded(values.ours), peerMB: rounded(values.peer) }),
  };
}

/** Throws where rows are not what {@link toRow} makes, so that no broken file is written. */
export function checkRows(rows) {
  if (!Array.isArray(rows))
    throw new TypeError(`bench.checkRows: rows must be an array, got ${typeof rows}.`);
  rows.forEach((row, i) => {
    const fail = (field, rule) => {
      throw new TypeError(
        `bench.checkRows: rows[${i}].${field} must ${rule}, got ${JSON.stringify(row[field])}.`,
      );
    };
    if (typeof row.name !== 'string' || row.name === '') fail('name', 'be a name');
    if (!Number.isInteger(row.threads) || row.threads < 1) fail('threads', 'be an integer of at least 1');
    if (row.peer !== null && typeof row.peer !== 'string') fail('peer', 'be a name or null');
    const isMemory = 'oursMB' in row;
    const [ours, theirs] = isMemory ? ['oursMB', 'peerMB'] : ['oursMs', 'peerMs'];
    for (const field of isMemory ? ['oursMs', 'peerMs'] : []) {
      if (row[field] !== null) fail(field, 'be null where memory is measured');
    }
    if (!isPositive(row[ours])) fail(ours, 'be a positive number');
    for (const field of [theirs, 'ratio']) {
      if (row.peer === null ? row[field] !== null : !isPositive(row[field])) {
        fail(field, row.peer === null ? 'be null without a peer' : 'be a positive number');
      }
    }
  });
}

function isPositive(value) {
  return Number.isFinite(value) && value > 0;
}
