import { anomalyKindsOf, DCASE2020_MACHINE_TYPES, generateMachineSounds } from '../src';

// Processor time, so that a busy machine does not count. Clips of 10 s at 16 kHz.

const N_CLIPS = 30;

for (const machineType of DCASE2020_MACHINE_TYPES) {
  const options = { machineTypes: [machineType], nIds: 1, nTrain: N_CLIPS, nTest: 0 } as const;
  report(`${machineType}, normal`, options);
}
for (const machineType of DCASE2020_MACHINE_TYPES) {
  const options = {
    machineTypes: [machineType],
    nIds: 1,
    nTrain: 0,
    nTestNormal: 0,
    nTestAnomalous: N_CLIPS,
  };
  report(`${machineType}, ${anomalyKindsOf(machineType).length} kinds of fault`, options);
}

function report(name: string, options: Parameters<typeof generateMachineSounds>[0]): void {
  const clips = generateMachineSounds(options);
  const start = process.cpuUsage();
  const first = clips.next(); // draws the machine and measures its level
  if (first.done) throw new Error('no clip');
  const placed = process.cpuUsage(start);
  const warm = process.cpuUsage();
  let sum = 0;
  for (const { waveform } of clips) sum += waveform[0] as number;
  if (!Number.isFinite(sum)) throw new Error('no sound');
  const { user, system } = process.cpuUsage(warm);
  const msPerClip = (user + system) / 1000 / (N_CLIPS - 1);
  const firstMs = (placed.user + placed.system) / 1000;
  console.log(
    `${name.padEnd(34)} ${msPerClip.toFixed(1).padStart(6)} ms a clip, first ${firstMs.toFixed(0)} ms`,
  );
}
