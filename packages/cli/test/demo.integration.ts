import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './support/run-cli';

// The demo as a whole is run by `npm run demo`, which is a part of .ci/run, and by `npm run release:dry`.
describe('serial-oe demo', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-demo-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('shows each command and stops at Ctrl-C', async () => {
    let isStopped = false;
    const { code, stdout, stderr } = await runCli(['demo', '--quick', '--seed', '3'], folder, {
      watch: (text, child) => {
        if (isStopped || !text.includes('writing clip')) return;
        isStopped = true;
        child.kill('SIGINT');
      },
    });
    expect(stderr).toContain('$ serial-oe synth --out serial-oe-demo/fans --types fan --ids 3 --train 12');
    expect(stderr).toContain('The demo stopped: "serial-oe synth" ended with exit code 130.');
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  }, 60_000);

  it('touches no folder that holds anything else', async () => {
    writeFileSync(join(folder, 'report.html'), 'mine');
    writeFileSync(join(folder, 'thesis.txt'), 'mine too');
    const { code, stderr } = await runCli(['demo', '--out', '.'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^serial-oe demo: --out must be a new or empty folder.*"thesis\.txt"/m);
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'fans'))).toBe(false);
  }, 60_000);
});
