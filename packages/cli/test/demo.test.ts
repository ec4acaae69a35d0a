import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearDemoFolder } from '../src/demo/demo-folder';
import { demoSteps } from '../src/demo/demo-steps';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the folder of a demo', () => {
  it('may be missing or empty', async () => {
    await clearDemoFolder(join(folder, 'new'));
    await clearDemoFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is cleared of an earlier demo, one that was stopped too', async () => {
    for (const name of ['fans', 'other-machines', 'fan-model', 'fan-model.checkpoint'])
      mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'report.html'), '');
    await clearDemoFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('loses nothing where anything else stands in it', async () => {
    mkdirSync(join(folder, 'fans'));
    writeFileSync(join(folder, 'fans', 'recording.wav'), '');
    writeFileSync(join(folder, 'notes.txt'), '');
    await expect(clearDemoFolder(folder)).rejects.toThrow(
      /--out must be a new or empty folder, or one of an earlier demo, got .* with "notes\.txt" in it/,
    );
    expect(existsSync(join(folder, 'fans', 'recording.wav'))).toBe(true);
  });

  it('is no file', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(clearDemoFolder(file)).rejects.toThrow(/--out must be a folder that can be read, .*ENOTDIR/);
  });
});

it('passes the seed on, and less of everything with --quick', () => {
  const linesOf = (isQuick: boolean) =>
    demoSteps('d', { seed: 7, isQuick }).map(({ argv }) => argv.join(' '));
  const [whole, quick] = [linesOf(false), linesOf(true)];
  expect(whole.map((line) => line.split(' ')[0])).toEqual(['synth', 'synth', 'train', 'evaluate']);
  expect(whole.filter((line) => line.includes('--seed 7'))).toHaveLength(3);
  expect(whole[2]).toContain('--epochs 20');
  expect(quick[2]).toContain('--epochs 12');
});
