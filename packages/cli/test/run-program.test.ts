import type { Command, CommandContext, CommandSpec } from '../src/command/command';
import { integerFlag, listFlag, numberFlag, orWord, switchFlag, textFlag } from '../src/command/flag';
import { runProgram } from '../src/command/run-program';
import { recorder } from './support/recorder';

const flags = {
  data: listFlag('DIR', 'Folders.'),
  out: textFlag('FILE', 'A file.'),
  snr: numberFlag('DB', 'Decibels.'),
  severity: numberFlag('S', 'Severity.'),
  seed: integerFlag('N', 'A seed.', { min: 0 }),
  microBatch: orWord('auto', integerFlag('N', 'Samples.', { min: 2 })),
  resume: switchFlag('Goes on.'),
  quiet: switchFlag('Says nothing.'),
  noBaselines: switchFlag('Without.'),
};

type Context = CommandContext<typeof flags>;

/** Runs a command line through a command of the flags above. */
async function runTry(argv: string[], run: (context: Context) => Promise<number> = async () => 0) {
  const spec: CommandSpec<typeof flags> = {
    name: 'try it',
    summary: 'tries',
    usage: '[flags]',
    examples: [['serial-oe try it', 'tries']],
    flags,
    words: { min: 0, needed: '' },
    stopping: 'stopping soon',
  };
  let context: Context | undefined;
  const command: Command<typeof flags> = {
    spec,
    run: (given) => {
      context = given;
      return run(given);
    },
  };
  const terminal = recorder();
  const code = await runProgram([command], ['try', 'it', ...argv], terminal);
  return { code, ...terminal, context };
}

describe('what a command gets', () => {
  it('has repeated flags, switches and words', async () => {
    const { context, code } = await runTry(['--data', 'a', 'one', '--data', 'b', '--resume', 'two']);
    expect(code).toBe(0);
    expect(context?.args).toMatchObject({ data: ['a', 'b'], resume: true, quiet: false, out: undefined });
    expect(context?.words).toEqual(['one', 'two']);
  });

  it('has a switch whose name begins with no-', async () => {
    expect((await runTry(['--no-baselines'])).context?.args.noBaselines).toBe(true);
    expect((await runTry([])).context?.args.noBaselines).toBe(false);
  });

  it('takes negative numbers', async () => {
    const { context } = await runTry(['--snr', '-6', '--severity', '-.5', '--out', 'x']);
    expect(context?.args).toMatchObject({ snr: -6, severity: -0.5, out: 'x' });
  });

  it('has numbers as numbers, and a word in place of one', async () => {
    const { context } = await runTry(['--seed=12', '--micro-batch', 'auto']);
    expect(context?.args).toMatchObject({ seed: 12, microBatch: 'auto', snr: undefined });
    expect((await runTry(['--micro-batch', '8'])).context?.args.microBatch).toBe(8);
  });

  it.each([
    [['--seed', '1x'], /--seed must be an integer of at least 0, got "1x"/],
    [['--seed', '-1'], /--seed must be an integer of at least 0, got "-1"/],
    [['--seed', ''], /--seed must be an integer/],
    [['--micro-batch', 'Auto'], /--micro-batch must be an integer of at least 2, got "Auto"/],
    [['--snr', 'loud'], /--snr must be a number, got "loud"/],
  ])('refuses %j, and does not run', async (argv, message) => {
    const { code, stderr, context } = await runTry(argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/See "serial-oe try it --help"\.\n$/);
    expect(context).toBeUndefined();
  });
});

describe('what becomes of a command', () => {
  it('passes its exit code on', async () => {
    expect((await runTry([], async () => 1)).code).toBe(1);
  });

  it.each(['AbortError', 'JobStoppedError', 'TrainingInterruptedError'])(
    '%s is an interruption',
    async (name) => {
      const error = Object.assign(new Error('the state is kept'), { name });
      const { code, stderr } = await runTry([], () => Promise.reject(error));
      expect(code).toBe(130);
      expect(stderr).toBe(name === 'AbortError' ? 'serial-oe: interrupted.\n' : 'the state is kept\n');
    },
  );

  it('any other error is a message without a stack, and closes the progress line', async () => {
    const { code, stderr } = await runTry([], async ({ progress }) => {
      progress.update('working', 0);
      throw new RangeError('too much');
    });
    expect(code).toBe(1);
    expect(stderr).toBe('working\ntoo much\n');
  });

  it('tells of the first Ctrl-C, sets the signal, and listens no longer than the command runs', async () => {
    const before = process.listenerCount('SIGINT');
    const { stderr, context } = await runTry(['--quiet'], async ({ signal }) => {
      expect(process.listenerCount('SIGINT')).toBe(before + 1);
      process.emit('SIGINT');
      expect(signal.aborted).toBe(true);
      return 0;
    });
    expect(context?.signal.aborted).toBe(true);
    expect(stderr).toBe('stopping soon\n');
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    '%s asks for an end as Ctrl-C does, however often it comes',
    async (name) => {
      const exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
      const before = process.listenerCount(name);
      const { stderr } = await runTry(['--quiet'], async ({ signal }) => {
        process.emit(name);
        expect(signal.aborted).toBe(true);
        process.emit(name); // a closing terminal sends it twice, a service manager SIGHUP after SIGTERM
        process.emit('SIGHUP');
        expect(exit).not.toHaveBeenCalled();
        process.emit('SIGINT');
        expect(exit.mock.calls).toEqual([[130]]);
        return 0;
      });
      expect(stderr).toBe('stopping soon\n');
      expect(process.listenerCount(name)).toBe(before);
      exit.mockRestore();
    },
  );

  it('a second Ctrl-C ends the process at once', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
    await runTry([], async () => {
      process.emit('SIGINT');
      process.emit('SIGINT'); // the same press, handed on by npm
      expect(exit).not.toHaveBeenCalled();
      await new Promise((resolve) => setTimeout(resolve, 600));
      process.emit('SIGINT');
      return 0;
    });
    expect(exit.mock.calls).toEqual([[130]]);
    exit.mockRestore();
  });
});
