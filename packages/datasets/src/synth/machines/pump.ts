import { createDraw, type Draw } from '../draw';
import { bandPass, filter, highPass, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scale, scaleToRms, shape } from '../dsp/level';
import { ring } from '../dsp/modes';
import { pinkNoise, smoothGain, whiteNoise } from '../dsp/noise';
import { playTable, tabulate, type WaveTable, waveTable } from '../dsp/oscillator';
import { leak, ticks } from '../faults';
import { type ClipContext, type MachineModel, severityOf } from '../machine-model';
import {
  drawModes,
  drawResonances,
  fluctuate,
  humHarmonics,
  MAINS_FREQUENCY,
  mainsPhase,
  modulate,
  resonanceFilters,
  shaftHarmonics,
} from '../parts';
import { rotate } from '../rotation';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, cos, exp, floor, max, min } = Math;

/** Hz. */
const MAX_TONE = 2500;
/** Standard deviation of a stroke's length in nepers at severity 1 of `uneven-strokes`. */
const UNEVENNESS = 0.2;

/**
 * A water pump: flow noise in the pipes that pulses with each stroke of the piston, the vane-pass tone of the
 * driving impeller, motor hum, and the crackle of a little cavitation.
 */
export const pump: MachineModel = {
  machineType: 'pump',
  faults: {
    leak: 12,
    cavitation: 10,
    'uneven-strokes': 3,
    clogging: 7,
    bearing: 5.5,
    'missed-stroke': 3,
  },
  create(draw) {
    const parameters = drawPump(draw);
    return (clip) => renderPump(parameters, clip);
  },
};

type Pump = ReturnType<typeof drawPump>;

function drawPump(draw: Draw) {
  const shaftHz = ((2 * MAINS_FREQUENCY) / draw.pick([2, 4])) * (1 - draw.uniform(0.02, 0.06));
  const nPerTurn = draw.integer(5, 7);
  const nOrders = floor(MAX_TONE / shaftHz);
  return {
    shaftHz,
    vanes: waveTable(
      shaftHarmonics(draw, {
        nPerTurn,
        nOrders,
        fall: draw.uniform(0.6, 1.3),
        irregularity: draw.uniform(-24, -12),
      }),
    ),
    hum: waveTable(humHarmonics(draw)),
    strokeHz: draw.logUniform(1.2, 6),
    pulseDepth: draw.uniform(0.35, 0.8),
    pulse: strokeShape(draw.uniform(0.8, 3)),
    pipe: drawResonances(draw, 4, { from: 200, to: 4500, gain: [3, 12] }),
    corner: draw.logUniform(900, 2500),
    vaneLevel: fromDb(draw.uniform(-8, -1)),
    humLevel: fromDb(draw.uniform(-16, -6)),
    bubbles: { perSecond: draw.uniform(5, 15), level: fromDb(draw.uniform(-30, -24)) },
    bubbleModes: drawModes(draw, 4, { from: 1500, to: 6500, decay: [0.0006, 0.003] }),
    ballPass: draw.uniform(3.2, 5.4),
    bearingModes: drawModes(draw, 2, { from: 1800, to: 6000, decay: [0.0008, 0.002] }),
    jet: draw.logUniform(2500, 5000),
  };
}

function renderPump(pump: Pump, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const leaking = severityOf(clip, 'leak');
  const clogged = severityOf(clip, 'clogging');
  const { phase, factor } = rotate(clip, { hz: pump.shaftHz, change: -0.012 * clogged + 0.004 * leaking });
  const pulse = strokePulse(pump, clip, factor);

  const out = pipeNoise(pump, clip, { temperature: load.normal(0.02) + clip.operation.shift, clogged });
  scaleToRms(out, fromDb(load.normal(0.8) - clogged));
  modulate(out, pulse, pump.pulseDepth * max(0.2, 1 - 0.2 * leaking));
  const vanes = playTable(pump.vanes, phase);
  modulate(vanes, pulse, 0.25);
  mixInto(out, vanes, pump.vaneLevel * fromDb(load.normal(0.8) + 1.2 * clogged + clip.operation.load));
  mixInto(out, playTable(pump.hum, mainsPhase(clip)), pump.humLevel * fromDb(load.normal(0.8) + clogged));
  mixInto(out, cavitation(pump, clip, pulse));

  if (leaking > 0) mixInto(out, leak(clip, { frequency: pump.jet, rms: 0.1 * leaking }));
  const wear = severityOf(clip, 'bearing');
  if (wear > 0) {
    mixInto(out, ticks(clip, { phase, order: pump.ballPass, modes: pump.bearingModes, rms: 0.07 * wear }));
  }
  return out;
}

/** One stroke's pressure from 0 to 1 and back; sharper strokes rest longer in between. */
function strokeShape(sharpness: number): WaveTable {
  return tabulate((cycles) => (0.5 - 0.5 * cos(2 * PI * cycles)) ** sharpness);
}

/** The pressure pulses, around 0; a fault lets strokes fail. */
function strokePulse(pump: Pump, clip: ClipContext, factor: Float32Array): Float32Array {
  const jitter = createDraw(clip.stream('strokes'));
  const misses = createDraw(clip.stream('misses'));
  const missProbability = min(0.6, 0.18 * severityOf(clip, 'missed-stroke'));
  const uneven = createDraw(clip.stream('uneven'));
  const unevenness = min(0.6, UNEVENNESS * severityOf(clip, 'uneven-strokes'));
  const phase = new Float64Array(clip.nSamples);
  const strengths = new Float32Array(clip.nSamples);
  let position = jitter.uniform(0, 1);
  let strength = 1;
  let speed = 1;
  for (let i = 0; i < phase.length; i++) {
    position += (pump.strokeHz * speed * factor[i]!) / clip.sampleRate;
    if (position >= 1) {
      position -= 1;
      speed = (1 + jitter.normal(0.012)) * exp(uneven.normal(unevenness));
      strength = 1 + jitter.normal(0.08);
      if (misses.uniform(0, 1) < missProbability) strength *= misses.uniform(0, 0.3);
    }
    phase[i] = position;
    strengths[i] = strength;
  }
  const out = shape(playTable(pump.pulse, phase), strengths);
  for (let i = 0; i < out.length; i++) out[i] = 2 * out[i]! - 1;
  return out;
}

function pipeNoise(
  pump: Pump,
  clip: ClipContext,
  { temperature, clogged }: { temperature: number; clogged: number },
): Float32Array {
  const { nSamples, sampleRate } = clip;
  const out = filter(
    pinkNoise(nSamples, clip.stream('flow')),
    lowPass({ frequency: pump.corner, q: 0.6, sampleRate }),
    ...resonanceFilters(pump.pipe, 1 + temperature + 0.03 * clogged, sampleRate),
  );
  fluctuate(clip, out, { name: 'turbulence', standardDeviation: 0.06, timeConstant: 0.15 });
  return out;
}

/** Collapsing bubbles: irregular crackles, most of them where the pressure is low, in clusters. */
function cavitation(pump: Pump, clip: ClipContext, pulse: Float32Array): Float32Array {
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('cavitation');
  const severity = severityOf(clip, 'cavitation');
  const cluster = smoothGain({ nSamples, sampleRate, standardDeviation: 0.8, timeConstant: 0.08, random });
  const rate = (pump.bubbles.perSecond * (1 + 4 * severity)) / sampleRate;
  const impulses = new Float32Array(nSamples);
  for (let i = 0; i < nSamples; i++) {
    const chance = rate * cluster[i]! * (1 - 0.6 * pulse[i]!);
    if (random() < chance) impulses[i] = 2 * random() - 1;
  }
  const out = ring(impulses, pump.bubbleModes, sampleRate);
  const hiss = filter(
    whiteNoise(nSamples, random),
    bandPass({ frequency: 4000, q: 0.8, sampleRate }),
    highPass({ frequency: 1500, q: 0.7, sampleRate }),
  );
  shape(hiss, cluster);
  mixInto(out, hiss, 0.004 + 0.006 * severity);
  // Absolute strength of one bubble, so that more bubbles are louder.
  return scale(out, pump.bubbles.level * 12);
}
