// A picture of a data flow as SVG: rows of boxes from the waveform to the score. No background, and colours that read on white and on
// black, since a picture in a page does not know which it stands on.

/** What happens at a stage: sound comes in, a fixed computation, one that training sets, what the training alone has, what comes out. */
export type StageKind = 'input' | 'fixed' | 'learned' | 'training' | 'output';

export interface FlowStage {
  text: string;
  /** What comes out of it: a shape, a unit. */
  shape?: string;
  kind: StageKind;
}

/** Rows from top to bottom; stages of a row stand side by side. */
export type Flow = readonly (readonly FlowStage[])[];

const WIDTH = 680;
const BOX_HEIGHT = 46;
const GAP = 26;
const LEGEND_HEIGHT = 30;
const COLOURS: Readonly<Record<StageKind, readonly [fill: string, words: string]>> = {
  input: ['#56606b', 'sound'],
  fixed: ['#3b6ea5', 'computed, nothing learned'],
  learned: ['#0b7a75', 'learned'],
  training: ['#7a5195', 'in training alone'],
  output: ['#b5500f', 'score'],
};

/** The picture; `title` is what a screen reader says. */
export function flowChart(title: string, flow: Flow): string {
  const height = flow.length * (BOX_HEIGHT + GAP) + LEGEND_HEIGHT;
  const arrows = flow.slice(1).flatMap((row, i) => arrowsBetween(flow[i]!.length, row.length, i));
  const boxes = flow.flatMap((row, i) => row.map((stage, j) => box(stage, placeOf(j, row.length, i))));
  const used = (Object.keys(COLOURS) as StageKind[]).filter((kind) =>
    flow.flat().some((one) => one.kind === kind),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif">`,
    `<title>${escaped(title)}</title>`,
    '<defs><marker id="a" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#868e96"/></marker></defs>',
    ...arrows,
    ...boxes,
    ...legend(used, height - LEGEND_HEIGHT + 8),
    '</svg>\n',
  ].join('\n');
}

interface Place {
  x: number;
  y: number;
  width: number;
}

function placeOf(column: number, count: number, row: number): Place {
  const width = count === 1 ? 440 : (WIDTH - (count - 1) * 16) / count;
  const left = count === 1 ? (WIDTH - width) / 2 : 0;
  return { x: left + column * (width + 16), y: row * (BOX_HEIGHT + GAP), width };
}

function box({ text, shape, kind }: FlowStage, { x, y, width }: Place): string {
  const middle = x + width / 2;
  const label = (words: string, dy: number, attributes: string) =>
    `<text x="${middle}" y="${y + dy}" text-anchor="middle" fill="#fff" ${attributes}>${escaped(words)}</text>`;
  const lines =
    shape === undefined
      ? label(text, 28, 'font-size="13"')
      : `${label(text, 19, 'font-size="13"')}${label(shape, 36, 'font-size="11.5" fill-opacity="0.9"')}`;
  return `<g><rect x="${x}" y="${y}" width="${width}" height="${BOX_HEIGHT}" rx="6" fill="${COLOURS[kind][0]}"/>${lines}</g>`;
}

/** Rows of equal length go straight down; others all meet. */
function arrowsBetween(from: number, to: number, row: number): string[] {
  const pairs =
    from === to
      ? Array.from({ length: from }, (_, i) => [i, i] as const)
      : Array.from({ length: from * to }, (_, i) => [Math.floor(i / to), i % to] as const);
  return pairs.map(([above, below]) => {
    const start = placeOf(above, from, row);
    const end = placeOf(below, to, row + 1);
    const [x1, x2] = [start.x + start.width / 2, end.x + end.width / 2];
    return `<line x1="${x1}" y1="${start.y + BOX_HEIGHT + 2}" x2="${x2}" y2="${end.y - 3}" stroke="#868e96" stroke-width="1.5" marker-end="url(#a)"/>`;
  });
}

function legend(kinds: readonly StageKind[], y: number): string[] {
  let x = 0;
  return kinds.map((kind) => {
    const [fill, words] = COLOURS[kind];
    const entry = `<rect x="${x}" y="${y}" width="11" height="11" rx="2" fill="${fill}"/><text x="${x + 16}" y="${y + 10}" font-size="11.5" fill="#868e96">${words}</text>`;
    x += 30 + words.length * 6.2;
    return entry;
  });
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
