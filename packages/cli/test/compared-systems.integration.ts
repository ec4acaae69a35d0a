import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClip } from '@serial-oe/datasets/node';
import { UnknownMachineIdError } from '@serial-oe/runtime';
import { loadModel } from '../src/model/load-model';
import { monitoredScore } from './support/monitored-score';
import { runCli } from './support/run-cli';

interface Row {
  path: string;
  machineId: string;
  anomalyScore: number;
  severity: number;
}

const CLASSIFIER = {
  frontEnd: { nMels: 16 },
  clipSeconds: 1,
  batch: { size: 8 },
  optimization: { nEpochs: 2 },
};

/** Of each system a configuration that trains in seconds; tests of the systems themselves stand with them. */
const SYSTEMS: Readonly<Record<string, object>> = {
  autoencoder: {
    frontEnd: { nMels: 16 },
    network: { nHidden: 16 },
    batch: { size: 32, windowsPerClip: 8 },
    optimization: { nEpochs: 3 },
  },
  'stgram-mfn': CLASSIFIER,
  'noisy-arcmix': CLASSIFIER,
  scadacos: { ...CLASSIFIER, loss: { nSubClusters: 2 }, score: { nComponents: 2 } },
  'clp-scf': { ...CLASSIFIER, network: { table: 'head' }, contrastive: { nEpochs: 1 } },
  'sw-wavenet': { ...CLASSIFIER, network: { nHidden: 16, nCycles: 1 } },
  ssc: {
    frontEnd: { nMels: 16 },
    network: { nFrames: 16, width: 0.1 },
    batch: { size: 8, windowsPerClip: 2 },
    optimization: { nEpochs: 2 },
  },
  'ddcsad-style': {
    frontEnd: { nMels: 16 },
    network: { nFrames: 16, embeddingSize: 8 },
    batch: { size: 8, nSteps: 2 },
    optimization: { nEpochs: 2 },
  },
};

describe('the networks that the paper compares itself with, through the command', () => {
  let folder: string;
  const run = (...args: string[]) => runCli(args, folder);
  const train = (name: string, ...flags: string[]) =>
    run('train', '--data', 'sounds', '--machine-type', 'fan', '--system', name, '--out', name, ...flags);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-compared-'));
    for (const [name, config] of Object.entries(SYSTEMS))
      writeFileSync(join(folder, `${name}.json`), JSON.stringify(config));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '2', '--seconds', '2'];
    expect((await run('synth', '--out', 'sounds', ...synth)).code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('one model of all types scores each by its type and ID, and is measured type by type', async () => {
    const all = ['train', '--data', 'sounds', '--machine-type', 'all', '--out', 'all'];
    const trained = await run(...all, '--system', 'stgram-mfn', '--config', 'stgram-mfn.json', '--json');
    const names = ['fan/00', 'fan/01', 'valve/00', 'valve/01'];
    expect([trained.code, JSON.parse(trained.stdout).machineIds]).toEqual([0, names]);
    expect(readFileSync(join(folder, 'all/model-card.md'), 'utf8')).toContain(
      `# Model card: ${names.join(', ')}`,
    );

    const scored = await run('score', '--model', 'all', '--json', 'sounds');
    const rows: { path: string; machineId: string; severity: number }[] = JSON.parse(scored.stdout);
    expect(rows).toHaveLength(24 + 16); // training and test clips of both types
    for (const { path, machineId, severity } of rows) {
      const [, type, , id] = /(fan|valve).*(id_)(\d\d)_/.exec(path)!;
      expect([machineId, severity >= 0]).toEqual([`${type}/${id}`, true]);
    }
    const evaluated = await run('evaluate', '--model', 'all', '--data', 'sounds', '--json', '--no-baselines');
    const types: { machineType: string; results: { anomalyScore: number }[] }[] = JSON.parse(
      evaluated.stdout,
    );
    expect(types.map(({ machineType, results }) => [machineType, results.length])).toEqual([
      ['fan', 8],
      ['valve', 8],
    ]);
    const one = ['--machine-type', 'valve', '--report', 'valve.html'];
    const valve = await run('evaluate', '--model', 'all', '--data', 'sounds', ...one);
    expect([valve.code, valve.stdout]).toEqual([0, expect.stringMatching(/^valve 00 +2 +2 /m)]);
    expect(readFileSync(join(folder, 'valve.html'), 'utf8')).toContain('valve');
    expect((await run('inspect', 'all')).stdout).toMatch(
      /^machine IDs +fan\/00, fan\/01, valve\/00, valve\/01$/m,
    );
  });

  it.each<[string, string[], RegExp]>([
    [
      'a system of one type',
      ['train', '--data', 'sounds', '--machine-type', 'all', '--system', 'autoencoder', '--out', 'x'],
      /goes with a system that learns all types at once: stgram-mfn, .* autoencoder does not/,
    ],
    [
      'a report of several types',
      ['evaluate', '--model', 'all', '--data', 'sounds', '--report', 'x.html'],
      /--report goes with one machine type\. Name it by --machine-type: fan, valve/,
    ],
    [
      'a type that it has not',
      ['evaluate', '--model', 'all', '--data', 'sounds', '--machine-type', 'pump'],
      /--machine-type must be one of fan, valve, got "pump"/,
    ],
  ])('all types at once: %s is refused', async (_, args, message) => {
    const { code, stderr } = await run(...args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it.each(Object.keys(SYSTEMS))(
    '%s trains, scores, on threads too, evaluates, listens, explains and is shown',
    async (name) => {
      const trained = await train(name, '--config', `${name}.json`, '--json');
      expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
      const { system, machineIds, detectors, provenance } = JSON.parse(trained.stdout);
      expect([system, machineIds]).toEqual([name, ['00', '01']]);
      expect(
        detectors.map(({ calibration }: { calibration: { method: string } }) => calibration.method),
      ).toEqual(['heldOut', 'heldOut']);
      const files = readdirSync(join(folder, name)).sort();
      expect(files).toEqual(expect.arrayContaining(['decisions.json', 'model.json', 'weights.safetensors']));
      expect(readdirSync(folder)).not.toContain(`${name}.checkpoint`);

      const scored = await run('score', '--model', name, '--json', '--workers', '0', 'sounds/fan/test');
      expect(scored.code).toBe(0);
      const rows: Row[] = JSON.parse(scored.stdout);
      expect(rows).toHaveLength(8);
      for (const { anomalyScore, severity } of rows) {
        expect(Number.isFinite(anomalyScore)).toBe(true);
        expect(severity).toBeGreaterThanOrEqual(0);
      }

      const onThreads = await run('score', '--model', name, '--json', '--workers', '2', 'sounds/fan/test');
      expect(JSON.parse(onThreads.stdout)).toEqual(rows);
      const [{ path: file, machineId, anomalyScore }] = rows as [Row];
      expect(await monitoredScore({ model: name, machineId, file }, folder)).toBe(anomalyScore);

      const evaluated = await run(
        'evaluate',
        '--model',
        name,
        '--data',
        'sounds',
        '--report',
        `${name}.html`,
      );
      expect([evaluated.code, evaluated.stdout]).toEqual([0, expect.stringMatching(/mean of the IDs/)]);
      expect(readFileSync(join(folder, `${name}.html`), 'utf8')).toContain(name);

      const fault = 'sounds/fan/test/anomaly_id_00_00000000.wav';
      const explained = await run(
        'score',
        '--model',
        name,
        fault,
        '--threshold',
        '-1e9',
        '--explain',
        '--json',
      );
      expect(explained.code).toBe(0);
      expect(JSON.parse(explained.stdout)[0].explanation.text).toEqual(expect.any(String));

      const shown = await run('inspect', name);
      expect([shown.code, shown.stdout]).toEqual([
        0,
        expect.stringContaining(`${provenance.nParameters} parameters`),
      ]);
      expect(shown.stdout).toMatch(new RegExp(`^system +${name}$`, 'm'));
    },
  );

  it.each<[string, RegExp]>([
    ['stgram-mfn', /stgram-mfn, learns no machine more: a machine is a class of its network, .* Train again/],
    ['scadacos', /the mixture of a machine starts at the centres of its class/],
    ['ddcsad-style', /each machine has a network of its own/],
  ])('%s takes no machine more, and says why', async (name, message) => {
    const { code, stderr } = await run(
      'add-machine',
      '--model',
      name,
      '--machine-id',
      '07',
      'sounds/fan/train',
    );
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
  });

  it('a training that is finished is told; flags of other systems are refused', async () => {
    const again = await train('autoencoder', '--config', 'autoencoder.json', '--resume');
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('is finished already')]);
    for (const [flags, message] of [
      [
        ['--known-anomalies', '1'],
        /--known-anomalies is for the systems ensemble, serial-oe and ddcsad-style, not for scadacos/,
      ],
      [['--workers', '2'], /--workers is for the systems/],
      [['--reference', 'x'], /--reference is for the systems/],
      [['--preset', 'reference'], /preset must be one of 'quick', 'paper'/],
    ] as const) {
      const { code, stderr } = await run(
        ...[
          'train',
          '--data',
          'sounds',
          '--machine-type',
          'fan',
          '--out',
          'never',
          '--system',
          'scadacos',
          ...flags,
        ],
      );
      expect([code === 0, stderr]).toEqual([false, expect.stringMatching(message)]);
    }
    const onnx = await run('score', '--model', 'ssc', '--runtime', 'onnx-web', 'sounds/fan/test');
    expect([onnx.code, onnx.stderr]).toEqual([2, expect.stringContaining('models of serial-oe')]);
  });

  it('a model of them goes to as many threads as are asked for, or to one', async () => {
    const { waveform, sampleRate } = await loadClip({
      path: join(folder, 'sounds/fan/test/anomaly_id_01_00000000.wav'),
    });
    const clip = { waveform, options: { sampleRate, machineId: '01' } };
    const scores: number[] = [];
    for (const [workers, nThreads] of [
      [0, 0],
      [undefined, 1],
      [3, 3],
    ] as const) {
      const model = await loadModel(join(folder, 'scadacos'), { flags: { workers } });
      expect(await model.startThreads(8)).toBe(nThreads);
      expect(await model.startThreads(8)).toBe(nThreads); // once
      scores.push((await model.scorer.score(clip.waveform, clip.options)).anomalyScore);
      await expect(model.scorer.score(clip.waveform, { sampleRate, machineId: '07' })).rejects.toThrow(
        UnknownMachineIdError,
      );
      await model.close();
    }
    expect(scores).toEqual([scores[0], scores[0], scores[0]]);
  });

  it('known anomalies are taken by ddcsad-style; one machine alone cannot be told from others', async () => {
    const flags = ['--config', 'ddcsad-style.json', '--known-anomalies', '1', '--overwrite'];
    expect((await train('ddcsad-style', ...flags)).code).toBe(0);
    const one = ['--types', 'fan', '--ids', '1', '--train', '4', '--test', '1', '--seconds', '2'];
    expect((await run('synth', '--out', 'lonely-sounds', ...one)).code).toBe(0);
    const lonely = ['train', '--data', 'lonely-sounds', '--machine-type', 'fan', '--out', 'lonely'];
    const { code, stderr } = await run(...lonely, '--system', 'stgram-mfn');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('of two machines at least, got those of fan/00'),
    ]);
  });
});
