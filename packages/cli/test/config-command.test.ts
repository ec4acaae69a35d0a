import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConfig, PRESETS } from '@serial-oe/serial-oe/config';
import { main } from '../src/main';
import { recorder } from './support/recorder';

describe('serial-oe config', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-config-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function run(...argv: string[]) {
    const terminal = recorder();
    return { code: await main(['config', ...argv], terminal), ...terminal };
  }

  function fileOf(config: object): string {
    const file = join(folder, 'mine.json');
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  it('shows each field with its values in the presets, what it is for and what it takes', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^field +quick +paper +reference\n-/);
    expect(stdout).toMatch(
      /\nfrontEnd\.nMels +128 +224 +224\n {4}Mel bands\. Takes a whole number of at least 1\.\n/,
    );
    const text = stdout.replace(/\s+/g, ' ');
    for (const { path, type, help } of describeConfig()) {
      expect(stdout).toContain(`\n${path} `);
      expect(text).toContain(`${help} Takes ${type}.`);
    }
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('shows one preset', async () => {
    const { stdout } = await run('--preset', 'paper');
    expect(stdout).toMatch(/^field +paper\n/);
    expect(stdout).toMatch(/\nfrontEnd\.nMels +224\n/);
  });

  it('shows what a file changes, and checks it', async () => {
    const file = fileOf({ frontEnd: { nMels: 64, nFft: PRESETS.paper.frontEnd.nFft }, loss: { alpha: 5 } });
    const { stdout } = await run('--preset', 'paper', '--config', file);
    expect(stdout).toMatch(/\nfrontEnd\.nMels +224 +64\n/);
    expect(stdout).toMatch(/\nloss\.alpha +10 +5\n/);
    expect(stdout).not.toContain('frontEnd.nFft ');
    expect(stdout).toMatch(/\n2 of \d+ fields differ from the preset paper\n$/);
    const wrong = await run('--config', fileOf({ loss: { alhpa: 5 } }));
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/alhpa/);
  });

  it('says so where a file changes nothing', async () => {
    expect((await run('--config', fileOf({}))).stdout).toMatch(
      /^0 of \d+ fields differ from the preset quick\n$/,
    );
  });

  it('prints JSON for scripts', async () => {
    expect(JSON.parse((await run('--json')).stdout)).toEqual(describeConfig());
    const fields = JSON.parse((await run('--json', '--config', fileOf({ seed: 7 }))).stdout);
    expect(fields.find(({ path }: { path: string }) => path === 'seed')).toMatchObject({ value: 7 });
  });
});

describe('a file of a Windows editor or shell', () => {
  const text = JSON.stringify({ loss: { alpha: 5 } });
  it.each<[string, Buffer]>([
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-8', Buffer.from(text)],
  ])('in %s is read', async (_, bytes) => {
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-config-'));
    writeFileSync(join(folder, 'mine.json'), bytes);
    const terminal = recorder();
    expect(await main(['config', '--config', join(folder, 'mine.json'), '--json'], terminal)).toBe(0);
    expect(terminal.stdout).toMatch(/"alpha": 5|loss.alpha/);
    rmSync(folder, { recursive: true });
  });
});
