import { createDraw, type Draw } from '../draw';
import { filter, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scaleToRms } from '../dsp/level';
import { pinkNoise } from '../dsp/noise';
import { playTable, waveTable } from '../dsp/oscillator';
import { rubbing, ticks } from '../faults';
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
import { hunting, rotate } from '../rotation';

/** Hz; above it the blades' tone drowns in the flow noise. */
const MAX_TONE = 3500;
const HUNTING = { kind: 'hunting', hz: [0.5, 1.5], depth: 0.03 } as const;

/**
 * An industrial axial fan on an induction motor: harmonics of the blade-pass frequency, weaker ones of the
 * shaft between them, broadband flow noise that the duct colours and the blades modulate, and magnetic hum.
 */
export const fan: MachineModel = {
  machineType: 'fan',
  faults: {
    imbalance: 5,
    rubbing: 5.5,
    hunting: 1.8,
    bearing: 4.5,
    obstruction: 3.5,
    'speed-drift': 4,
  },
  create(draw) {
    const parameters = drawFan(draw);
    return (clip) => renderFan(parameters, clip);
  },
};

type Fan = ReturnType<typeof drawFan>;

function drawFan(draw: Draw) {
  const shaftHz = ((2 * MAINS_FREQUENCY) / draw.pick([2, 4, 4, 6])) * (1 - draw.uniform(0.02, 0.05));
  const nBlades = draw.integer(5, 9);
  const nOrders = Math.floor(MAX_TONE / shaftHz);
  const irregularity = draw.uniform(-30, -20);
  const wobble = [1, 2, 3, nBlades - 1, nBlades + 1].map((order) => ({
    order,
    amplitude: order === 1 ? 1 : draw.uniform(0.2, 0.6),
    phase: draw.uniform(0, 1),
  }));
  return {
    shaftHz,
    rotor: waveTable(
      shaftHarmonics(draw, { nPerTurn: nBlades, nOrders, fall: draw.uniform(0.7, 1.4), irregularity }),
    ),
    hum: waveTable(humHarmonics(draw)),
    wobble: waveTable(wobble),
    duct: drawResonances(draw, 4, { from: 150, to: 5000, gain: [2, 10] }),
    corner: draw.logUniform(700, 2200),
    rotorLevel: fromDb(draw.uniform(-10, -3)),
    humLevel: fromDb(draw.uniform(-22, -12)),
    ballPass: draw.uniform(3.2, 5.4), // balls that pass a spot of the outer race a turn, for common bearings
    bearingModes: drawModes(draw, 2, { from: 1800, to: 6500, decay: [0.0008, 0.002] }),
    scrape: { contact: draw.uniform(0.1, 0.25), frequency: draw.logUniform(1200, 4500) },
  };
}

function renderFan(fan: Fan, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const blocked = severityOf(clip, 'obstruction');
  const imbalance = severityOf(clip, 'imbalance');
  const direction = createDraw(clip.stream('direction')).pick([-1, 1]);
  const drift = 0.02 * direction * severityOf(clip, 'speed-drift');
  const change = drift + 0.008 * blocked; // on average
  const hunt = hunting(clip, HUNTING);
  const speed = driftingSpeed(clip, change, drift);
  if (hunt) mixInto(speed, hunt);
  const { phase } = rotate(clip, { hz: fan.shaftHz, change: speed });
  const tones = playTable(fan.rotor, phase);

  const out = flowNoise(fan, clip, { temperature: load.normal(0.02) + clip.operation.shift, blocked });
  modulate(out, tones, 0.2);
  if (imbalance > 0) modulate(out, playTable(fan.wobble, phase), 0.25 * imbalance);
  const aero = (1 + change) ** 2.5; // sound pressure of flow grows with about this power of the speed
  scaleToRms(out, aero * fromDb(load.normal(0.7)));
  mixInto(out, tones, fan.rotorLevel * aero * fromDb(load.normal(0.8) + 1.5 * blocked + clip.operation.load));
  mixInto(out, playTable(fan.hum, mainsPhase(clip)), fan.humLevel * fromDb(load.normal(0.8) + 60 * change));
  if (imbalance > 0) mixInto(out, playTable(fan.wobble, phase), 0.35 * imbalance);
  if (hunt) modulate(out, hunt, 6);

  const wear = severityOf(clip, 'bearing');
  if (wear > 0) {
    mixInto(out, ticks(clip, { phase, order: fan.ballPass, modes: fan.bearingModes, rms: 0.07 * wear }));
  }
  const touch = severityOf(clip, 'rubbing');
  if (touch > 0) mixInto(out, rubbing(clip, { phase, ...fan.scrape, rms: 0.11 * touch }));
  return out;
}

/** Relative change of the speed: around `mean`, from `drift / 2` below it to as much above during the clip. */
function driftingSpeed({ nSamples }: ClipContext, mean: number, drift: number): Float32Array {
  const change = new Float32Array(nSamples);
  for (let i = 0; i < nSamples; i++) change[i] = mean + drift * (i / nSamples - 0.5);
  return change;
}

/** A blocked duct lowers the corner, shifts the resonances and makes the flow surge. */
function flowNoise(
  fan: Fan,
  clip: ClipContext,
  { temperature, blocked }: { temperature: number; blocked: number },
): Float32Array {
  const { nSamples, sampleRate } = clip;
  const corner = { frequency: fan.corner * (1 - 0.15 * Math.min(blocked, 3)), q: 0.6, sampleRate };
  const shift = 1 + temperature - 0.03 * Math.min(blocked, 3);
  const out = filter(
    pinkNoise(nSamples, clip.stream('flow')),
    lowPass(corner),
    ...resonanceFilters(fan.duct, shift, sampleRate),
  );
  fluctuate(clip, out, { name: 'turbulence', standardDeviation: 0.08, timeConstant: 0.2 });
  if (blocked > 0) {
    fluctuate(clip, out, { name: 'surge', standardDeviation: 0.12 * blocked, timeConstant: 0.06 });
  }
  return out;
}
