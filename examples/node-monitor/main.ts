// Trains a small model on normal sound, then lets the command `serial-oe monitor` listen to a recording in which a fault begins. Needs
// neither a microphone nor a network; monitor.yaml beside this file is the same for a machine of your own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { readWav, writeWav } from '@serial-oe/audio-features/node';
import type { MonitorEvent } from '@serial-oe/monitor';

const SAMPLE_RATE = 16_000;
const CLI = join(
  dirname(createRequire(import.meta.url).resolve('@serial-oe/cli/package.json')),
  'bin/serial-oe.js',
);
const folder = mkdtempSync(join(tmpdir(), 'serial-oe-node-monitor-'));

/** Runs the command as a shell would; what it printed. */
function serialOe(line: string): string {
  const args = [CLI, ...line.split(' ')];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`serial-oe ${line} ended with ${status}: ${stderr}`);
  return stdout;
}

// Ten normal minutes would do better; sixty short clips are enough for a fan that is made by a formula.
serialOe(
  'synth --out sounds --types fan --ids 1 --train 60 --test 6 --seconds 4 --snr 12 --severity 4 --clip-spread 0',
);
serialOe('train --data sounds --machine-type fan --system mel-statistics --out fan-model');

/** Half a minute in which a fault begins after twelve seconds and is gone after twenty-four. */
const clips = ['normal', 'anomaly', 'normal'].flatMap((label) =>
  [0, 1, 2].map((i) => join(folder, 'sounds/fan/test', `${label}_id_00_0000000${i}.wav`)),
);
const pieces = await Promise.all(clips.map(async (path) => (await readWav(path)).channels[0]!));
const waveform = new Float32Array(pieces.reduce((n, { length }) => n + length, 0));
pieces.reduce((at, piece) => {
  waveform.set(piece, at);
  return at + piece.length;
}, 0);
await writeWav(join(folder, 'shift.wav'), { sampleRate: SAMPLE_RATE, channels: [waveform] });

writeFileSync(
  join(folder, 'monitor.yaml'),
  `
site: plant
models: { fan: ./fan-model }
sensors:
  - { asset: fan-3, sensor: mic-1, machineId: 00, model: fan, source: { file: shift.wav } }
windowSeconds: 4
hopSeconds: 4
alarm: { onDelay: 4, offDelay: 4 }
clips: { folder: events }
stateFile: state.json
`,
);
console.log(serialOe('monitor --config monitor.yaml --dry-run'));

const events = serialOe('monitor --config monitor.yaml --json')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as MonitorEvent);
const start = Math.min(...events.flatMap((event) => (event.kind === 'score' ? [event.time] : [])));
for (const event of events) {
  const at = `${(event.time - start).toFixed(0).padStart(3)} s `;
  if (event.kind === 'alarm')
    console.log(
      `${at} alarm ${event.change}: ${event.message}, score ${event.anomalyScore?.toFixed(1)} of ${event.threshold.toFixed(1)}`,
    );
  if (event.kind === 'clip') console.log(`its sound: ${basename(event.path)}`);
}
console.log(`${events.filter(({ kind }) => kind === 'score').length} windows scored`);
rmSync(folder, { recursive: true });
