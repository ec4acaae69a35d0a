import { flagName } from '../src/command/read-arguments';
import { COMMANDS, main } from '../src/main';
import { recorder } from './support/recorder';

describe('the help pages', () => {
  it('begin with commands that can be pasted', async () => {
    const terminal = recorder();
    expect(await main(['--help'], terminal)).toBe(0);
    expect(terminal.stdout).toMatch(/^serial-oe \d+\.\d+\.\d+: hears when a machine sounds wrong\n/);
    expect(terminal.stdout).toContain('  serial-oe train --data sounds --machine-type fan --out fan-model\n');
    for (const { spec } of COMMANDS) expect(terminal.stdout).toMatch(new RegExp(`^  ${spec.name} +\\S`, 'm'));
    expect(terminal.stderr).toBe('');
  });

  it.each(COMMANDS.map(({ spec }) => [spec.name, spec] as const))(
    '%s explains each flag',
    async (name, spec) => {
      const terminal = recorder();
      expect(await main([...name.split(' '), '--help'], terminal)).toBe(0);
      const [example] = spec.examples[0]!;
      expect(terminal.stdout).toMatch(
        new RegExp(
          `^serial-oe ${name}: [^\\n]+\\n\\n  ${escaped(example)}\\n[\\s\\S]*\\nUsage: serial-oe ${name} `,
        ),
      );
      for (const [key, { text }] of Object.entries(spec.flags)) {
        expect(terminal.stdout).toContain(`\n  --${flagName(key)} `);
        expect(unwrapped(terminal.stdout)).toContain(text);
      }
      for (const note of spec.notes ?? []) expect(unwrapped(terminal.stdout)).toContain(note);
      const lines = terminal.stdout.split('\n').slice(1);
      for (const line of lines.filter((each) => !each.includes('serial-oe ')))
        expect(line.length).toBeLessThanOrEqual(100);
    },
  );

  it('are the same for help, --help and -h, wherever they stand', async () => {
    const pages = await Promise.all(
      [
        ['train', '--help'],
        ['help', 'train'],
        ['--help', 'train'],
        ['train', '-h'],
        ['train', '--data', 'x', '--epochs', 'ten', '--help'],
        ['train', '--nope', '-h'],
      ].map((argv) => printed(argv)),
    );
    expect(pages[0]).toMatch(/^serial-oe train: /);
    expect(new Set(pages).size).toBe(1);
    expect(await printed(['help', 'weights', 'import'])).toBe(await printed(['weights', 'import', '--help']));
    expect(await printed(['help'])).toBe(await printed(['--help']));
  });

  it('show a group of commands, and the version', async () => {
    expect(await printed(['weights', '--help'])).toMatch(
      /^Commands:\n\n {2}weights import .*\n[\s\S]*weights inspect /,
    );
    expect(await printed(['-v'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(await printed(['--version'])).toBe(await printed(['-v']));
  });
});

async function printed(argv: string[]): Promise<string> {
  const terminal = recorder();
  expect(await main(argv, terminal)).toBe(0);
  expect(terminal.stderr).toBe('');
  return terminal.stdout;
}

function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
