import { DCASE2020_MACHINE_TYPES, type Dcase2020MachineType } from '@serial-oe/datasets';
import { writeMachineSounds } from '@serial-oe/datasets/node';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, namesFlag, numberFlag, required, switchFlag, textFlag } from '../command/flag';
import { UsageError } from '../command/usage-error';
import { QUIET } from '../flags/shared-flags';
import { printJson } from '../terminal/terminal';

const flags = {
  out: required(textFlag('DIR', 'Where to write; must be new or empty.')),
  types: namesFlag('A,B,..', 'Machine types; default fan,pump,slider,valve,ToyCar,ToyConveyor.'),
  ids: integerFlag('N', 'Machines a type; default 3.', { min: 1 }),
  train: integerFlag('N', 'Normal training clips a machine; default 10.', { min: 0 }),
  test: integerFlag('N', 'Normal test clips a machine, and as many anomalous ones; default 5.', { min: 0 }),
  idSpread: numberFlag(
    'S',
    'How much the machines of a type differ: 0 not at all, 1 (default) as machines of one series, 10 each built otherwise.',
    { min: 0 },
  ),
  clipSpread: numberFlag(
    'S',
    'How much clips of a machine differ in its settings and the place of the microphone: 0 as on a test bench, 1 (default) as in a plant.',
    { min: 0 },
  ),
  snr: numberFlag(
    'DB',
    'Machine over factory noise, dB; default 0, the harder half of what is published; 6 is easy.',
  ),
  severity: numberFlag(
    'S',
    'How severe the faults are: 0 none, 1 (default) as a workshop finds them, 4 plain.',
  ),
  seconds: numberFlag('S', 'Length of a clip; default 10.'),
  seed: integerFlag('N', 'Default 0; the same seed writes the same sounds.', { min: 0 }),
  json: switchFlag('Prints what was written as JSON.'),
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'synth',
  summary: 'writes synthetic machine sounds, normal and faulty, to try things out',
  usage: '--out DIR [flags]',
  examples: [
    ['serial-oe synth --out sounds', 'six machine types, three machines each, in factory noise'],
    [
      'serial-oe synth --out easy --id-spread 10 --clip-spread 0 --snr 6',
      'sounds that any detector tells apart: for a first look',
    ],
    ['serial-oe synth --out hard --types fan,pump --snr -6 --severity 0.5', 'louder noise, fainter faults'],
  ],
  flags,
  stopping: 'stopping',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal, terminal }: CommandContext<typeof flags>): Promise<number> {
  const written = await writeMachineSounds(args.out, {
    machineTypes: args.types?.map(machineTypeNamed),
    nIds: args.ids,
    nTrain: args.train,
    nTest: args.test,
    idSpread: args.idSpread,
    clipSpread: args.clipSpread,
    snrDb: args.snr,
    severity: args.severity,
    durationSeconds: args.seconds,
    seed: args.seed,
    signal,
    onProgress: ({ nDone, nTotal }) => progress.update(`writing clip ${nDone}/${nTotal}`, nDone / nTotal),
  });
  progress.close();
  if (args.json) printJson(terminal, written);
  else terminal.out(`${written.nClips} clips written to ${args.out}\n`);
  return EXIT.done;
}

function machineTypeNamed(name: string): Dcase2020MachineType {
  const found = DCASE2020_MACHINE_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--types must be some of ${DCASE2020_MACHINE_TYPES.join(',')}, got "${name}".`);
}
