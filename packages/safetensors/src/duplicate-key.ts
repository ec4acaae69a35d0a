/** A string, or a brace or bracket; between them valid JSON holds nothing that looks like either. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]]/g;

/**
 * The first key that an object of this JSON text holds twice, at any depth. JSON.parse keeps the last of such entries
 * without a word, so that two readers of one file could see different tensors.
 * @param json text that JSON.parse accepts
 */
export function duplicateKey(json: string): string | undefined {
  const open: (Set<string> | null)[] = []; // the keys of each open object; null for a list
  for (const { 0: token, index } of json.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (isKey(json, index + token.length)) {
      const keys = open.at(-1)!;
      const key = JSON.parse(token) as string;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}

/** Whether a colon follows, white space aside. */
function isKey(json: string, end: number): boolean {
  let position = end;
  while (' \t\n\r'.includes(json.charAt(position)) && position < json.length) position++;
  return json.charAt(position) === ':';
}
