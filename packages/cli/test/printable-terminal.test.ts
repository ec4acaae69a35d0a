import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWav } from '@serial-oe/audio-features';
import { main } from '../src/main';
import { errorText, rowsText, type ScoreRow } from '../src/score/score-rows';
import { CLEAR_LINE, printableTerminal, printJson } from '../src/terminal/terminal';
import { recorder } from './support/recorder';

/** What a terminal obeys; our own line of progress aside. */
const OBEYED = new RegExp(
  `[${['\\0-\\u0008', '\\u000b-\\u001f', '\\u007f-\\u009f', '\\u061c\\u200e\\u200f', '\\u2028-\\u202e', '\\u2066-\\u2069'].join('')}]`,
);
const EVIL = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e\r';

/** In a cell of a manifest, where a return ends the row. */
const CELL = EVIL.replace('\r', '');

describe('a terminal is shown what names hold, and obeys none of it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-names-'));
    const wav = encodeWav({
      sampleRate: 16000,
      channels: [new Float32Array(32000).map((_, i) => Math.sin(i / 9))],
    });
    for (const type of [`fan${EVIL}`, 'pump']) {
      for (const name of [`normal_id_00_0${EVIL}1.wav`, 'normal_id_00_00000002.wav']) {
        const place = join(folder, 'sounds', type, 'train', 'normal');
        mkdirSync(place, { recursive: true });
        writeFileSync(join(place, name), wav);
        writeFileSync(join(place, `clip${EVIL}.wav`), 'no sound');
      }
    }
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ loss: { [`al${EVIL}pha`]: 5 } }));
    writeFileSync(join(folder, `odd${EVIL}.json`), '{');
    writeFileSync(
      join(folder, 'table.csv'),
      `path,machineType,machineId,label,split\nx${CELL}.wav,fan,00,odd${CELL},train\n`,
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const at = (name: string) => join(folder, name);
  it.each<[string, () => string[]]>([
    ['an unknown command', () => [`train${EVIL}`]],
    ['an unknown flag', () => ['train', `--da${EVIL}ta`, 'x']],
    ['a wrong value', () => ['config', '--preset', `pa${EVIL}per`]],
    ['a setting that there is not', () => ['config', '--config', at('config.json')]],
    ['a file that is no JSON', () => ['config', '--config', at(`odd${EVIL}.json`)]],
    ['a folder that is not there', () => ['data', 'check', at(`no${EVIL}where`)]],
    ['folders and files', () => ['data', 'check', at('sounds'), '--quiet']],
    ['a manifest', () => ['data', 'check', at('table.csv')]],
  ])('%s', async (_, argv) => {
    const terminal = recorder();
    await main(argv(), terminal);
    expect(terminal.stdout + terminal.stderr).not.toMatch(OBEYED);
    expect(terminal.stdout + terminal.stderr).toContain('\\u001b');
  });

  it('nor of JSON, which stays what it is', async () => {
    const terminal = recorder();
    await main(['data', 'check', at('sounds'), '--json', '--quiet'], terminal);
    expect(terminal.stdout).not.toMatch(OBEYED);
    expect(JSON.stringify(JSON.parse(terminal.stdout))).toContain('\\u001b[2J');
    const again = recorder();
    printJson(printableTerminal(again), { path: EVIL });
    expect(JSON.parse(again.stdout)).toEqual({ path: EVIL });
  });

  it('keeps a row and a message on one line', () => {
    const path = 'clip\n0 anomalies\n.wav';
    const row: ScoreRow = {
      ...{ path, machineId: '00', anomalyScore: 1, threshold: 2, isAnomaly: false },
      ...{ distanceFromTraining: null, isUnlikeTraining: false, severity: null, percentile: null },
    };
    expect(rowsText([row]).trimEnd().split('\n')).toHaveLength(3);
    const clip = { path, machineType: 'fan', machineId: '00', label: 'normal', split: 'test' } as const;
    expect(errorText({ clip, error: new Error(`${path} must be audio.`) })).toBe(
      'clip\\u000a0 anomalies\\u000a.wav must be audio.',
    );
    expect(errorText({ clip, error: new Error('too short') })).not.toContain('\n');
  });

  it('passes on the one sequence of the progress line', () => {
    const terminal = recorder(true);
    printableTerminal(terminal).err(`${CLEAR_LINE}scoring \u001b[31m1/2`);
    expect(terminal.stderr).toBe(`${CLEAR_LINE}scoring \\u001b[31m1/2`);
    expect(printableTerminal(terminal).isInteractive).toBe(true);
  });
});
