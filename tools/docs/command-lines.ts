// The commands in a shell block, cut into words as a shell would cut them, as far as documentation needs it.

/** One simple command: its words, without variables set before it. */
export type CommandLine = readonly string[];

const SEPARATOR = new Set(['\n', ';', '|', '&', '(', ')', '<', '>']);
const VARIABLE = /^[A-Za-z_]\w*=/;

/** The simple commands of a shell text, in order; comments and redirections are left out. */
export function commandLines(text: string): CommandLine[] {
  const lines: string[][] = [[]];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) lines.at(-1)!.push(word);
    word = null;
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (letter === '\\') {
      i++;
      if (text[i] !== '\n') word = (word ?? '') + (text[i] ?? '');
    } else if (letter === "'" || letter === '"') {
      const end = text.indexOf(letter, i + 1);
      if (end < 0) throw new Error(`a quote is never closed in: ${text.slice(i, i + 60)}`);
      word = (word ?? '') + text.slice(i + 1, end);
      i = end;
    } else if (letter === '#' && word === null) {
      const end = text.indexOf('\n', i);
      i = (end < 0 ? text.length : end) - 1;
    } else if (SEPARATOR.has(letter)) {
      endWord();
      lines.push([]);
    } else if (/\s/.test(letter)) endWord();
    else word = (word ?? '') + letter;
  }
  endWord();
  return lines.map(withoutVariables).filter((words) => words.length > 0);
}

function withoutVariables(words: readonly string[]): CommandLine {
  const first = words.findIndex(
    (word) => !VARIABLE.test(word) && !['$', 'sudo', 'do', 'then'].includes(word),
  );
  return first < 0 ? [] : words.slice(first);
}

/** What follows `serial-oe` or `npx serial-oe`; null for another command. */
export function ourArguments(words: CommandLine): readonly string[] | null {
  const own = words[0] === 'npx' ? words.slice(1) : words;
  const isOurs = own[0] === 'serial-oe' || own[0] === '@serial-oe/cli';
  return isOurs ? own.slice(1) : null;
}
