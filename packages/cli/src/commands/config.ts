import { isDeepStrictEqual } from 'node:util';
import { describeConfig, PRESETS, resolveConfig } from '@serial-oe/serial-oe/config';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { switchFlag, textFlag } from '../command/flag';
import { configTable, type ValueColumn, valueAt } from '../config/config-table';
import { PRESET, PRESET_NAMES } from '../flags/shared-flags';
import { readConfig } from '../read-config';
import { printJson } from '../terminal/terminal';

const flags = {
  preset: { ...PRESET, text: 'Shows the values of this preset alone; with --config, what FILE changes.' },
  config: textFlag('FILE', 'JSON with changes to the preset: shows the fields that differ from it.'),
  json: switchFlag(
    'Prints the fields as JSON: path, type, help, defaults, and the value where one is asked for.',
  ),
};

const spec: CommandSpec<typeof flags> = {
  name: 'config',
  summary: 'shows every field of the configuration: what it is for, what it takes, its value in each preset',
  usage: '[--preset NAME] [--config FILE] [--json]',
  examples: [
    ['serial-oe config', 'all fields, for a file for train --config'],
    ['serial-oe config --config mine.json', 'what mine.json changes of the preset, checked as train does'],
  ],
  flags,
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, terminal }: CommandContext<typeof flags>): Promise<number> {
  const fields = describeConfig();
  if (args.preset === undefined && args.config === undefined) {
    const columns = PRESET_NAMES.map((name): ValueColumn => {
      return { title: name, value: ({ defaults }) => defaults[name] };
    });
    if (args.json) printJson(terminal, fields);
    else terminal.out(configTable(fields, columns));
    return EXIT.done;
  }
  const config = resolveConfig(args.preset, await readConfig({ config: args.config }));
  const inPreset: ValueColumn = {
    title: config.preset,
    value: ({ path }) => valueAt(PRESETS[config.preset], path),
  };
  const here: ValueColumn = { title: args.config ?? '', value: ({ path }) => valueAt(config, path) };
  if (args.json) {
    printJson(
      terminal,
      fields.map((field) => ({ ...field, value: here.value(field) })),
    );
  } else if (args.config === undefined) terminal.out(configTable(fields, [inPreset]));
  else {
    const changed = fields.filter((field) => !isDeepStrictEqual(here.value(field), inPreset.value(field)));
    const table = changed.length > 0 ? `${configTable(changed, [inPreset, here])}\n` : '';
    terminal.out(
      `${table}${changed.length} of ${fields.length} fields differ from the preset ${config.preset}\n`,
    );
  }
  return EXIT.done;
}
