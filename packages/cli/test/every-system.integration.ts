import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitoredScore } from './support/monitored-score';
import { runCli } from './support/run-cli';
import { SMALL } from './support/small-config';

const NETWORK = { ...SMALL, optimization: { nEpochs: 2 }, batch: { nNormal: 4, nOutliers: 4 } };

/** Of each system a configuration that trains in seconds; compared-systems.integration.ts does the same with the others. */
const SYSTEMS: Readonly<Record<string, object | null>> = {
  ...{ 'serial-oe': NETWORK, ensemble: NETWORK },
  ...{ 'mel-statistics': null, 'modulation-statistics': null, 'twfr-gmm': null, level: null },
};

describe('every system from training to an explanation', () => {
  let folder: string;
  const run = (...args: string[]) => runCli(args, folder);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-every-system-'));
    const synth = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '2', '--seconds', '2'];
    expect((await run('synth', '--out', 'sounds', ...synth)).code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(Object.keys(SYSTEMS))('%s', async (name) => {
    const config = SYSTEMS[name];
    if (config !== null) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const flags = config === null ? [] : ['--config', 'config.json'];
    const types = ['--data', 'sounds', '--machine-type', 'fan'];
    const trained = await run('train', ...types, '--system', name, '--out', name, ...flags);
    expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining('rror:')]);

    const scored = await run('score', '--model', name, '--json', 'sounds/fan/test');
    const rows: { path: string; machineId: string; anomalyScore: number }[] = JSON.parse(scored.stdout);
    expect(rows).toHaveLength(8);

    const evaluated = await run('evaluate', '--model', name, '--data', 'sounds', '--write-card');
    expect([evaluated.code, evaluated.stdout]).toEqual([0, expect.stringMatching(/^fan 01 +2 +2 /m)]);
    expect(readFileSync(join(folder, name, 'model-card.md'), 'utf8')).toMatch(/^\| 01 \| [01]\.\d\d/m);

    const fault = rows.find(({ path }) => path.includes('anomaly_id_01'))!;
    expect(await monitoredScore({ model: name, machineId: '01', file: fault.path }, folder)).toBe(
      fault.anomalyScore,
    );

    const explaining = ['--explain', '--normals', 'sounds/fan', '--threshold', '-1e9', '--json'];
    const explained = await run('score', '--model', name, ...explaining, fault.path);
    const [{ explanation }] = JSON.parse(explained.stdout);
    expect([explained.code, explanation.text]).toEqual([0, expect.stringContaining('nearest normal clip')]);
  });
});
