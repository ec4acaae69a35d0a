import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './repository';

const RUN = join(ROOT, 'bench', 'run.mjs');

const isInstalled = (name: string) => existsSync(join(ROOT, 'node_modules', name));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-bench-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('measures ours alone, once, and writes a row for each', () => {
  const file = join(folder, 'results.json');
  const onnx = isInstalled('onnxruntime-node') ? ['score-clip-onnx'] : []; // an optional dependency
  const names = [
    'train-step',
    'score-clip',
    ...onnx,
    'score-folder',
    'mel',
    'gmm-fit',
    'scadacos-step',
    'scadacos-clip',
  ];
  const args = ['--no-build', '--no-peers', '--runs', '1', '--only', names.join(','), '--out', file];
  const table = execFileSync(process.execPath, [RUN, ...args], { encoding: 'utf8', stdio: 'pipe' });
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
  expect(rows).toEqual(
    names.map((name) => ({
      name,
      threads: 1,
      oursMs: expect.any(Number),
      peer: null,
      peerMs: null,
      ratio: null,
    })),
  );
  for (const name of names) expect(table).toContain(`(\`${name}\`) | 1 |`);
});

it('measures with two threads what can use them', () => {
  const file = join(folder, 'threads.json');
  const args = ['--no-build', '--no-peers', '--runs', '1', '--threads', '2', '--out', file];
  execFileSync(process.execPath, [RUN, ...args, '--only', 'train-step,score-folder,mel'], { stdio: 'pipe' });
  const rows = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>[];
  expect(rows).toMatchObject([
    { name: 'train-step', threads: 2, oursMs: expect.any(Number) },
    { name: 'score-folder', threads: 2, oursMs: expect.any(Number) },
  ]);
});

it('ends with code 2 and says what is wrong for wrong usage', () => {
  const { status, stderr } = spawnSync(process.execPath, [RUN, '--only', 'male'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/--only must name measurements \(train-step, .*\), got male/);
});

it('says where the time of a measurement goes', () => {
  const args = [join(ROOT, 'bench', 'profile.mjs'), 'stgram-clip', '--no-build', '--runs', '3'];
  const shares = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' });
  expect(shares).toMatch(/^ +\d+\.\d % {2}matrix products/m); // so the kernels are known by their names
  expect(shares).toMatch(/^ +\d+\.\d % {2}multiply$/m);
});
