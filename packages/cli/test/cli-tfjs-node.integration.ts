import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { describeWithTfjsNode } from '@serial-oe/tooling/test-support/with-tfjs-node';
import { SMALL } from './support/small-config';

const CLI = join(__dirname, '..', 'dist', 'cli.js');

describeWithTfjsNode('the serial-oe command with --backend node', () => {
  let folder: string;
  const run = (...args: string[]) =>
    execFileSync(process.execPath, [CLI, ...args, '--json'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: 'pipe',
    });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-cli-tfjs-node-'));
    writeFileSync(join(folder, 'small.json'), JSON.stringify(SMALL));
    const sounds = ['--types', 'fan,valve', '--ids', '2', '--train', '6', '--test', '2', '--seconds', '3'];
    run('synth', '--out', 'sounds', ...sounds);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('trains a model that scores on wasm as on tfjs-node', () => {
    const setting = ['--system', 'serial-oe', '--config', 'small.json', '--epochs', '2', '--batch-size', '8'];
    const data = ['--data', 'sounds', '--machine-type', 'fan'];
    const trained = JSON.parse(run('train', ...data, ...setting, '--out', 'model', '--backend', 'node'));
    expect(trained.provenance).toMatchObject({ backend: 'tensorflow', operations: 'tfjs' });
    expect(trained.provenance.history).toHaveLength(2);
    const [onTfjsNode, onWasm] = ['node', 'wasm'].map((backend) => {
      const rows = JSON.parse(run('score', '--model', 'model', 'sounds/fan/test', '--backend', backend));
      return rows.map(({ anomalyScore }: { anomalyScore: number }) => anomalyScore) as number[];
    });
    expect(onTfjsNode).toHaveLength(8);
    expectAllClose(onTfjsNode!, onWasm!, { rtol: 1e-3, atol: 1e-3 });
  });
});
