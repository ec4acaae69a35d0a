import type { Audio } from '@serial-oe/audio-features';

const [SAMPLE_RATE, SECONDS] = [44_100, 8];

/** An elevator: it hums and speeds up, runs, slows down, and knocks at every joint of its rails. */
export function elevator(): Audio {
  const nSamples = SAMPLE_RATE * SECONDS;
  const left = new Float32Array(nSamples);
  const right = new Float32Array(nSamples);
  let phase = 0;
  let state = 1;
  for (let i = 0; i < nSamples; i++) {
    const t = i / SAMPLE_RATE;
    const speed = Math.min(1, t / 2, (SECONDS - t) / 2); // ramps of two seconds
    phase += (2 * Math.PI * (60 + 540 * speed)) / SAMPLE_RATE;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = state / 2 ** 31 - 1;
    const motor = 0.15 * Math.sin(phase) + 0.08 * Math.sin(2 * phase) + 0.05 * Math.sin(5 * phase);
    const sinceKnock = t % 0.8;
    const knock = speed * 0.4 * Math.exp(-sinceKnock * 40) * Math.sin(2 * Math.PI * 2500 * sinceKnock);
    left[i] = motor + knock + 0.005 * noise;
    right[i] = 0.8 * motor + 0.5 * knock + 0.005 * noise;
  }
  return { sampleRate: SAMPLE_RATE, channels: [left, right] };
}
