import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../src/main';
import { recorder } from './support/recorder';

const TRAIN = ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm'];

describe('wrong usage', () => {
  it.each([
    [[], /Commands:/],
    [['trian'], /^serial-oe: unknown command "trian"\. Did you mean train\?\n\nserial-oe \d[\s\S]*Commands:/],
    [['train'], /serial-oe train: --data is needed\. See "serial-oe train --help"/],
    [['train', '--data', 'x'], /--machine-type is needed/],
    [['train', '--data', 'x', '--machine-type', 'fan'], /--out is needed/],
    [['train', '--nope'], /serial-oe train: unknown option '--nope'\. See "serial-oe train --help"/],
    [['train', '--epoch', '3'], /unknown option '--epoch'\. Did you mean --epochs\?/],
    [['train', '--out'], /option '--out <MODEL>' argument missing\. See "serial-oe train --help"/],
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', '--json'],
      /--out needs a value, got the flag --json/,
    ],
    [['train', '--data', 'x', '--json=yes'], /unknown option '--json=yes'/],
    [['--nope'], /serial-oe: unknown option '--nope'/],
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
      [...TRAIN, '--preset', 'paper', '--reference', names],
      message,
    ]),
    [
      ['train', '--data', 'x', '--machine-type', 'fan', '--out', 'm', '--system', 'parallel-oe'],
      /--system must be one of ensemble, serial-oe, mel-statistics, modulation-statistics, twfr-gmm, level, autoencoder, .*, got "parallel-oe"/,
    ],
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
    [
      ['experiment'],
      /serial-oe experiment: the name of an experiment is needed, one of main, id-loss, .*, all\. See/,
    ],
    [['experiment', 'main', 'id-loss', '--data', 'd'], /one experiment at a time, got "main" and "id-loss"/],
    [
      ['experiment', 'mian', '--data', 'd'],
      /the experiment must be one of main, id-loss, .*, all, got "mian"/,
    ],
    [['experiment', 'main', '--data', 'd', '--detach'], /--detach needs --queue URL/],
    [
      ['experiment', 'main', '--data', 'd', '--queue', 'redis://h', '--shard', '0/2', '--detach'],
      /--detach cannot be had with --shard/,
    ],
    [['data', 'check'], /at least one DIR or CSV is needed/],
    [['data', 'check', 'd', '--expect', 'dcase'], /--expect must be one of dcase2020, none/],
    [['data', 'check', 'd', '--min-seconds', '-1'], /--min-seconds must be at least 0, got -1/],
    [['weights'], /^Commands:\n\n {2}weights import/],
    [
      ['weights', 'improt'],
      /unknown command "weights improt"\. Did you mean import\?\n\nCommands:[\s\S]* {2}weights import/,
    ],
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
