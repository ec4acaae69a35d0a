import { DCASE2020_MACHINE_TYPES, type Dcase2020MachineType } from '@serial-oe/datasets';
import { writeMachineSounds } from '@serial-oe/datasets/node';
import { Arguments } from './arguments';
import { SYNTH } from './commands/specs/data-specs';
import { interruptSignal } from './interrupt';
import { ProgressLine, type Terminal } from './terminal';

/** `serial-oe synth`; returns the exit code. */
export async function runSynth(argv: readonly string[], terminal: Terminal): Promise<number> {
  const args = new Arguments(SYNTH, argv);
  args.noPositionals();
  const out = args.required('out');
  const progress = new ProgressLine(terminal, { isQuiet: args.has('quiet') });
  const { signal, release } = interruptSignal(() => progress.message('stopping'));
  try {
    const written = await writeMachineSounds(out, {
      machineTypes: machineTypes(args),
      nIds: args.integer('ids', 1),
      nTrain: args.integer('train', 0),
      nTest: args.integer('test', 0),
      snrDb: args.number('snr'),
      severity: args.number('severity'),
      durationSeconds: args.number('seconds'),
      seed: args.integer('seed', 0),
      signal,
      onProgress: ({ nDone, nTotal }) => progress.update(`writing clip ${nDone}/${nTotal}`, nDone / nTotal),
    });
    progress.close();
    terminal.out(
      args.has('json')
        ? `${JSON.stringify(written, null, 1)}\n`
        : `${written.nClips} clips written to ${out}\n`,
    );
  } finally {
    progress.close();
    release();
  }
  return 0;
}

function machineTypes(args: Arguments): Dcase2020MachineType[] | undefined {
  const names = args
    .text('types')
    ?.split(',')
    .map((name) => name.trim());
  return names?.map((name) => {
    const found = DCASE2020_MACHINE_TYPES.find((type) => type.toLowerCase() === name.toLowerCase());
    if (found === undefined) {
      throw args.usage(`--types must be some of ${DCASE2020_MACHINE_TYPES.join(',')}, got "${name}".`);
    }
    return found;
  });
}
