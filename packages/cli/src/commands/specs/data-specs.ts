import type { CommandSpec } from '../../arguments';
import { DATA, DATA_NOTE, HELP, QUIET } from './shared-flags';

export const SYNTH: CommandSpec = {
  name: 'synth',
  summary: 'writes synthetic machine sounds, normal and faulty, to try things out',
  usage: '--out DIR [flags]',
  examples: [
    ['serial-oe synth --out sounds', 'six machine types, three machines each, in factory noise'],
    ['serial-oe synth --out hard --types fan,pump --snr 0 --severity 0.5', 'louder noise, fainter faults'],
  ],
  flags: [
    { name: 'out', value: 'DIR', text: 'Where to write; must be new or empty.' },
    {
      name: 'types',
      value: 'A,B,..',
      text: 'Machine types; default fan,pump,slider,valve,ToyCar,ToyConveyor.',
    },
    { name: 'ids', value: 'N', text: 'Machines a type; default 3.' },
    { name: 'train', value: 'N', text: 'Normal training clips a machine; default 10.' },
    { name: 'test', value: 'N', text: 'Normal test clips a machine, and as many anomalous ones; default 5.' },
    { name: 'snr', value: 'DB', text: 'Machine over factory noise, dB; default 6.' },
    {
      name: 'severity',
      value: 'S',
      text: 'How severe the faults are: 0 none, 1 (default) as a workshop finds them, 4 obvious.',
    },
    { name: 'seconds', value: 'S', text: 'Length of a clip; default 10.' },
    { name: 'seed', value: 'N', text: 'Default 0; the same seed writes the same sounds.' },
    { name: 'json', text: 'Prints what was written as JSON.' },
    QUIET,
    HELP,
  ],
};

export const DATA_CHECK: CommandSpec = {
  name: 'data check',
  summary: 'reads every recording and says what is wrong with a data set, and what cannot be done with it',
  usage: 'DIR|CSV ... [flags]',
  examples: [
    ['serial-oe data check recordings', 'before hours of training on them'],
    ['serial-oe data check dcase2020 --json > check.json', 'every file concerned'],
  ],
  flags: [
    { ...DATA, text: 'More recordings, which are checked together with DIR; may be given more than once.' },
    {
      name: 'expect',
      value: 'dcase2020|none',
      text: 'Whether it must be DCASE2020 Task 2: its types and IDs, 16 kHz, mono. Default: by the name of the folder.',
    },
    {
      name: 'min-seconds',
      value: 'S',
      text: 'Shortest recording that can be used; default 2, the chunk of the presets.',
    },
    { name: 'json', text: 'Prints everything as JSON, every file named.' },
    QUIET,
    HELP,
  ],
  notes: [
    'Errors must be repaired: files that cannot be read, no sound, the same recording in train and test or under two labels. ' +
      'Warnings say what to know: other formats, machines that are missing, experiments that need more clips. ' +
      'The exit code is 1 where there are errors.',
    DATA_NOTE,
  ],
};
