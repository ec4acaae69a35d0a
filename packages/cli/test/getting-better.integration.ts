import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './support/run-cli';
import { SMALL } from './support/small-config';

describe('a model that gets better in use', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (args: string[]) => runCli(args, folder, { env: { SERIAL_OE_TFJS_NODE: folder } });
  const weights = (model: string) => readFileSync(at(model, 'weights.safetensors'));
  const fault = (id: string, i: number) => at('sounds', 'fan', 'test', `anomaly_id_${id}_0000000${i}.wav`);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-better-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '4', '--seconds', '3'];
    const written = await run(['synth', '--out', 'sounds', ...synth, '--quiet']);
    expect(written.code).toBe(0);
    const flags = [
      '--config',
      'small.json',
      '--epochs',
      '2',
      '--batch-size',
      '8',
      '--false-alarm-rate',
      '0.1',
    ];
    const train = ['train', '--data', 'sounds', '--machine-type', 'fan', '--out', 'model', ...flags];
    expect(await run([...train, '--quiet'])).toMatchObject({ code: 0 });
    mkdirSync(at('labelled', 'fan', 'id_00', 'anomaly'), { recursive: true });
    copyFileSync(fault('00', 0), at('labelled', 'fan', 'id_00', 'anomaly', 'monday.wav'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('is tuned with labelled recordings beside the old one, and compared with it on clips that neither has trained with', async () => {
    const before = weights('model');
    const data = ['--data', 'sounds', '--labelled', 'labelled', '--epochs', '1'];
    const tuned = await run(['finetune', '--model', 'model', ...data, '--out', 'tuned', '--json']);
    expect(tuned).toMatchObject({ code: 0 });
    const result = JSON.parse(tuned.stdout);
    expect(result).toMatchObject({
      ...{ model: 'tuned', system: 'ensemble', machineType: 'fan', nAnomalies: 1, nNormals: 0, nPutAside: 0 },
      isReplaced: false,
    });
    const [first, second, mean] = result.comparison.differences;
    expect(first).toMatchObject({ machineId: '00', nNormal: 4, nAnomalous: 3 }); // one of four was copied
    expect(second).toMatchObject({ machineId: '01', nNormal: 4, nAnomalous: 4 });
    expect(mean.difference.lower).toBeLessThanOrEqual(mean.difference.upper);
    expect(weights('model').equals(before)).toBe(true);
    expect(weights('tuned').equals(before)).toBe(false);
    expect(existsSync(at('tuned.checkpoint'))).toBe(false);

    const inspected = JSON.parse((await run(['inspect', 'tuned', '--json'])).stdout);
    expect(JSON.stringify(inspected)).toMatch(/"finetunedFrom":\{"trainedAt"/);
    expect(JSON.stringify(inspected)).toMatch(/"heldOutClips":\["fan\/00\/anomaly_id_00_00000000.wav"\]/);
    const again = await run(['finetune', '--model', 'model', ...data, '--out', 'tuned', '--resume']);
    expect(again).toMatchObject({ code: 0 }); // finished already
    expect(again.stdout).toMatch(
      /tuned with 1 known anomalies and 0 further normal recordings, saved in tuned\n\naAUC/,
    );
  });

  it('tells how many known faults its thresholds find, and sets them by cost', async () => {
    const calibrate = ['calibrate', '--model', 'model', '--quiet'];
    const anomalies = ['--anomalies', 'labelled'];
    const rows = JSON.parse(
      (await run([...calibrate, ...anomalies, '--false-alarm-rate', '0.1', '--json'])).stdout,
    );
    expect(rows).toMatchObject([{ machineId: '00', nFaults: 1 }, { machineId: '01' }]);
    expect([0, 1]).toContain(rows[0].nFound);
    expect(rows[1].nFaults).toBeUndefined();
    // Where a miss costs all, whatever finds the fault is cheapest; where it costs nothing, no alarm is.
    const dear = [...calibrate, ...anomalies, '--miss-cost', '1000000', '--anomaly-rate', '0.5', '--json'];
    const [found] = JSON.parse((await run(dear)).stdout);
    expect(found).toMatchObject({ nFound: 1, nFaults: 1 });
    const cheap = await run([...calibrate, ...anomalies, '--miss-cost', '0']);
    expect(cheap.stdout).toMatch(/known anomalies found\n/);
    const scored = JSON.parse(
      (await run(['score', '--model', 'model', '--json', 'sounds/fan/train'])).stdout,
    );
    const own = scored.filter((row: { machineId: string }) => row.machineId === '00');
    expect(own.filter((row: { isAnomaly: boolean }) => row.isAnomaly)).toHaveLength(0);
    // To count what is found asks for no other threshold.
    const before = readFileSync(at('model', 'decisions.json'), 'utf8');
    expect(await run([...calibrate, ...anomalies])).toMatchObject({ code: 0 });
    expect(readFileSync(at('model', 'decisions.json'), 'utf8')).toBe(before);
    for (const [flags, message] of [
      [['--miss-cost', '1'], /--miss-cost needs --anomalies/],
      [[...anomalies, '--anomaly-rate', '0.1'], /go with --miss-cost/],
      [['--normals', 'labelled'], /--normals needs --data/],
    ] as const) {
      const refused = await run([...calibrate, ...flags]);
      expect(refused).toMatchObject({ code: 2 });
      expect(refused.stderr).toMatch(message);
    }
    expect(await run([...calibrate, '--false-alarm-rate', '0.1'])).toMatchObject({ code: 0 });
  });

  it('learns false alarms without training, beside usual recordings', async () => {
    mkdirSync(at('usual', 'fan', 'id_00', 'normal'), { recursive: true });
    mkdirSync(at('false', 'fan', 'id_00', 'normal'), { recursive: true });
    const normal = (i: number) => at('sounds', 'fan', 'test', `normal_id_00_0000000${i}.wav`);
    for (let i = 0; i < 4; i++) copyFileSync(normal(i), at('usual', 'fan', 'id_00', 'normal', `${i}.wav`));
    const strange = at('false', 'fan', 'id_00', 'normal', 'strange.wav');
    copyFileSync(fault('00', 2), strange); // stands for a sound that is normal and was called a fault
    const scoreOf = async (model: string) => {
      const { stdout } = await run(['score', '--model', model, '--machine-id', '00', '--json', strange]);
      return JSON.parse(stdout)[0].members['mel-statistics'] as number;
    };
    const before = await scoreOf('tuned');
    const learnt = await run([
      'calibrate',
      '--model',
      'tuned',
      '--data',
      'usual',
      '--normals',
      'false',
      '--json',
      '--quiet',
    ]);
    expect(learnt).toMatchObject({ code: 0 });
    expect(JSON.parse(learnt.stdout)).toMatchObject([{ machineId: '00', nNormalScores: 5 }]);
    // A false alarm that lies among the usual recordings too, by another name, counts once.
    copyFileSync(strange, at('usual', 'fan', 'id_00', 'normal', 'copy.wav'));
    const twice = await run([
      ...['calibrate', '--model', 'tuned', '--data', 'usual', '--normals', 'false', '--json', '--quiet'],
    ]);
    expect(JSON.parse(twice.stdout)).toMatchObject([{ machineId: '00', nNormalScores: 5 }]);
    expect(await scoreOf('tuned')).toBeLessThan(before);
  });

  it('is replaced where the new one does as well, and stays where nothing tells', async () => {
    const kept = await run([
      ...['finetune', '--model', 'model', '--data', 'sounds', '--labelled', 'labelled', '--epochs', '1'],
      ...['--in-place', '--quiet', '--json'],
    ]);
    const result = JSON.parse(kept.stdout);
    const isAsGood = result.comparison.differences.at(-1).difference.estimate >= 0;
    expect(kept.code).toBe(isAsGood ? 0 : 1);
    expect(result).toMatchObject({ isReplaced: isAsGood, model: isAsGood ? 'model' : 'model.finetuned' });
    expect(existsSync(at('model.finetuned'))).toBe(!isAsGood);

    mkdirSync(at('few', 'fan', 'train'), { recursive: true });
    for (const id of ['00', '01']) {
      for (let i = 0; i < 6; i++) {
        const name = `normal_id_${id}_0000000${i}.wav`;
        copyFileSync(at('sounds', 'fan', 'train', name), at('few', 'fan', 'train', name));
      }
    }
    const statistics = ['--machine-type', 'fan', '--system', 'mel-statistics', '--out', 'plain'];
    await run(['train', '--data', 'few', ...statistics, '--quiet']);
    const blind = await run([
      ...[
        'finetune',
        '--model',
        'plain',
        '--data',
        'few',
        '--anomalies',
        fault('00', 1).replace(/[^/]+$/, ''),
      ],
      ...['--hold-out', '0', '--in-place', '--quiet'],
    ]);
    expect(blind).toMatchObject({ code: 1 });
    expect(blind.stderr).toMatch(/mel-statistics has nothing to be tuned: it is fitted anew/);
    expect(blind.stderr).toMatch(/nothing compares the models/);
    expect(blind.stderr).toMatch(/plain stays as it is; the tuned model is in plain\.finetuned/);
  });

  it.each<[string, string[], RegExp]>([
    ['no recordings', ['--out', 'x'], /--labelled, --anomalies or --normals is needed/],
    ['no place', ['--labelled', 'labelled'], /--out is needed, or --in-place/],
    ['two places', ['--labelled', 'labelled', '--in-place', '--out', 'x'], /--in-place goes without --out/],
    [
      'its own place',
      ['--labelled', 'labelled', '--out', './model/'],
      /--out must be another place than --model/,
    ],
    [
      'all of them aside',
      ['--labelled', 'labelled', '--out', 'x', '--hold-out', '1'],
      /--hold-out must be a share/,
    ],
  ])('refuses %s', async (_, flags, message) => {
    const refused = await run(['finetune', '--model', 'model', '--data', 'sounds', ...flags]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(message);
  });
});
