import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCard } from '@serial-oe/runtime/contract';
import { parseSafetensors } from '@serial-oe/safetensors';
import { runCli } from './support/run-cli';
import { SMALL } from './support/small-config';

describe('model cards and weights in float16', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = async (...args: string[]) => {
    const outcome = await runCli([...args, '--quiet'], folder, { env: { SERIAL_OE_TFJS_NODE: folder } });
    expect([outcome.code, outcome.code === 0 ? '' : outcome.stderr]).toEqual([0, '']);
    return outcome.stdout;
  };
  const cardOf = (model: string) => readCard(readFileSync(at(model, 'model-card.json')));
  const textOf = (model: string) => readFileSync(at(model, 'model-card.md'), 'utf8');
  const inspect = async (model: string) =>
    JSON.parse((await runCli(['inspect', '--json', model], folder)).stdout).card;
  const train = ['train', '--data', 'sounds', '--machine-type', 'fan'];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-card-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL));
    const sounds = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    await run('synth', '--out', 'sounds', ...sounds);
    await run(...train, '--system', 'mel-statistics', '--out', 'plain', '--licence', 'CC BY 4.0');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('say what the model was made of, and what of it can be checked', () => {
    const { data, limits, decisions, results, weights } = cardOf('plain');
    const files = readdirSync(at('sounds/fan/train')).sort();
    const listing = files.map((name) => {
      const bytes = readFileSync(at('sounds/fan/train', name));
      return `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`;
    });
    expect(data).toEqual({
      ...{ name: 'sounds', licence: 'CC BY 4.0' },
      folders: [
        {
          ...{ folder: 'train', machineType: 'fan', machineIds: ['00', '01'], use: 'normal', nClips: 12 },
          sha256: createHash('sha256').update(listing.join('')).digest('hex'),
        },
      ],
    });
    expect(decisions).toMatchObject([
      { machineId: '00', falseAlarmRate: 0.01, nClips: 6 },
      { machineId: '01', falseAlarmRate: 0.01, nClips: 6 },
    ]);
    expect(limits.join(' ')).toMatch(/No fault was in the training.*Fewer than 10 normal clips of 00, 01/);
    expect([results, weights]).toEqual([null, { type: null, change: null }]);
    expect(textOf('plain')).toMatch(/^# Model card: fan 00, 01\n/);
  });

  it('tell no anomalies that a system without use for them has left out', async () => {
    const name = 'anomaly_id_00_00000000.wav';
    mkdirSync(at('mixed/fan'), { recursive: true });
    cpSync(at('sounds/fan/train'), at('mixed/fan/train'), { recursive: true });
    copyFileSync(at('sounds/fan/test', name), at('mixed/fan/train', name));
    const mixed = ['train', '--data', 'mixed', '--machine-type', 'fan', '--system', 'mel-statistics'];
    await run(...mixed, '--out', 'normal-alone');
    const { data, limits } = cardOf('normal-alone');
    expect(data.folders).toMatchObject([{ use: 'normal', nClips: 12 }]);
    expect(limits.join(' ')).toMatch(/No fault was in the training/);
  });

  it('take the results of an evaluation, in a folder and in one file', async () => {
    await run('evaluate', '--model', 'plain', '--data', 'sounds', '--no-baselines', '--write-card');
    const { results } = cardOf('plain');
    expect(results).toMatchObject({ data: 'sounds', isOutdated: false });
    expect(results!.machines).toMatchObject([
      { machineId: '00', nNormal: 4, nAnomalous: 4, aucInterval: null, falseAlarmInterval: null },
      { machineId: '01', nNormal: 4, nAnomalous: 4 },
    ]);
    expect(textOf('plain')).toContain('## Results\n\nOn the test clips of sounds');
    const shown = (await runCli(['inspect', 'plain'], folder)).stdout;
    expect(shown).toMatch(
      /licence +CC BY 4\.0\nresults +\d{4}-\d\d-\d\d, sounds: \d of 8 faults found, \d of 8 normal clips/,
    );
    await run(...train, '--system', 'level', '--out', 'level.serialoe');
    const before = await run('score', '--model', 'level.serialoe', 'sounds/fan/test', '--json');
    await run('evaluate', '--model', 'level.serialoe', '--data', 'sounds', '--no-baselines', '--write-card');
    expect((await inspect('level.serialoe')).results.machines).toHaveLength(2);
    expect(await run('score', '--model', 'level.serialoe', 'sounds/fan/test', '--json')).toBe(before);
  });

  it('go with the model where it changes, and say that results are of before', async () => {
    await run('calibrate', '--model', 'plain', '--false-alarm-rate', '30%');
    const { decisions, results } = cardOf('plain');
    expect(decisions.map(({ falseAlarmRate }) => falseAlarmRate)).toEqual([0.3, 0.3]);
    expect(results?.isOutdated).toBe(true);
    expect(textOf('plain')).toContain('Thresholds were set anew since');
  });

  it('are no part of what scores: a model goes without, and with an altered one', async () => {
    const score = () => run('score', '--model', 'plain', 'sounds/fan/test', '--json');
    const before = await score();
    writeFileSync(at('plain/model-card.json'), '{}');
    expect(await score()).toBe(before);
    expect((await runCli(['inspect', 'plain'], folder)).stdout).toContain('model-card.json was altered');
    rmSync(at('plain/model-card.json'));
    expect(await score()).toBe(before);
    expect(await inspect('plain')).toBeNull();
  });

  it('a network is trained and saved at half the size, and says what that did', async () => {
    const network = [
      ...train,
      '--system',
      'serial-oe',
      '--config',
      'small.json',
      '--epochs',
      '1',
      '--seed',
      '1',
    ];
    await run(...network, '--out', 'single');
    const trained = JSON.parse(await run(...network, '--out', 'half', '--float16', '--json'));
    const [single, half] = ['single', 'half'].map((name) => {
      const bytes = readFileSync(at(name, 'weights.safetensors'));
      return parseSafetensors(bytes, { keepFloat64: true });
    });
    const size = (name: string) => statSync(at(name, 'weights.safetensors')).size;
    expect(size('half')).toBeLessThan(0.75 * size('single')); // the tiny network's biases and mixtures weigh a good part
    const kinds = new Set([...half!.values()].map(({ dtype, shape }) => `${dtype} ${shape.length > 1}`));
    expect(kinds.has('F16 true') && kinds.has('F32 false') && !kinds.has('F32 true')).toBe(true);
    let mostBeyond = Number.NEGATIVE_INFINITY; // half a unit of the last place, of subnormals too
    for (const [name, { data }] of single!) {
      const stored = half!.get(name)!.data;
      for (let i = 0; i < data.length; i++) {
        const allowed = 2 ** -11 * Math.abs(data[i]!) + 2 ** -25;
        mostBeyond = Math.max(mostBeyond, Math.abs(stored[i]! - data[i]!) - allowed);
      }
    }
    expect(mostBeyond).toBeLessThanOrEqual(0);
    const { weights } = cardOf('half');
    expect(weights).toEqual({ type: 'float16', change: trained.float16 });
    expect(weights.change).toMatchObject({ nClips: 12 });
    expect(weights.change!.largestScore).toBeGreaterThan(0);
    expect(textOf('half')).toContain('Against float32, on 12 clips, it changes the severity by');
    expect(cardOf('single').weights).toEqual({ type: 'float32', change: null });
  });

  it('a model is exported at half the size and stays so; it scores as the one that was trained so', async () => {
    const asked = ['--weights', 'float16', '--data', 'sounds'];
    const { code, stdout } = await runCli(
      ['export', '--model', 'single', '--out', 'half.serialoe', ...asked],
      folder,
    );
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/weights in float16\. Against float32, on 28 clips/),
    ]);
    const score = async (model: string) =>
      JSON.parse(await run('score', '--model', model, 'sounds/fan/test', '--json')).map(
        ({ anomalyScore }: { anomalyScore: number }) => anomalyScore,
      );
    const scores = await score('half.serialoe');
    expect(scores).toEqual(await score('half'));
    expect(scores).not.toEqual(await score('single'));
    await run('calibrate', '--model', 'half.serialoe', '--false-alarm-rate', '30%');
    expect(await score('half.serialoe')).toEqual(scores);
    expect((await inspect('half.serialoe')).weights.type).toBe('float16');
  });

  it('a network that the paper compares itself with takes half the room too', async () => {
    const network = [...train, '--system', 'autoencoder', '--epochs', '1'];
    const { float16 } = JSON.parse(await run(...network, '--out', 'narrow', '--float16', '--json'));
    expect(float16).toMatchObject({ nClips: 12 });
    expect(cardOf('narrow').weights).toEqual({ type: 'float16', change: float16 });
    await run(...network, '--out', 'wide');
    expect(cardOf('wide').weights).toEqual({ type: 'float32', change: null });
    const exported = ['export', '--model', 'wide', '--out', 'narrow.serialoe', '--weights', 'float16'];
    const { code, stdout } = await runCli([...exported, '--data', 'sounds', '--json'], folder);
    expect([code, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ weights: 'float16' })]);
    expect(JSON.parse(stdout).float16).toMatchObject({ nClips: 28 });
    const score = (model: string) => run('score', '--model', model, 'sounds/fan/test', '--json');
    expect(await score('narrow.serialoe')).toBe(await score('narrow'));
    const onnx = await runCli(['export', '--model', 'wide', '--out', 'wide.onnx'], folder);
    expect([onnx.code, onnx.stderr]).toEqual([
      2,
      expect.stringMatching(/--out must end in .serialoe for a model of autoencoder/),
    ]);
  });

  it.each([
    [
      'float16 without a network',
      [...train, '--system', 'level', '--out', 'x', '--float16'],
      /--float16 is for the weights of a network, which level has not/,
    ],
    [
      'no data to measure on',
      ['export', '--model', 'single', '--out', 'x.zip', '--weights', 'float16'],
      /--data is needed/,
    ],
    [
      'data for nothing',
      ['export', '--model', 'single', '--out', 'x.onnx', '--data', 'sounds'],
      /--data goes with/,
    ],
    [
      'a card of other thresholds',
      ['evaluate', '--model', 'plain', '--data', 'sounds', '--write-card', '--threshold', '3'],
      /--write-card goes with the model's own thresholds/,
    ],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await runCli(args, folder);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });
});
