// The generated part of docs/performance.md.

const START = '<!-- bench:start (written by npm run bench) -->';
const END = '<!-- bench:end -->';
const HEADER = ['work', 'threads', 'ours', 'peer', "peer's", 'ratio', 'target', ''];
const RULES = ['---', '---:', '---:', '---', '---:', '---:', '---:', '---'];

/**
 * Markdown of a run: where and when, and a table with a line for each row.
 *
 * @param measured `{ row, work, target, targetMs }`: a row of results.json, what it is in words, the ratio aimed at (null or
 *   undefined for none) or the time
 * @param notes what could not be measured
 */
export function renderTable(measured, { machine, notes = [] }) {
  const facts =
    `Measured ${machine.date} at commit ${machine.commit} on ${machine.cpu}, ${machine.cores} cores, ` +
    `${machine.memoryGB} GB of memory, ${machine.system}; Node ${machine.node}, tfjs ${machine.tfjs}; ` +
    `load of the machine before the run ${machine.load}. Medians of ${machine.turns} turns; ratio = ours / peer's.`;
  return [
    '',
    [facts, ...(notes.length > 0 ? [`Not measured: ${notes.join('; ')}.`] : [])].join(' '),
    '',
    line(HEADER),
    line(RULES),
    ...measured.map((entry) => line(cells(entry))),
    '',
  ].join('\n');
}

/** The page with what stands between the markers replaced. Throws where the page does not hold them in order. */
export function replaceGenerated(page, generated) {
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) {
    throw new Error(`bench: docs/performance.md must hold the lines "${START}" and "${END}" in this order.`);
  }
  return `${page.slice(0, start + START.length)}\n${generated}\n${page.slice(end)}`;
}

function line(texts) {
  return `| ${texts.join(' | ')} |`;
}

function cells({ row, work, target, targetMs }) {
  const limit = targetMs === undefined ? target : targetMs;
  const isMet = targetMs === undefined ? row.ratio <= target : row.oursMs < targetMs;
  const goal = targetMs === undefined ? `at most ${target}` : `under ${amount({ ms: targetMs })}`;
  return [
    `${work} (\`${row.name}\`)`,
    String(row.threads),
    amount({ ms: row.oursMs, megabytes: row.oursMB }),
    row.peer ?? '-',
    amount({ ms: row.peerMs, megabytes: row.peerMB }),
    row.ratio?.toFixed(2) ?? '-',
    limit == null ? (row.peer === null ? '-' : 'reported') : goal,
    limit == null ? '' : isMet ? 'met' : '**missed**',
  ];
}

/** A time or a size in words. */
function amount({ ms, megabytes }) {
  if (Number.isFinite(megabytes)) return `${megabytes} MB`;
  if (!Number.isFinite(ms)) return '-';
  if (ms >= 10_000) return `${(ms / 1000).toFixed(0)} s`;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : `${ms.toFixed(1)} ms`;
}
