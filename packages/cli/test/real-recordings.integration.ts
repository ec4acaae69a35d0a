import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const CLI = join(__dirname, '..', 'dist', 'cli.js');
/** Beside the repository, where there is one: real clips of DCASE2020 Task 2 and MIMII, under licences of their own. */
const DATA = resolve(__dirname, '../../../../shared/data');
const SETS = ['dcase2020-mini', 'mimii-fan'].map((name) => join(DATA, name));
const isThere = SETS.every(existsSync);
if (!isThere) process.stderr.write(`SKIPPED: real recordings are not at ${DATA}\n`);

/** Few steps on small spectrograms: this shows that real files go through, not how good the method is. */
const FLAGS = ['--epochs', '2', '--batch-size', '16'];

/** Members of the ensemble of one machine type. */
const STATISTICS = ['mel-statistics', 'modulation-statistics', 'level'];

(isThere ? describe : describe.skip)('real recordings through the command', () => {
  let folder: string;
  const run = (args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const data = SETS.flatMap((set) => ['--data', set]);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-real-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('trains the quick preset on fans of both sets, scores and evaluates their test clips', () => {
    const trained = run(['train', ...data, '--machine-type', 'fan', '--out', 'model', ...FLAGS, '--json']);
    expect(trained.stderr).toContain('raw-8ch'); // a folder beside train and test, named as left out
    expect(trained.status).toBe(0);
    const { machineIds, provenance, config } = JSON.parse(trained.stdout);
    expect(config.members['serial-oe'].preset).toBe('quick');
    expect(machineIds).toEqual(['00', '02', '04', '06']);
    const network = provenance.members['serial-oe'];
    expect(network).toMatchObject({ nNormalClips: 23, nKnownAnomalies: 0 });
    expect(network.history.at(-1).loss).toBeLessThan(network.history[0].loss);

    const scored = run(['score', '--model', 'model', '--json', join(DATA, 'mimii-fan', 'test')]);
    expect(scored.status).toBe(0);
    const rows = JSON.parse(scored.stdout);
    expect(rows).toHaveLength(43);
    expect(rows.every((row: { anomalyScore: number }) => Number.isFinite(row.anomalyScore))).toBe(true);

    const some: { path: string; members: Record<string, number> }[] = rows.slice(0, 8);
    const paths = some.map(({ path }) => path);
    const onOnnx = run(['score', '--model', 'model', '--json', '--runtime', 'onnx-web', ...paths]);
    expect(onOnnx.status).toBe(0);
    const scores = (of: typeof some) => of.map(({ members }) => members['mel-statistics']!);
    expect(scores(JSON.parse(onOnnx.stdout))).toEqual(scores(some)); // the network's alone may differ by rounding

    const evaluated = run(['evaluate', '--model', 'model', ...data, '--json', '--report', 'report.html']);
    expect(evaluated.status).toBe(0);
    const { results, summary } = JSON.parse(evaluated.stdout);
    expect(results).toHaveLength(60);
    expect(summary.perId.map((id: { machineId: string }) => id.machineId).sort()).toEqual([
      '00',
      '02',
      '04',
      '06',
    ]);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
  });

  it('trains one machine type without the network, which it says, and the model does all that others do', () => {
    const fans = join(DATA, 'mimii-fan');
    const trained = run([
      'train',
      '--data',
      fans,
      '--machine-type',
      'fan',
      '--out',
      'one-type.zip',
      '--json',
    ]);
    expect(trained.status).toBe(0);
    expect(trained.stderr).toMatch(
      /serial-oe is left out of the ensemble: .*at least one machine type beside fan/,
    );
    expect(JSON.parse(trained.stdout)).toMatchObject({ system: 'ensemble', members: STATISTICS });
    const scored = run(['score', '--model', 'one-type.zip', '--json', join(fans, 'test')]);
    const rows = JSON.parse(scored.stdout);
    expect(rows).toHaveLength(43);
    expect(Object.keys(rows[0].members)).toEqual(STATISTICS);
    const evaluated = run(['evaluate', '--model', 'one-type.zip', '--data', fans, '--report', 'one.html']);
    expect(evaluated.stdout).toMatch(/fan 02 +5 +10 +(1\.0000|0\.[89])/);
    expect(run(['inspect', 'one-type.zip']).stdout).toMatch(/left out +serial-oe: /);
  });

  it('reads an 8-channel recording as it comes from the microphone array', () => {
    const raw = join(DATA, 'mimii-fan', 'raw-8ch');
    const { status, stdout } = run(['score', '--model', 'model', '--json', raw]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(2);
  });
});
