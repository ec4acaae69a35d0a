const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The first key that an object of this JSON text holds twice, at any depth. JSON.parse keeps the last of such entries
 * without a word, so that two readers of one file could see different tensors.
 *
 * A loop over the letters: metadata may be a string of many megabytes, on which a regular expression runs out of stack.
 * @param json text that JSON.parse accepts
 */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for a list
  for (let i = 0; i < json.length; i++) {
    const letter = json.charCodeAt(i);
    if (letter === OPEN_OBJECT) open.push(new Set());
    else if (letter === OPEN_LIST) open.push(null);
    else if (letter === CLOSE_OBJECT || letter === CLOSE_LIST) open.pop();
    else if (letter === QUOTE) {
      const end = endOfString(json, i);
      if (isKey(json, end)) {
        const keys = open.at(-1)!;
        const key = JSON.parse(json.slice(i, end)) as string;
        if (keys.has(key)) return key;
        keys.add(key);
      }
      i = end - 1;
    }
  }
  return undefined;
}

/** The position behind the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  for (let i = start + 1; i < json.length; i++) {
    const letter = json.charCodeAt(i);
    if (letter === QUOTE) return i + 1;
    if (letter === BACKSLASH) i++;
  }
  return json.length;
}

/** Whether a colon follows, white space aside. */
function isKey(json: string, end: number): boolean {
  let position = end;
  while (' \t\n\r'.includes(json.charAt(position)) && position < json.length) position++;
  return json.charCodeAt(position) === COLON;
}
