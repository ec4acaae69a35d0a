import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs-backend-wasm';
import { scanDataset } from '@serial-oe/datasets/node';
import type { ExperimentResults } from '@serial-oe/experiments';
import { evaluateSerialOe, loadSerialOe, useBackend } from '@serial-oe/serial-oe';
import { PAPER_EXPERIMENTS } from '../src/paper/experiments';
import { runCli, type Watch } from './support/run-cli';
import { SMALL } from './support/small-config';

const SMALL_BATCHES = { ...SMALL, batch: { nNormal: 4, nOutliers: 4 } };

describe('serial-oe experiment', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);

  const run = (args: string[], watch?: Watch) => runCli(args, folder, { watch });

  const flags = ['--data', 'sounds', '--types', 'fan', '--config', 'small.json'];
  const experiment = (name: string, out: string, ...more: string[]) => [
    'experiment',
    name,
    ...flags,
    '--out',
    out,
    ...more,
  ];
  const resultsOf = (out: string, name: string): ExperimentResults =>
    JSON.parse(readFileSync(at(out, name, 'results.json'), 'utf8'));
  /** Whether a training under way has saved its state. */
  const hasCheckpoint = (out: string) =>
    existsSync(at(out, 'runs')) &&
    readdirSync(at(out, 'runs')).some((id) =>
      existsSync(at(out, 'runs', id, 'checkpoint/checkpoint.safetensors')),
    );

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-experiments-'));
    writeFileSync(at('small.json'), JSON.stringify(SMALL_BATCHES));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '8', '--test', '8', '--seconds', '3'];
    expect((await run(['synth', '--out', 'sounds', ...synth])).code).toBe(0);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  describe('with all nine at once', () => {
    const all = ['--seeds', '2', '--epochs', '1', '--counts', '0,2', '--workers', '2'];

    beforeAll(async () => {
      const { code, stderr } = await run(experiment('all', 'all', ...all));
      expect(stderr).toMatch(/\d+ measurements from 36 trainings, 0 of them finished/);
      expect(code).toBe(0);
    });

    const nine = PAPER_EXPERIMENTS.map(({ name }) => name).filter((name) => name !== 'compare');
    it.each(nine)('%s ends with figures, traceable, and a page', (name) => {
      const { variants, measurements, runs, failures, maps } = resultsOf('all', name);
      expect(failures).toEqual([]);
      expect(measurements).toHaveLength(2 * variants.length);
      for (const {
        variant,
        runIds: [runId],
        seed,
        type,
        perId,
      } of measurements) {
        expect(variants.map(({ id }) => id)).toContain(variant);
        expect(type.aAuc).toEqual(expect.any(Number));
        expect(perId.map(({ machineId }) => machineId)).toEqual(['00', '01']);
        expect(runs.find(({ id }) => id === runId)?.seed).toBe(seed);
      }
      expect(maps).toHaveLength(name === 'embedding' ? 4 : 0);
      const csv = readFileSync(at('all', name, 'results.csv'), 'utf8')
        .trimEnd()
        .split('\r\n');
      expect(csv).toHaveLength(1 + measurements.length * 4);
      const page = readFileSync(at('all', name, 'report.html'), 'utf8');
      expect(page).toMatch(/^<!DOCTYPE html>/);
      expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    });

    it('does nothing twice', async () => {
      const before = resultsOf('all', 'main');
      const { code, stderr } = await run(experiment('main', 'all', ...all));
      expect(code).toBe(0);
      expect(stderr).toMatch(/6 measurements from 6 trainings, 6 of them finished already/);
      expect(resultsOf('all', 'main').measurements).toEqual(before.measurements);
    });

    it('scores as the trained model does', async () => {
      await useBackend('wasm');
      const { measurements } = resultsOf('all', 'main');
      const {
        runIds: [runId],
        perId,
      } = measurements[0] as (typeof measurements)[number];
      const model = await loadSerialOe(at('all', 'runs', runId as string, 'model'));
      const { summary } = await evaluateSerialOe(model, { dataset: scanDataset(at('sounds')) });
      model.dispose();
      expect(perId.map(({ auc, pAuc }) => [auc, pAuc])).toEqual(
        summary.perId.map(({ auc, pAuc }) => [auc, pAuc]),
      );
    });

    it('measures every number of known anomalies on the same clips', () => {
      const counts = resultsOf('all', 'few-anomalies').measurements.flatMap(({ perId }) =>
        perId.map(({ nNormal, nAnomalous }) => [nNormal, nAnomalous]),
      );
      expect(new Set(counts.map((each) => each.join())).size).toBe(1);
      expect(counts[0]).toEqual([8, 6]);
    });

    it('draws the known anomalies that train draws by the same seed', async () => {
      const known = ['--known-anomalies', '2', '--seed', '1', '--epochs', '1', '--out', 'known'];
      const trained = await run([
        'train',
        ...flags.slice(0, 2),
        '--machine-type',
        'fan',
        ...flags.slice(4),
        ...known,
      ]);
      expect(trained.code).toBe(0);
      const { variants, measurements } = resultsOf('all', 'few-anomalies');
      const withTwo = variants.filter(({ curve }) => curve?.x === 2).map(({ id }) => id);
      const measured = measurements.filter(({ variant, seed }) => withTwo.includes(variant) && seed === 1);
      const heldOutOf = (...model: string[]): string[] =>
        JSON.parse(readFileSync(at(...model, 'manifest.json'), 'utf8')).provenance.heldOutClips.sort();
      expect(measured).toHaveLength(2); // with and without machine IDs
      for (const { runIds } of measured) {
        expect(heldOutOf('all', 'runs', runIds[0] as string, 'model')).toEqual(heldOutOf('known'));
      }
      expect(heldOutOf('known')).toHaveLength(4);
    });
  });

  it('goes on from the last epoch after its training was killed, to the same figures', async () => {
    const long = ['--seeds', '1', '--epochs', '6'];
    expect((await run(experiment('main', 'whole', ...long))).code).toBe(0);
    let isKilled = false;
    const killed = await run(experiment('main', 'killed', ...long), (_, { pid }) => {
      if (isKilled || !hasCheckpoint('killed')) return;
      isKilled = true;
      for (const child of childrenOf(pid as number)) process.kill(child, 'SIGKILL');
    });
    expect(killed.code).toBe(1);
    expect(killed.stderr).toMatch(/the process of the job ended \(SIGKILL\)/);
    const resumed = await run(experiment('main', 'killed', ...long));
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/resuming at epoch [2-6]/);
    expect(resultsOf('killed', 'main').measurements).toEqual(resultsOf('whole', 'main').measurements);
  });

  it('saves what is under way on Ctrl-C', async () => {
    let isStopped = false;
    const { code, stderr } = await run(
      experiment('main', 'stopped', '--seeds', '2', '--epochs', '50'),
      (text, child) => {
        if (isStopped || !/epoch \d/.test(text)) return;
        isStopped = true;
        child.kill('SIGINT');
      },
    );
    expect(code).toBe(130);
    expect(stderr).toMatch(/interrupted with 0 of 6 jobs finished/);
    expect(hasCheckpoint('stopped')).toBe(true);
    expect(existsSync(at('stopped', 'running.json'))).toBe(false);
  });

  it('lists what it would do', async () => {
    const { code, stdout } = await run(
      experiment('id-loss', 'dry', '--seeds', '1', '--epochs', '2', '--dry-run'),
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/id-loss\/arcface/);
    expect(stdout).toMatch(/6 trainings, 32 steps to do/);
    expect(existsSync(at('dry'))).toBe(false);
  });

  it('names a file of a finished run that is cut off, and leaves out what the labels do not allow', async () => {
    const args = ['--data', 'sounds', '--types', 'fan,fan', '--config', 'small.json', '--seeds', '1'];
    const all = ['experiment', 'all', ...args, '--epochs', '1', '--out', 'cut', '--dry-run'];
    const { code, stdout, stderr } = await run(all);
    expect(code).toBe(0);
    expect(stderr).toMatch(/few-anomalies is left out.*\n {2}fan: each machine ID needs more than 32/);
    expect(stdout).toMatch(/main\/serial-oe, id-loss\/bce, .*\+\d+\n/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThan(100);
    const id = stdout.match(/^fan-seed0-\w+/m)?.[0] as string;
    mkdirSync(at('cut', 'runs', id), { recursive: true });
    writeFileSync(at('cut', 'runs', id, 'run.json'), '{"id": "fa');
    const cut = await run(all);
    expect(cut.code).toBe(1);
    expect(cut.stderr).toMatch(/run\.json must hold the JSON that a run wrote, got .*Remove the file/);
  });

  it.each([
    ['nothing', [], 2, /the name of an experiment is needed, one of main, id-loss/],
    ['an unknown one', ['mian', '--data', 'sounds'], 2, /must be one of main,.* got "mian"/],
    ['no data', ['main'], 2, /--data is needed/],
    [
      'a type that is not there',
      experiment('main', 'bad', '--types', 'car').slice(1),
      1,
      /machineTypes must be types of the data set \(fan, valve\), got "car"/,
    ],
    [
      'too many known anomalies',
      experiment('few-anomalies', 'bad').slice(1),
      1,
      /more than 32 anomalous test clips.*--counts/,
    ],
    [
      'odd counts',
      experiment('few-anomalies', 'bad', '--counts', '1,x').slice(1),
      2,
      /--counts must be whole numbers/,
    ],
  ])('explains %s', async (_, args, exitCode, message) => {
    const { code, stderr } = await run(['experiment', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(exitCode);
    expect(existsSync(at('bad'))).toBe(false);
  });
});

/** Processes that this one has started (Linux). */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        return false; // it has just ended
      }
    })
    .map(Number);
}
