import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './repository';

const moduleOf = (name: string) => pathToFileURL(join(ROOT, 'bench', 'lib', `${name}.mjs`)).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-bench-training-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One short training of ours as bench/training.mjs makes it; the peer needs tools that no test asks for. */
const CODE = `
  import { writeMachineSounds } from '@serial-oe/datasets/node';
  import { resolveConfig } from '@serial-oe/serial-oe';
  import { readTrainingData } from '${moduleOf('training-data')}';
  import { contenders, trainOnce } from '${moduleOf('training-runs')}';
  const [, folder] = process.argv;
  const sounds = { machineTypes: ['fan', 'pump'], nIds: 2, nTrain: 4, nTest: 3, durationSeconds: 2.5 };
  await writeMachineSounds(folder, sounds);
  const { clips, summary } = readTrainingData([folder], 'fan');
  const config = resolveConfig('quick', {
    frontEnd: { chunkSeconds: 1, nMels: 32, hopLength: 1024 },
    batch: { nNormal: 4, nOutliers: 4 },
    optimization: { nEpochs: 2 },
  });
  const run = await trainOnce(contenders('no python').ours, { config, machineType: 'fan', clips }, 1);
  console.log(JSON.stringify({ summary, run }));
`;

it('trains and scores by both back ends, on the clips of the machine type', () => {
  const args = ['--input-type=module', '--eval', CODE, '--', join(folder, 'sounds')];
  const output = execFileSync(process.execPath, args, {
    cwd: join(ROOT, 'bench'),
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const { summary, run } = JSON.parse(output) as Record<string, Record<string, unknown>>;
  expect(summary).toMatchObject({ names: ['sounds'], nNormal: 8, nOutliers: 8, nTest: 12 });
  expect(run).toMatchObject({
    nSteps: 4,
    seconds: { train: expect.any(Number), score: expect.any(Number) },
    loss: { typeLoss: expect.any(Number), idLoss: expect.any(Number) },
  });
  const figures = run!.figures as Record<string, { aAuc: number; perId: object }>;
  expect(Object.keys(figures)).toEqual(['mixture', 'ledoitWolf']);
  for (const { aAuc, perId } of Object.values(figures)) {
    expect(aAuc).toBeGreaterThanOrEqual(0);
    expect(aAuc).toBeLessThanOrEqual(1);
    expect(Object.keys(perId)).toEqual(['00', '01']);
  }
});
