import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './support/run-cli';

const CLI = join(__dirname, '../dist/cli.js');

interface Row {
  path: string;
  anomalyScore: number;
}

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
const WATCH = ['watch', 'incoming', '--model', 'fan-model', '--json'];
const rowsIn = (stdout: string) =>
  stdout
    .slice(0, stdout.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

/** Puts recordings of the training into the folder that is watched. */
function copy(from: number, to: number, ...below: string[]): void {
  const train = at('sounds', 'fan', 'train');
  mkdirSync(at('incoming', ...below), { recursive: true });
  for (const name of readdirSync(train).sort().slice(from, to)) {
    copyFileSync(join(train, name), at('incoming', ...below, name));
  }
}

/** Watches until enough rows are there, then ends it; the rows. */
function watchUntil(
  isEnough: (rows: readonly Row[]) => boolean,
  signal: NodeJS.Signals,
): Promise<{ rows: Row[]; code: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...WATCH], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (isEnough(rowsIn(stdout))) child.kill(signal);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ rows: rowsIn(stdout), code }));
  });
}

describe('serial-oe watch', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-watch-command-'));
    const synth = ['--types', 'fan', '--ids', '1', '--train', '24', '--test', '1', '--seconds', '3'];
    expect((await runCli(['synth', '--out', 'sounds', ...synth], folder)).code).toBe(0);
    const train = ['--data', 'sounds', '--machine-type', 'fan', '--system', 'mel-statistics'];
    expect((await runCli(['train', ...train, '--out', 'fan-model'], folder)).code).toBe(0);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('loses no recording and scores none twice over kill -9', async () => {
    const rows: Row[] = [];
    const KILLS = [1, 3, 2, 1];
    for (const [i, nRows] of KILLS.entries()) {
      copy(5 * i, 5 * i + 5, ...(i === 1 ? ['monday'] : []));
      const killed = await watchUntil(({ length }) => length >= nRows, 'SIGKILL');
      expect(killed.code).toBeNull();
      rows.push(...killed.rows);
    }
    copy(20, 24);
    const pathsOf = (more: readonly Row[]) => new Set([...rows, ...more].map(({ path }) => path));
    const last = await watchUntil((more) => pathsOf(more).size === 24, 'SIGTERM');
    expect(last.code).toBe(0);
    rows.push(...last.rows);
    const scores = new Map(rows.map(({ path, anomalyScore }) => [path, anomalyScore]));
    expect(scores.size).toBe(24);
    expect([...scores.keys()].filter((path) => path.startsWith('monday'))).toHaveLength(5);
    // The row of the very instant of a kill may be told again, from what was written down.
    expect(rows.length - scores.size).toBeLessThanOrEqual(KILLS.length);
    expect(rows.every(({ path, anomalyScore }) => scores.get(path) === anomalyScore)).toBe(true);
    const again = await runCli([...WATCH, '--once'], folder);
    expect([again.code, again.stdout]).toEqual([0, '']);
  });

  it('--once names what cannot be read one time, with exit code 1', async () => {
    writeFileSync(at('incoming', 'broken.wav'), 'RIFF');
    const first = await runCli([...WATCH, '--once'], folder);
    expect([first.code, first.stdout]).toEqual([1, '']);
    expect(first.stderr).toMatch(/error: .*broken\.wav/);
    const second = await runCli([...WATCH, '--once'], folder);
    expect([second.code, second.stdout]).toEqual([0, '']);
    expect(second.stderr).not.toMatch(/error/);
  });

  it('scores recordings whose machine was not known once --machine-id says it', async () => {
    const [name] = readdirSync(at('sounds', 'fan', 'train'));
    mkdirSync(at('unnamed'));
    copyFileSync(at('sounds', 'fan', 'train', name!), at('unnamed', 'monday.wav'));
    const args = ['watch', 'unnamed', '--model', 'two-fans', '--once', '--json'];
    const two = ['--types', 'fan', '--ids', '2', '--train', '10', '--test', '1', '--seconds', '3'];
    expect((await runCli(['synth', '--out', 'two', ...two], folder)).code).toBe(0);
    const train = ['--data', 'two', '--machine-type', 'fan', '--system', 'mel-statistics'];
    expect((await runCli(['train', ...train, '--out', 'two-fans'], folder)).code).toBe(0);
    const unknown = await runCli(args, folder);
    expect([unknown.code, unknown.stderr]).toEqual([
      1,
      expect.stringMatching(
        /serial-oe watch: the machine ID of .*monday\.wav must be known.*Pass --machine-id/,
      ),
    ]);
    const named = await runCli([...args, '--machine-id', '00'], folder);
    expect([named.code, rowsIn(named.stdout)]).toMatchObject([0, [{ path: 'monday.wav', machineId: '00' }]]);
  });

  it('prints CSV, and lines for people', async () => {
    const args = ['watch', 'incoming', '--model', 'fan-model', '--once'];
    const csv = await runCli([...args, '--csv', '--state', 'csv.json'], folder);
    expect(csv.stdout).toMatch(/^path,machineId,anomalyScore,/);
    expect(csv.stdout.trim().split('\n')).toHaveLength(25);
    const text = await runCli([...args, '--state', 'text.json'], folder);
    expect(text.stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d monday.normal_id_00_\d+\.wav 00 score \S+ of \S+.*: \w+$/m,
    );
  });

  it.each([
    [['watch', '--model', 'fan-model'], 2, /one DIR is needed/],
    [['watch', 'nowhere', '--model', 'fan-model', '--once'], 1, /nowhere/],
    [
      ['watch', 'incoming', '--model', 'fan-model', '--json', '--csv'],
      2,
      /--json and --csv cannot be given together/,
    ],
    [
      ['watch', 'incoming', '--model', 'fan-model', '--machine-id', '77'],
      1,
      /serial-oe watch: --machine-id must be one of 00, got "77"/,
    ],
  ])('%j is refused', async (args, code, message) => {
    const refused = await runCli(args, folder);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringMatching(message)]);
  });
});
