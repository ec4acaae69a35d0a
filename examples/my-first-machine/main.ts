// From a microphone to an alarm in five steps: record, check, train, ask what would be found, watch. Synthetic sounds stand in for the
// microphone here, so that it runs anywhere; everything after step 1 is what you would do with recordings of your own.
// npm start -w examples/my-first-machine
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { writeWav } from '@serial-oe/audio-features/node';
import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
import { checkDataset, scanDataset } from '@serial-oe/datasets/node';
import { selftest } from '@serial-oe/experiments';
import type { MonitorEvent } from '@serial-oe/monitor';
import { fileSource, Monitor } from '@serial-oe/monitor/node';
import { createEnsemble, loadModel, saveModel, trainModel } from '@serial-oe/runtime/contract';
import { createNodePlatform } from '@serial-oe/runtime/node/files';
import { clipSounds, shiftWithAFault } from './stand-in-for-a-microphone';

const [MACHINE_TYPE, MACHINE_ID] = ['fan', '00'];
const folder = resolve('output');
const recordings = join(folder, 'recordings');
const modelFolder = join(folder, 'fan-model');
const platform = createNodePlatform();

/** The systems that need recordings of this machine alone: the colour of its sound, its rhythm, its loudness. */
const members = [melStatistics, modulationStatistics, level];
const system = createEnsemble({ name: 'ensemble', members });

let start: number | undefined;
/** Alarms, in seconds since the monitor began to listen. */
function show(event: MonitorEvent): void {
  if (event.kind === 'score') start ??= event.time;
  if (event.kind !== 'alarm') return;
  const seconds = event.time - (start ?? event.time);
  console.log(`${seconds.toFixed(0).padStart(3)} s  alarm ${event.change}: ${event.message}`);
}

function step(title: string, command: string): void {
  console.log(`\n${title}\n  $ ${command}`);
}

await rm(folder, { recursive: true, force: true });

step(
  '1  Record the healthy machine, on more than one day, and lay the clips out by type, machine, split, label',
  'arecord -f S16_LE -r 16000 -c 1 --max-file-time 10 --use-strftime recordings/fan/00/train/normal/%Y-%m-%d/%H%M%S.wav',
);
for (const { name, waveform, sampleRate } of clipSounds()) {
  const path = join(recordings, MACHINE_TYPE, MACHINE_ID, 'train/normal', name);
  await mkdir(dirname(path), { recursive: true });
  await writeWav(path, { sampleRate, channels: [waveform] });
}

step(
  '2  Check them: is anything silent, clipped, too short, the same twice?',
  'npx serial-oe data check recordings',
);
const check = await checkDataset(recordings);
console.log(`${check.nClips} clips, read as ${check.readAs}`);
for (const { severity, message } of check.problems) console.log(`${severity}: ${message}`);
if (check.problems.some(({ severity }) => severity === 'error'))
  throw new Error('Mend the recordings first.');

step(
  '3  Train: seconds, without a recording of a fault, thresholds for one false alarm in a hundred clips',
  'npx serial-oe train --data recordings --machine-type fan --out fan-model',
);
const { clips } = scanDataset(recordings);
const trained = await trainModel(system, {
  clips,
  machineType: MACHINE_TYPE,
  falseAlarmRate: 0.01,
  platform,
});
await saveModel(trained, modelFolder, { platform });
for (const [machineId, { threshold, calibration }] of trained.thresholds ?? []) {
  console.log(
    `${MACHINE_TYPE} ${machineId}: threshold ${threshold.toFixed(2)}, set on ${calibration.nClips} clips`,
  );
}
trained.dispose();

step(
  '4  Ask what would be found: a third of the clips is held out, and made-up faults are put into them',
  'npx serial-oe selftest --data recordings --machine-type fan --system ensemble --false-alarm-rate 0.01 --severities=-34,-22,-10 --max-clips 3',
);
const { systems } = await selftest({
  ...{ clips, machineType: MACHINE_TYPE, falseAlarmRate: 0.01, maxClips: 3, platform },
  systems: [{ system, config: system.resolveConfig(undefined, {}) }],
  severitiesDb: [-34, -22, -10],
});
for (const { faults, nFalseAlarms, nHeldOut } of systems.flatMap(({ machines }) => machines)) {
  console.log(`${nFalseAlarms} false alarms in ${nHeldOut} held-out clips; smallest fault that is found:`);
  for (const { kind, smallestFoundDb } of faults) {
    console.log(
      `  ${kind.padEnd(20)} ${smallestFoundDb === null ? 'none' : `${smallestFoundDb} dB of the sound`}`,
    );
  }
}

step(
  '5  Watch. Here a recording in which a fault begins after 30 s; the same line with arecord listens to a microphone',
  'npx serial-oe monitor --model fan-model --machine-id 00 --source shift.wav',
);
const shift = shiftWithAFault();
await writeWav(join(folder, 'shift.wav'), { sampleRate: shift.sampleRate, channels: [shift.waveform] });
const scorer = await loadModel(modelFolder, { systems: members, platform });
const monitor = new Monitor({
  sensors: [
    {
      name: { site: 'plant', asset: 'fan-3', sensor: 'mic-1', machineId: MACHINE_ID },
      source: fileSource(join(folder, 'shift.wav')), // arecordSource({ device: 'hw:1' }) in earnest
      alarm: { onDelay: 5, offDelay: 5 }, // seconds: one odd window is no alarm
      scorer,
    },
  ],
  sinks: [{ name: 'console', publish: show, close: async () => {} }], // mqttSink, prometheusSink, webhookSink in earnest
});
await monitor.run(new AbortController().signal);
scorer.dispose();
