import { isDeepStrictEqual } from 'node:util';
import type { NetworkConfig, NetworkSystem } from '@serial-oe/baselines';
import { describeConfig, resolveConfig } from '@serial-oe/serial-oe/config';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { choiceFlag, switchFlag, textFlag } from '../command/flag';
import { configTable, type TableField, type ValueColumn, valueAt } from '../config/config-table';
import { PRESET } from '../flags/shared-flags';
import { readConfigFile } from '../read-config';
import {
  isComparedNetwork,
  loadSystem,
  NETWORK_SYSTEM,
  SYSTEM_NAMES,
  type SystemName,
} from '../system-table';
import { printJson } from '../terminal/terminal';

const DESCRIBED = SYSTEM_NAMES.filter((name) => name === NETWORK_SYSTEM || isComparedNetwork(name));

const flags = {
  system: {
    ...choiceFlag(DESCRIBED, `Whose configuration: ${DESCRIBED.join(', ')}. Default serial-oe.`),
    value: 'NAME',
  },
  preset: { ...PRESET, text: 'Shows the values of this preset alone; with --config, what FILE changes.' },
  config: textFlag('FILE', 'JSON with changes to the preset: shows the fields that differ from it.'),
  json: switchFlag(
    'Prints the fields as JSON: path, type, help, defaults, and the value where one is asked for.',
  ),
};

const spec: CommandSpec<typeof flags> = {
  name: 'config',
  summary: 'shows every field of the configuration: what it is for, what it takes, its value in each preset',
  usage: '[--system NAME] [--preset NAME] [--config FILE] [--json]',
  examples: [
    ['serial-oe config', 'all fields, for a file for train --config'],
    ['serial-oe config --system stgram-mfn', 'those of another network'],
    ['serial-oe config --config mine.json', 'what mine.json changes of the preset, checked as train does'],
  ],
  flags,
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, terminal }: CommandContext<typeof flags>): Promise<number> {
  const { fields, resolve } = await describedSystem(args.system ?? NETWORK_SYSTEM);
  const presets = Object.keys(fields[0]!.defaults);
  if (args.preset === undefined && args.config === undefined) {
    const columns = ['quick', ...presets.filter((name) => name !== 'quick')].map((name): ValueColumn => {
      return { title: name, value: ({ defaults }) => defaults[name] };
    });
    if (args.json) printJson(terminal, fields);
    else terminal.out(configTable(fields, columns));
    return EXIT.done;
  }
  const config = resolve(args.preset, await readConfigFile(args.config));
  const inPreset: ValueColumn = { title: config.preset, value: ({ defaults }) => defaults[config.preset] };
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

interface DescribedSystem {
  fields: readonly TableField[];
  resolve(preset: string | undefined, changes: object): { preset: string };
}

async function describedSystem(name: SystemName): Promise<DescribedSystem> {
  if (name === NETWORK_SYSTEM) {
    return {
      fields: describeConfig().map((field) => ({ ...field, defaults: { ...field.defaults } })),
      resolve: (preset, changes) => resolveConfig(preset as Parameters<typeof resolveConfig>[0], changes),
    };
  }
  const { describeConfig: describe, resolveConfig: resolve } = (await loadSystem(
    name,
  )) as NetworkSystem<NetworkConfig>;
  return { fields: describe(), resolve };
}
