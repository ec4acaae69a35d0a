import type { Help } from 'commander';
import type { CommandSpec } from './command';
import { flagName } from './read-arguments';

/** Characters of a line of a help page, examples aside. */
export const HELP_WIDTH = 100;

type Row = readonly [left: string, right: string];

const FOOTER = 'Each explains itself: serial-oe <command> --help';

/** The help page of one command: examples first. */
export function commandPage(spec: CommandSpec, helper: Help): string {
  const { name, summary, usage, examples, flags, notes = [] } = spec;
  const rows = Object.entries(flags).map(([key, { value, text }]): Row => {
    return [`--${flagName(key)}${value ? ` ${value}` : ''}`, text];
  });
  return [
    `serial-oe ${name}: ${summary}`,
    '',
    ...examples.flatMap(([command, text]) => [`  ${command}`, `      ${text}`]),
    '',
    `Usage: serial-oe ${name} ${usage}`,
    '',
    ...table([...rows, ['--help', 'This page.']], helper),
    ...notes.flatMap((note) => ['', helper.boxWrap(note, HELP_WIDTH)]),
    '',
  ].join('\n');
}

/** The help page of the program. */
export function mainPage(specs: readonly CommandSpec[], version: string, helper: Help): string {
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
    ...commandTable(specs, helper),
    '',
    FOOTER,
    'Results go to stdout, progress and messages to stderr.',
    'Exit codes: 0 done, 1 a failure that the message explains, 2 wrong usage, 3 anomalies found (score --fail-on-anomaly), 130 interrupted (checkpoint saved).',
    '',
  ].join('\n');
}

/** The help page of commands that share their first word. */
export function groupPage(specs: readonly CommandSpec[], helper: Help): string {
  return [...commandTable(specs, helper), '', FOOTER, ''].join('\n');
}

function commandTable(specs: readonly CommandSpec[], helper: Help): string[] {
  return [
    'Commands:',
    '',
    ...table(
      specs.map(({ name, summary }): Row => [name, summary]),
      helper,
    ),
  ];
}

function table(rows: readonly Row[], helper: Help): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => helper.formatItem(left, width, right, helper));
}
