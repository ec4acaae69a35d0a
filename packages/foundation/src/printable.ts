const [TAB, LINE_FEED, RETURN, SPACE, DELETE] = [0x09, 0x0a, 0x0d, 0x20, 0x7f];
/** The last of the C1 controls, some of which terminals take for the start of a sequence. */
const LAST_C1 = 0x9f;
/** Marks that turn the direction of what follows, and separators of lines: text reads as another than it is. */
const DIRECTIONS = [0x061c, 0x200e, 0x200f, 0x2028, 0x2029];
const EMBEDDINGS = [0x202a, 0x202e] as const;
const ISOLATES = [0x2066, 0x2069] as const;

/**
 * Text that a terminal shows and does not obey: control characters and marks that turn the direction of writing become
 * `\uXXXX`, as in JSON, so that JSON stays the same JSON. Line feeds, tabs and CR LF stay. Names of files and folders,
 * labels and settings may hold such characters, by a slip or by intent.
 */
export function printable(text: string): string {
  return replaceLetters(text, (code, next) => isControl(code) && !isLayout(code, next));
}

/** As {@link printable}, on one line: line feeds and tabs too. For a name amid other text. */
export function printableLine(text: string): string {
  return replaceLetters(text, isControl);
}

function replaceLetters(text: string, isReplaced: (code: number, next: number) => boolean): string {
  let [shown, start] = ['', 0];
  for (let i = 0; i < text.length; i++) {
    if (!isReplaced(text.charCodeAt(i), text.charCodeAt(i + 1))) continue;
    shown += text.slice(start, i) + escaped(text.charCodeAt(i));
    start = i + 1;
  }
  return start === 0 ? text : shown + text.slice(start);
}

function isControl(code: number): boolean {
  if (code < SPACE || (code >= DELETE && code <= LAST_C1)) return true;
  if (code < DIRECTIONS[0]!) return false;
  const isWithin = ([first, last]: readonly [number, number]) => code >= first && code <= last;
  return DIRECTIONS.includes(code) || isWithin(EMBEDDINGS) || isWithin(ISOLATES);
}

function isLayout(code: number, next: number): boolean {
  return code === TAB || code === LINE_FEED || (code === RETURN && next === LINE_FEED);
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
