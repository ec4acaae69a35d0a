import { type SyntheticClip, synthesizeMachineSounds } from '@serial-oe/datasets';

const DAYS = ['2026-11-02', '2026-11-03', '2026-11-04'];
const N_TRAIN = 45;
/** One fan: its clips, and the shift in which it gets a fault. */
const FAN = {
  machineTypes: ['fan'],
  nIds: 1,
  durationSeconds: 5,
  snrDb: 6,
  clipSpread: 0.5,
  seed: 3,
} as const;

interface Recording {
  /** Day and time, as arecord names it. */
  name: string;
  waveform: Float32Array;
  sampleRate: number;
}

/** What a microphone would have recorded of the healthy machine over three days. */
export function clipSounds(): Recording[] {
  const clips = synthesizeMachineSounds({ ...FAN, nTrain: N_TRAIN, nTest: 0 });
  return clips.map(({ waveform, sampleRate }, i) => {
    const nOfDay = Math.floor(i / DAYS.length);
    const name = `${DAYS[i % DAYS.length]}/08${String(nOfDay).padStart(2, '0')}00.wav`;
    return { name, waveform, sampleRate };
  });
}

/** A minute and a half of the same machine: well for 30 s, with a fault for 30 s, repaired for the rest. */
export function shiftWithAFault(): { waveform: Float32Array; sampleRate: number } {
  const clips = synthesizeMachineSounds({
    ...FAN,
    nTrain: 0,
    nTestNormal: 12,
    nTestAnomalous: 6,
    severity: 3,
  });
  const normal = clips.filter(({ label }) => label === 'normal');
  const faulty = clips.filter(({ label }) => label === 'anomaly');
  return joined([...normal.slice(0, 6), ...faulty, ...normal.slice(6)]);
}

function joined(clips: readonly SyntheticClip[]): { waveform: Float32Array; sampleRate: number } {
  const waveform = new Float32Array(clips.reduce((n, clip) => n + clip.waveform.length, 0));
  let at = 0;
  for (const clip of clips) {
    waveform.set(clip.waveform, at);
    at += clip.waveform.length;
  }
  return { waveform, sampleRate: clips[0]!.sampleRate };
}
