// The demo: a fan that is made by a formula, what `serial-oe train` learns of it, and a recording of it in which a fault comes and goes.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { writeWav } from '@serial-oe/audio-features/node';
import { injectFault, seededRandom, synthesizeMachineSounds } from '@serial-oe/datasets';
import { writeMachineSounds } from '@serial-oe/datasets/node';
import { claimFolder } from '@serial-oe/runtime/node/files';

const SAMPLE_RATE = 16_000;
/** The fan, and the pump that the network learns to tell it from; clips vary as on a test bench that stands in a quiet hall. */
const MACHINES = {
  machineTypes: ['fan', 'pump'] as const,
  ...{ nIds: 1, snrDb: 12, clipSpread: 0.3, seed: 3, sampleRate: SAMPLE_RATE },
};
const TRAINING = { nTrain: 40, nTest: 0, durationSeconds: 4 };
/** A small network for a page: half of the quick preset's bands, a few epochs. */
const CONFIG = { frontEnd: { nMels: 64, hopLength: 512 }, optimization: { nEpochs: 6 } };
/** The recording: a hiss as of a leak, from one second to another. */
const RECORDING = { seconds: 30, faultFrom: 10, faultTo: 20, fadeSeconds: 0.5, severityDb: -2 };
/** Normal clips whose sound the page compares with. */
const N_NORMAL_CLIPS = 12;

export interface DemoFiles {
  /** Holds `demo.serialoe`, `demo.wav`, `normal/*.wav`, and `demo.json` that lists these. */
  folder: string;
}

/**
 * Makes the demo's model and recordings in a folder named after what they are made from, unless they are there already. Two that
 * build at once wait for each other.
 * @param root git-ignored
 */
export async function makeDemo(root: string, log: (line: string) => void): Promise<DemoFiles> {
  const folder = join(root, `demo-${demoKey()}`);
  mkdirSync(root, { recursive: true });
  while (!existsSync(folder)) {
    const release = await claimFolder(`${folder}.making`, 'browser-monitor').catch(() => null);
    if (release === null) {
      await wait(500); // another process makes it
      continue;
    }
    try {
      if (!existsSync(folder)) await make(folder, log);
    } finally {
      await release();
    }
  }
  removeOlder(root, folder);
  return { folder };
}

async function make(folder: string, log: (line: string) => void): Promise<void> {
  const temporary = `${folder}.new`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(join(temporary, 'normal'), { recursive: true });
  log('making the demo: a model of a synthetic fan (about a minute, once) ..');
  const sounds = join(temporary, 'sounds');
  await writeMachineSounds(sounds, { ...MACHINES, ...TRAINING, machineTypes: [...MACHINES.machineTypes] });
  const config = join(temporary, 'config.json');
  writeFileSync(config, JSON.stringify(CONFIG));
  await train(['--data', sounds, '--out', join(temporary, 'demo.serialoe'), '--config', config]);
  const normals = join(sounds, 'fan', 'train');
  const kept = readdirSync(normals).sort().slice(0, N_NORMAL_CLIPS);
  for (const name of kept) renameSync(join(normals, name), join(temporary, 'normal', name));
  writeFileSync(join(temporary, 'demo.json'), JSON.stringify({ normals: kept }));
  await writeWav(join(temporary, 'demo.wav'), { sampleRate: SAMPLE_RATE, channels: [faultyRecording()] });
  rmSync(sounds, { recursive: true });
  rmSync(config);
  renameSync(temporary, folder);
}

/** The command, as anybody would train such a model. */
function train(args: string[]): Promise<void> {
  const cli = join(
    dirname(createRequire(import.meta.url).resolve('@serial-oe/cli/package.json')),
    'bin/serial-oe.js',
  );
  const flags = ['--machine-type', 'fan', '--float16', '--licence', 'synthetic sounds, CC0-1.0'];
  const child = spawn(process.execPath, [cli, 'train', ...args, ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors = (errors + text).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`serial-oe train ended with ${status}:\n${errors}`)),
    );
  });
}

/** The same fan over half a minute that was not trained on, with the fault faded in and out. */
function faultyRecording(): Float32Array {
  const { seconds, faultFrom, faultTo, fadeSeconds, severityDb } = RECORDING;
  const options = {
    ...MACHINES,
    machineTypes: ['fan'] as const,
    nTrain: 0,
    nTestNormal: 1,
    nTestAnomalous: 0,
  };
  const [clip] = synthesizeMachineSounds({ ...options, durationSeconds: seconds });
  const { waveform } = clip!;
  const random = seededRandom(MACHINES.seed, 'demo');
  const faulty = injectFault(waveform, { sampleRate: SAMPLE_RATE, kind: 'leakHiss', severityDb, random });
  return waveform.map((sample, i) => {
    const time = i / SAMPLE_RATE;
    const share = Math.min(1, (time - faultFrom) / fadeSeconds, (faultTo - time) / fadeSeconds);
    return sample + Math.max(0, share) * (faulty[i]! - sample);
  });
}

/** Of all that decides what comes out: these settings, this file, and the versions of what trains. */
function demoKey(): string {
  const own = readFileSync(fileURLToPath(import.meta.url));
  const version = createRequire(import.meta.url)('@serial-oe/cli/package.json').version;
  return createHash('sha256').update(own).update(version).digest('hex').slice(0, 12);
}

function removeOlder(root: string, kept: string): void {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (/^demo-[0-9a-f]{12}$/.test(name) && path !== kept) rmSync(path, { recursive: true, force: true });
  }
}
