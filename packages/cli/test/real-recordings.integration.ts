import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';

const CLI = join(__dirname, '..', 'dist', 'cli.js');
/** Beside the repository, where there is one: real clips of DCASE2020 Task 2 and MIMII, under licences of their own. */
const DATA = resolve(__dirname, '../../../../shared/data');
const SETS = ['dcase2020-mini', 'mimii-fan'].map((name) => join(DATA, name));
const isThere = SETS.every(existsSync);
if (!isThere) process.stderr.write(`SKIPPED: real recordings are not at ${DATA}\n`);

/** Few steps on small spectrograms: this shows that real files go through, not how good the method is. */
const FLAGS = ['--epochs', '2', '--batch-size', '16'];

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
    expect(config.preset).toBe('quick');
    expect(machineIds).toEqual(['00', '02', '04', '06']);
    expect(provenance).toMatchObject({ nNormalClips: 23, nKnownAnomalies: 0 });
    expect(provenance.history.at(-1).loss).toBeLessThan(provenance.history[0].loss);

    const scored = run(['score', '--model', 'model', '--json', join(DATA, 'mimii-fan', 'test')]);
    expect(scored.status).toBe(0);
    const rows = JSON.parse(scored.stdout);
    expect(rows).toHaveLength(43);
    expect(rows.every((row: { anomalyScore: number }) => Number.isFinite(row.anomalyScore))).toBe(true);

    const some: { path: string; anomalyScore: number }[] = rows.slice(0, 8);
    const paths = some.map(({ path }) => path);
    const onOnnx = run(['score', '--model', 'model', '--json', '--runtime', 'onnx-web', ...paths]);
    expect(onOnnx.status).toBe(0);
    const scores = (of: typeof some) => of.map(({ anomalyScore }) => anomalyScore);
    // in nats; a log-likelihood may come near zero, where only an absolute difference says much
    expectAllClose(scores(JSON.parse(onOnnx.stdout)), scores(some), { rtol: 1e-4, atol: 1e-3 });

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

  it('reads an 8-channel recording as it comes from the microphone array', () => {
    const raw = join(DATA, 'mimii-fan', 'raw-8ch');
    const { status, stdout } = run(['score', '--model', 'model', '--json', raw]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveLength(2);
  });
});
