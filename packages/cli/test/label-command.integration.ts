import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import { runAndKill } from './support/kill-cli';
import { runCli } from './support/run-cli';

const CLI = join(__dirname, '../dist/cli.js');
/** util-linux's, which gives a command a terminal; that of other systems takes other words. */
const HAS_SCRIPT = /util-linux/.test(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? '');

describe('serial-oe label', () => {
  let folder: string;
  const at = (...names: string[]) => join(folder, ...names);
  const run = (args: string[]) => runCli(args, folder);
  const soundOf = (i: number) =>
    encodeWav(
      {
        sampleRate: 8000,
        channels: [Float32Array.from({ length: 4000 }, (_, t) => 0.3 * Math.sin(t * (0.2 + i / 9)))],
      },
      { bitDepth: 16 },
    );
  const wavs = (name: string) =>
    existsSync(at(name))
      ? readdirSync(at(name), { recursive: true, encoding: 'utf8' })
          .filter((file) => file.endsWith('.wav'))
          .sort()
      : [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-label-'));
    mkdirSync(at('events'));
    for (let i = 0; i < 4; i++) writeFileSync(at('events', `2026-11-2${i}_pump-3.wav`), soundOf(i));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs it in a terminal of 60 columns, and presses a key each time that it asks. */
  function inTerminal(
    flags: string,
    keys: readonly string[],
  ): Promise<{ code: number | null; screen: string }> {
    const line = `stty cols 60; ${process.execPath} ${CLI} label events ${flags}`;
    const options = { cwd: folder, env: { ...process.env, NO_COLOR: '', TERM: 'xterm' } };
    const child: ChildProcess = spawn('script', ['-qefc', line, '/dev/null'], options);
    let screen = '';
    let nAsked = 0;
    child.stdout!.on('data', (chunk) => {
      screen += chunk;
      const questions = screen.split('[q]uit ?').length - 1;
      for (; nAsked < questions; nAsked++) child.stdin!.write(keys[nAsked] ?? 'q');
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, screen }));
    });
  }

  /** Writes answers to the standard input, which stays open. */
  function answer(flags: readonly string[], lines: string) {
    const child = spawn(process.execPath, [CLI, 'label', 'events', ...flags], { cwd: folder });
    child.stdin.write(lines);
    const told = { code: null as number | null, stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk) => {
        told[name] += chunk;
      });
    }
    return new Promise<typeof told>((resolve) => {
      child.on('close', (code) => resolve({ ...told, code }));
    });
  }

  (HAS_SCRIPT ? it : it.skip)('asks in a terminal, plays, shows, and sorts by single keys', async () => {
    const played = at('played.txt');
    writeFileSync(at('player.sh'), `echo "$1" >> ${played}; exec sleep 20\n`);
    const flags = `--out sorted --machine-type fan --machine-id 02 --player 'sh ${at('player.sh')}'`;
    const { code, screen } = await inTerminal(flags, ['a', 'b', 'n', 'z', 'r', 'a', 's', 'q']);
    expect(code).toBe(0);
    expect(wavs('sorted')).toEqual([
      join('fan', 'id_02', 'anomaly', '2026-11-21_pump-3.wav'),
      join('fan', 'id_02', 'normal', '2026-11-20_pump-3.wav'),
    ]);
    expect(wavs('events')).toEqual(['2026-11-22_pump-3.wav', '2026-11-23_pump-3.wav']);
    expect(screen).toMatch(/\[1\/4\] events\/2026-11-20_pump-3\.wav {2}0\.5 s, 8000 Hz, peak -10\.5 dB/);
    expect(screen).toContain('▀');
    expect(screen).toMatch(/taken back: events\/2026-11-20_pump-3\.wav/);
    expect(screen).toMatch(/1 anomalies and 1 normal recordings sorted into sorted, 1 skipped, 1 left/);
    const heard = readFileSync(played, 'utf8').trim().split('\n');
    expect(heard.length).toBeLessThanOrEqual(6); // five shown, one again; a player that is stopped at once may not come to write
    expect(heard.length).toBeGreaterThan(2);
    expect((await inTerminal(`--out sorted --player none`, [String.fromCharCode(3)])).code).toBe(0); // Ctrl-C
  });

  it('is answered by a script, or sorts all alike, and is read by data check', async () => {
    const refused = await run(['label', 'events']);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toMatch(/a terminal is needed to ask.*--label anomaly or normal.*--answers/);

    const answered = await answer(
      ['--machine-type', 'fan', '--answers', '--json'],
      'anomaly\nmaybe\nskip\nquit\n',
    );
    expect(JSON.parse(answered.stdout)).toMatchObject({
      out: 'labelled',
      nAnomaly: 1,
      nNormal: 0,
      nSkipped: 1,
      nLeft: 2,
    });

    const rest = ['--machine-type', 'fan', '--label', 'normal', '--only', '11-22', '--copy'];
    expect((await run(['label', 'events', ...rest])).stdout).toMatch(
      /^0 anomalies and 1 normal recordings sorted/,
    );
    expect((await run(['label', 'events', ...rest])).stdout).toMatch(
      /0 normal recordings sorted.*1 sorted before/,
    );
    expect(wavs('events')).toHaveLength(3);
    const checked = await run(['data', 'check', 'labelled']);
    expect(checked.stdout).toMatch(/fan +00 +1 +0 +1 +0/);
  });

  it('says what cannot be read, and leaves it', async () => {
    writeFileSync(at('events', '2026-11-20_a.wav'), 'no sound');
    const told = await answer(['--answers'], 'quit\n');
    expect(told.code).toBe(1);
    expect(told.stderr).toMatch(/2026-11-20_a\.wav.*It is left where it is/);
    expect((await run(['label', 'nowhere', '--label', 'normal'])).code).toBe(1);
  });

  it('leaves every recording whole in one place when it is killed', async () => {
    for (let i = 0; i < 300; i++) writeFileSync(at('events', `more ${i}.wav`), soundOf(i));
    for (const afterMs of [450, 600, 800]) {
      await runAndKill(['label', 'events', '--label', 'normal', '--out', 'sorted'], folder, { afterMs });
      expect(wavs('events').length + wavs('sorted').length).toBe(304);
    }
    expect(await run(['label', 'events', '--label', 'normal', '--out', 'sorted'])).toMatchObject({ code: 0 });
    expect(wavs('sorted')).toHaveLength(304);
    const whole = soundOf(0).byteLength;
    for (const name of wavs('sorted')) expect(readFileSync(at('sorted', name)).byteLength).toBe(whole);
  });
});
