import { createDraw, type Draw } from '../draw';
import { bandPass, filter, highPass, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scale, scaleToRms } from '../dsp/level';
import { detune, ring } from '../dsp/modes';
import { pinkNoise, whiteNoise } from '../dsp/noise';
import { playTable, waveTable } from '../dsp/oscillator';
import { leak } from '../faults';
import { type ClipContext, type MachineModel, severityOf } from '../machine-model';
import { drawModes, humHarmonics, mainsPhase } from '../parts';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { abs, exp, max, min, round } = Math;

/** The longest by which a valve that closes late hangs open at severity 1. */
const LATE_SECONDS = 0.12;

/**
 * A solenoid valve: the plunger's blow when it opens and when it closes, each with its ring-down and a small
 * bounce, a burst of air while it is open, the coil's buzz while it is energised. The times of the commands
 * are irregular, as those of a running process.
 */
export const valve: MachineModel = {
  machineType: 'valve',
  faults: {
    sticking: 5,
    leak: 6,
    'late-closing': 1.5,
    'missed-actuation': 3,
    contamination: 6,
    'weak-coil': 7,
  },
  create(draw) {
    const parameters = drawValve(draw);
    return (clip) => renderValve(parameters, clip);
  },
};

type Valve = ReturnType<typeof drawValve>;

function drawValve(draw: Draw) {
  return {
    interval: draw.logUniform(0.45, 1.3), // seconds between commands to open, on average
    irregularity: draw.uniform(0.1, 0.35),
    openSeconds: draw.uniform(0.09, 0.3),
    openModes: drawModes(draw, 5, { from: 700, to: 6800, decay: [0.003, 0.015] }),
    closeModes: drawModes(draw, 4, { from: 500, to: 5500, decay: [0.004, 0.02] }),
    closeStrength: draw.uniform(0.5, 1.1),
    bounceDelay: draw.uniform(0.004, 0.012),
    bounce: draw.uniform(0.15, 0.4),
    air: { frequency: draw.logUniform(2000, 5000), q: draw.uniform(0.6, 1.5) },
    airLevel: fromDb(draw.uniform(-18, -8)),
    airDecay: draw.logUniform(0.03, 0.12),
    buzz: waveTable(humHarmonics(draw)),
    buzzLevel: fromDb(draw.uniform(-32, -24)),
    jet: draw.logUniform(2500, 5500),
    rest: fromDb(draw.uniform(-34, -28)),
  };
}

function renderValve(valve: Valve, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const { nSamples, sampleRate } = clip;
  const actions = planActions(valve, clip);
  const dirt = severityOf(clip, 'contamination');
  const sticky = severityOf(clip, 'sticking');
  const temperature = 1 + load.normal(0.008) + clip.operation.shift;
  const damping = 1 / (1 + 0.35 * dirt + 0.2 * sticky);

  const out = ring(actions.openings, detune(valve.openModes, temperature, damping), sampleRate);
  mixInto(out, ring(actions.closings, detune(valve.closeModes, temperature, damping), sampleRate));
  scale(out, fromDb(load.normal(0.8)));
  mixInto(
    out,
    airBursts(valve, clip, actions.energised),
    valve.airLevel * fromDb(load.normal(1) + clip.operation.load),
  );
  const buzz = playTable(valve.buzz, mainsPhase(clip));
  const weak = 1 + 0.5 * severityOf(clip, 'weak-coil'); // a plunger that is not drawn home hums
  for (let i = 0; i < nSamples; i++) buzz[i] = buzz[i]! * actions.energised[i]!;
  mixInto(out, buzz, valve.buzzLevel * weak * fromDb(load.normal(1)));
  const rest = filter(
    pinkNoise(nSamples, clip.stream('rest')),
    lowPass({ frequency: 3000, q: 0.7, sampleRate }),
  );
  mixInto(out, scaleToRms(rest, valve.rest * fromDb(load.normal(0.5))));

  const leaking = severityOf(clip, 'leak');
  if (leaking > 0)
    mixInto(out, leak(clip, { frequency: valve.jet, unsteadiness: 0.35, rms: 0.012 * leaking }));
  if (dirt > 0) mixInto(out, grit(valve, clip, actions.energised), 0.05 * dirt);
  return out;
}

interface Actions {
  /** Blows of the plunger, as impulses. */
  openings: Float32Array;
  closings: Float32Array;
  /** 1 while open, else 0. */
  energised: Float32Array;
}

function planActions(valve: Valve, clip: ClipContext): Actions {
  const { nSamples, sampleRate } = clip;
  const commands = createDraw(clip.stream('commands'));
  const blows = createDraw(clip.stream('blows'));
  const faults = createDraw(clip.stream('faults'));
  const missProbability = min(0.7, 0.13 * severityOf(clip, 'missed-actuation'));
  const sticky = severityOf(clip, 'sticking');
  const weak = severityOf(clip, 'weak-coil');
  const late = severityOf(clip, 'late-closing');
  const tempo = (valve.interval * (1 + commands.normal(0.05))) / clip.operation.speed;
  const openings = new Float32Array(nSamples);
  const closings = new Float32Array(nSamples);
  const energised = new Float32Array(nSamples);
  const put = (impulses: Float32Array, seconds: number, strength: number) => {
    const at = round(seconds * sampleRate);
    if (at >= 0 && at < nSamples) impulses[at] = impulses[at]! + strength;
  };
  for (let time = -commands.uniform(0, tempo); time < clip.nSamples / sampleRate; ) {
    const next = time + tempo * max(0.35, 1 + commands.normal(valve.irregularity));
    const open = valve.openSeconds * (1 + commands.normal(0.06));
    const strengths = [fromDb(blows.normal(0.8)), valve.closeStrength * fromDb(blows.normal(0.8))] as const;
    const delay = sticky * abs(faults.normal(0.025)); // a sticking plunger comes late, and harder
    const pull = weak > 0 ? max(0.2, 1 - 0.22 * weak * faults.uniform(0.3, 1.7)) : 1;
    const lag = late * LATE_SECONDS * faults.uniform(0, 1); // it hangs open for a moment, at no cost in strength
    if (faults.uniform(0, 1) >= missProbability) {
      const bounceAt = valve.bounceDelay * (1 + blows.normal(0.06)) * (1 + 0.3 * weak);
      put(openings, time + delay, strengths[0] * pull * (1 + 8 * delay));
      put(openings, time + delay + bounceAt, strengths[0] * pull * valve.bounce * (1 + 0.4 * weak));
      const closeAt = time + open + 1.6 * delay + lag;
      put(closings, closeAt, strengths[1] * (1 + 6 * delay));
      put(closings, closeAt + bounceAt, strengths[1] * valve.bounce);
      fillOnes(energised, (time + delay) * sampleRate, (time + open + delay + lag) * sampleRate);
    }
    time = next;
  }
  return { openings, closings, energised };
}

function fillOnes(out: Float32Array, from: number, to: number): void {
  out.fill(1, max(0, round(from)), max(0, round(to)));
}

/** Air rushes when the valve opens and fades while it stays open. */
function airBursts(valve: Valve, clip: ClipContext, energised: Float32Array): Float32Array {
  const { nSamples, sampleRate } = clip;
  const out = scaleToRms(
    filter(whiteNoise(nSamples, clip.stream('air')), bandPass({ ...valve.air, sampleRate })),
    1,
  );
  const fall = exp(-1 / (valve.airDecay * sampleRate));
  const rise = 1 - exp(-1 / (0.002 * sampleRate));
  let level = 0;
  let supply = 1;
  for (let i = 0; i < nSamples; i++) {
    const isOpen = energised[i] === 1;
    supply = isOpen ? supply * fall : 1;
    level += rise * ((isOpen ? supply : 0) - level);
    out[i] = out[i]! * level;
  }
  return out;
}

/** Particles grind while the plunger moves and stands open. */
function grit(valve: Valve, clip: ClipContext, energised: Float32Array): Float32Array {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('grit');
  const out = new Float32Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    if (energised[i] === 1 && random() < 400 / sampleRate) out[i] = 2 * random() - 1;
  }
  const ringing = ring(out, detune(valve.openModes, 1.2, 0.3), sampleRate);
  return filter(ringing, highPass({ frequency: 1000, q: 0.7, sampleRate }));
}
