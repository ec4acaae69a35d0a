import type { CommandSpec } from '../../arguments';
import { HELP, QUIET } from './shared-flags';

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
