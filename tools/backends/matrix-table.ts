import type { JobAnswer, RuntimeName } from './job';

/** What became of a runtime in one place: an answer, or why there is none. */
export interface Outcome {
  /** Node, or the browser. */
  place: string;
  runtime: RuntimeName;
  answer?: JobAnswer;
  error?: Error;
}

const START = '<!-- backends:start (written by npm run backends -- --write) -->';
const END = '<!-- backends:end -->';
/** A score is a logarithm, to which zero is a value like any other: below this, differences are absolute. */
const SMALLEST_SCALE = 1;
/** Characters of a reason in a cell. */
const MAX_REASON = 160;

/**
 * The largest |score - cpu's| of the clips that a runtime has scored over |cpu's|, or over 1 nat where that is less; NaN
 * where there is none.
 */
export function largestDifference({ scores }: JobAnswer, cpu: JobAnswer): number {
  const differences = scores.map((score, i) => {
    const expected = cpu.scores[i] as number;
    return Math.abs(score - expected) / Math.max(Math.abs(expected), SMALLEST_SCALE);
  });
  return differences.length === 0 ? Number.NaN : Math.max(...differences); // NaN where one is
}

/** A Markdown table, with a line on what was measured. */
export function matrixTable(
  outcomes: readonly Outcome[],
  { cpu, machine, sounds }: { cpu: JobAnswer; machine: string; sounds: string },
): string {
  const rows = outcomes.map(({ place, runtime, answer, error }) => {
    if (answer === undefined) return [runtime, place, `not run: ${shorten(error)}`, '-', '-', '-'];
    const difference = answer === cpu ? 'reference' : largestDifference(answer, cpu).toExponential(1);
    return [
      runtime,
      place,
      answer.computedBy,
      String(answer.scores.length),
      difference,
      median(answer.ms).toFixed(0),
    ];
  });
  const titles = [
    'runtime',
    'in',
    'computed by',
    'clips',
    'largest relative difference',
    'ms a clip, median',
  ];
  const line = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const range = [Math.min(...cpu.scores), Math.max(...cpu.scores)].map((score) => score.toFixed(1));
  return [
    `${cpu.scores.length} ${sounds}, with scores from ${range.join(' to ')} on cpu. ${machine}.`,
    '',
    line(titles),
    line(['---', '---', '---', '---:', '---:', '---:']),
    ...rows.map(line),
  ].join('\n');
}

/** The page with the table between its markers. */
export function replaceTable(page: string, table: string): string {
  const [start, end] = [page.indexOf(START), page.indexOf(END)];
  if (start < 0 || end < start) {
    throw new Error(`backends: docs/backends.md must hold the lines "${START}" and "${END}" in this order.`);
  }
  return `${page.slice(0, start + START.length)}\n\n${table}\n\n${page.slice(end)}`;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** In one line, and short enough for a cell. */
function shorten(error: Error | undefined): string {
  return (error?.message ?? '').replace(/\s+/g, ' ').replaceAll('|', '/').slice(0, MAX_REASON);
}
