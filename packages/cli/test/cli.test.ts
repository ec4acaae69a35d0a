import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvField } from '@serial-oe/experiments';
import { Arguments, UsageError } from '../src/arguments';
import { COMMANDS } from '../src/commands/specs/commands';
import { SYNTH } from '../src/commands/specs/data-specs';
import { TRAIN } from '../src/commands/specs/train-spec';
import { duration, figure, textTable } from '../src/format';
import { commandHelp, mainHelp } from '../src/help';
import { main } from '../src/main';
import { ProgressLine, type Terminal } from '../src/terminal';

function recorder(isInteractive = false): Terminal & { stdout: string; stderr: string } {
  const terminal = {
    stdout: '',
    stderr: '',
    isInteractive,
    out: (text: string) => {
      terminal.stdout += text;
    },
    err: (text: string) => {
      terminal.stderr += text;
    },
  };
  return terminal;
}

describe('the help pages', () => {
  it('begin with commands that can be pasted', async () => {
    const terminal = recorder();
    expect(await main(['--help'], terminal)).toBe(0);
    expect(terminal.stdout).toContain('  serial-oe train --data sounds --machine-type fan --out fan-model\n');
    expect(terminal.stderr).toBe('');
    expect(mainHelp(COMMANDS, '1.2.3')).toContain('serial-oe 1.2.3');
  });

  it.each(COMMANDS.map((spec) => [spec.name, spec] as const))('%s explains each flag', async (name, spec) => {
    const terminal = recorder();
    expect(await main([...name.split(' '), '--help'], terminal)).toBe(0);
    expect(terminal.stdout).toBe(commandHelp(spec));
    for (const flag of spec.flags) expect(terminal.stdout).toContain(`--${flag.name}`);
    const lines = terminal.stdout.split('\n').slice(1);
    for (const line of lines.filter((each) => !each.includes('serial-oe ')))
      expect(line.length).toBeLessThanOrEqual(100);
  });
});

describe('wrong usage', () => {
  it.each([
    [[], /Commands:/],
    [['trian'], /unknown command "trian"/],
    [['train'], /serial-oe train: --data is needed\. See "serial-oe train --help"/],
    [['train', '--data', 'x'], /--machine-type is needed/],
    [['train', '--data', 'x', '--machine-type', 'fan'], /--out is needed/],
    [['train', '--nope'], /Unknown option '--nope'/],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--epochs', '0'],
      /--epochs must be an integer of at least 1, got "0"/,
    ],
    [['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--epochs', 'ten'], /got "ten"/],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--batch-size', '5'],
      /--batch-size must be even/,
    ],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--preset', 'fast'],
      /--preset must be one of quick, paper, reference/,
    ],
    [['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', 'extra'], /unexpected argument "extra"/],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--config', 'none.json'],
      /--config must name a JSON file/,
    ],
    [
      [
        ...['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm'],
        ...['--known-anomalies', 'faults', '--held-out-anomalies', '2'],
      ],
      /--held-out-anomalies goes with a number of --known-anomalies/,
    ],
    ...(
      [
        ['mixup', /--reference mixup: .* some of id-loss-samples, mixup-cosine, .*, got "mixup"/],
        ['z-scored-chunks', /got z-scored-chunks, which .* It belongs to `serial-oe experiment`/],
        ['snapshots', /got snapshots, which is a choice\. Set validation\.selection/],
        ['detector-on-validation', /'validation' with validation\.fraction above 0/],
      ] as const
    ).map(([names, message]): [string[], RegExp] => [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--reference', names],
      message,
    ]),
    [['score', '--model', 'm'], /at least one FILE or DIR/],
    [['score', '--model', 'm', '--json', '--csv', 'x'], /cannot be given together/],
    [['evaluate', '--model', 'm'], /--data is needed/],
    [['score', '--model', 'm', '--runtime', 'onxx', 'x'], /--runtime must be one of tfjs, onnx, onnx-web/],
    [
      ['score', '--model', 'm', '--threads', '2', 'x'],
      /--threads goes with --runtime onnx; with tfjs use --workers/,
    ],
    [['score', '--model', 'm', '--weights', 'float16', 'x'], /--weights goes with --runtime onnx/],
    [
      ['score', '--model', 'm', '--runtime', 'onnx', '--backend', 'cpu', 'x'],
      /--backend goes with --runtime tfjs/,
    ],
    [
      ['evaluate', '--model', 'm', '--data', 'd', '--runtime', 'onnx', '--workers', '2'],
      /--workers above 1 goes with --runtime tfjs; use --threads/,
    ],
    [['export', '--model', 'm'], /--out is needed/],
    [
      ['export', '--model', 'm', '--out', 'o', '--weights', 'int8'],
      /--weights must be one of float32, float16/,
    ],
    [['synth'], /--out is needed/],
    [['synth', '--out', 'x', '--types', 'fan,trumpet'], /--types must be some of .*, got "trumpet"/],
    [['inspect'], /one MODEL is needed/],
    [['data', 'check'], /at least one DIR or CSV is needed/],
    [['data', 'check', 'd', '--expect', 'dcase'], /--expect must be one of dcase2020, none/],
    [['data', 'check', 'd', '--min-seconds', '-1'], /--min-seconds must be at least 0, got -1/],
    [['weights'], /^Commands:\n\n {2}weights import/],
    [['weights', 'improt'], /unknown command "weights improt"[\s\S]* {2}weights import/],
    [['weights', 'import', '--out', 'o.safetensors'], /serial-oe weights import: one FILE is needed/],
    [['weights', 'import', 'f'], /--out is needed/],
    [['weights', 'import', 'f', '--out', 'o.bin'], /--out must end in \.safetensors/],
    [
      ['weights', 'import', './f.safetensors', '--out', 'f.safetensors'],
      /--out must be another file than FILE/,
    ],
    [
      ['weights', 'import', 'f', '--out', 'o.safetensors', '--sha256', 'abc'],
      /--sha256 must be 64 hexadecimal digits, got "abc"/,
    ],
    [['weights', 'inspect', 'a', 'b'], /one FILE is needed/],
  ])('%j exits with 2', async (argv, message) => {
    const terminal = recorder();
    expect(await main(argv, terminal)).toBe(2);
    expect(terminal.stderr).toMatch(message);
    expect(terminal.stdout).toBe('');
  });
});

describe('main', () => {
  it('explains a command after help, a group of commands, and tells its version', async () => {
    const terminal = recorder();
    expect(await main(['help', 'train'], terminal)).toBe(0);
    expect(terminal.stdout).toBe(commandHelp(TRAIN));
    terminal.stdout = '';
    expect(await main(['weights', '--help'], terminal)).toBe(0);
    expect(terminal.stdout).toMatch(/weights import .*\n[\s\S]*weights inspect /);
    terminal.stdout = '';
    expect(await main(['-v'], terminal)).toBe(0);
    expect(terminal.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['null', '[1]', '"x"', '7'])('refuses the configuration %s', async (text) => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-config-'));
    const file = join(folder, 'config.json');
    writeFileSync(file, text);
    const terminal = recorder();
    const flags = ['--data', 'x', '--machine-type', 'fan', '--out', 'm', '--config', file];
    expect(await main(['train', ...flags], terminal)).toBe(2);
    expect(terminal.stderr).toMatch(/--config must hold a JSON object/);
    rmSync(folder, { recursive: true });
  });
});

describe('Arguments', () => {
  const parse = (...argv: string[]) => new Arguments(TRAIN, argv);

  it('collects repeated flags, switches and positionals', () => {
    const args = parse('--data', 'a', '--data', 'b', '--resume', 'rest');
    expect(args.list('data')).toEqual(['a', 'b']);
    expect(args.has('resume')).toBe(true);
    expect(args.has('json')).toBe(false);
    expect(args.positionals).toEqual(['rest']);
  });

  it('takes negative numbers', () => {
    const args = new Arguments(SYNTH, ['--snr', '-6', '--severity', '-.5', '--out', 'x']);
    expect(args.number('snr')).toBe(-6);
    expect(args.number('severity')).toBe(-0.5);
    expect(args.text('out')).toBe('x');
  });

  it('refuses a number with text in it', () => {
    expect(() => parse('--seed', '1x').integer('seed', 0)).toThrow(UsageError);
    expect(parse('--seed', '12').integer('seed', 0)).toBe(12);
    expect(parse().integer('seed', 0)).toBeUndefined();
  });
});

describe('formatting', () => {
  it('aligns a table', () => {
    const table = textTable(
      [{ title: 'ID' }, { title: 'AUC', align: 'right' }],
      [
        ['00', '0.9'],
        ['02', '0.8765'],
      ],
    );
    expect(table).toBe('ID     AUC\n--  ------\n00     0.9\n02  0.8765\n');
  });

  it.each([
    [0.4, '0:00'],
    [75, '1:15'],
    [3675, '1:01:15'],
  ])('writes %p seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('quotes CSV fields that need it', () => {
    expect(csvField('a,b "c"')).toBe('"a,b ""c"""');
    expect(csvField('plain')).toBe('plain');
    expect(csvField(0.5)).toBe('0.5');
  });

  it('shows a missing figure as a dash', () => {
    expect([figure(null), figure(undefined), figure(0.5)]).toEqual(['-', '-', '0.5000']);
  });
});

describe('ProgressLine', () => {
  it('redraws in place on a terminal and ends the line', () => {
    const terminal = recorder(true);
    const progress = new ProgressLine(terminal, { isQuiet: false });
    progress.update('1/2', 0.5);
    progress.update('2/2', 1);
    progress.close();
    expect(terminal.stderr).toBe('\r\u001b[2K1/2\r\u001b[2K2/2\n');
  });

  it('writes a line a tenth to a log', () => {
    const terminal = recorder();
    const progress = new ProgressLine(terminal, { isQuiet: false });
    for (let i = 1; i <= 100; i++) progress.update(`${i}`, i / 100);
    expect(terminal.stderr.split('\n').filter(Boolean)).toEqual([
      '1',
      '10',
      '20',
      '30',
      '40',
      '50',
      '60',
      '70',
      '80',
      '90',
      '100',
    ]);
  });

  it('shows warnings alone when quiet', () => {
    const terminal = recorder();
    const progress = new ProgressLine(terminal, { isQuiet: true });
    progress.update('x', 1);
    progress.message('y');
    progress.warning('z');
    expect(terminal.stderr).toBe('warning: z\n');
  });
});
