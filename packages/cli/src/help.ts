import type { CommandSpec } from './arguments';

const WIDTH = 100;

/** The help page of one command. */
export function commandHelp({ name, summary, usage, examples, flags, notes = [] }: CommandSpec): string {
  const rows = flags.map(
    ({ name: flag, value, text }) => [`--${flag}${value ? ` ${value}` : ''}`, text] as const,
  );
  return [
    `serial-oe ${name}: ${summary}`,
    '',
    ...examples.flatMap(([command, text]) => [`  ${command}`, `      ${text}`]),
    '',
    `Usage: serial-oe ${name} ${usage}`,
    '',
    ...table(rows),
    ...notes.flatMap((note) => ['', ...wrap(note, WIDTH)]),
    '',
  ].join('\n');
}

/** The help page of the program. */
export function mainHelp(commands: readonly CommandSpec[], version: string): string {
  return [
    `serial-oe ${version}: hears when a machine sounds wrong`,
    '',
    'Learn what a machine sounds like from normal recordings (WAV), then score new ones:',
    '',
    '  serial-oe synth --out sounds',
    '  serial-oe train --data sounds --machine-type fan --out fan-model',
    '  serial-oe score --model fan-model sounds/fan/test',
    '  serial-oe evaluate --model fan-model --data sounds --report report.html',
    '',
    'Commands:',
    '',
    ...table(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    'Each explains itself: serial-oe <command> --help',
    'Results go to stdout, progress and messages to stderr.',
    'Exit codes: 0 done, 1 a failure that the message explains, 2 wrong usage, 130 interrupted (checkpoint saved).',
    '',
  ].join('\n');
}

/** The help page of commands that share their first word. */
export function groupHelp(commands: readonly CommandSpec[]): string {
  return [
    'Commands:',
    '',
    ...table(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    'Each explains itself: serial-oe <command> --help',
    '',
  ].join('\n');
}

function table(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows.flatMap(([left, right]) =>
    wrap(right, WIDTH - width - 2).map((line, i) => `  ${(i === 0 ? left : '').padEnd(width)}${line}`),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
