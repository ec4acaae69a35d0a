import { createDraw, type Draw } from '../draw';
import { filter, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scale, scaleToRms } from '../dsp/level';
import { ring } from '../dsp/modes';
import { pinkNoise, smoothWalk } from '../dsp/noise';
import { gearedPhase, playTable, waveTable } from '../dsp/oscillator';
import { rubbing, ticks } from '../faults';
import { type ClipContext, type MachineModel, severityOf } from '../machine-model';
import { drawModes, drawResonances, fluctuate, modulate, resonanceFilters, shaftHarmonics } from '../parts';
import { hunting, rotate } from '../rotation';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { exp, floor } = Math;

/** Hz. */
const MAX_TONE = 5000;
const HUNTING = { kind: 'hunting', hz: [1.5, 4], depth: 0.03 } as const;

/**
 * A toy belt conveyor: a DC motor and its gears, rollers that rumble, and the belt, whose seam thumps each
 * time that it comes round.
 */
export const toyConveyor: MachineModel = {
  machineType: 'ToyConveyor',
  faults: {
    'belt-damage': 8,
    'roller-damage': 5.5,
    hunting: 1.2,
    'belt-slip': 8,
    rubbing: 4.5,
    'voltage-change': 5,
  },
  create(draw) {
    const parameters = drawToyConveyor(draw);
    return (clip) => renderToyConveyor(parameters, clip);
  },
};

type ToyConveyor = ReturnType<typeof drawToyConveyor>;

function drawToyConveyor(draw: Draw) {
  const motorHz = draw.logUniform(60, 130);
  const rollerRatio = 1 / draw.uniform(12, 25);
  const nPerTurn = draw.integer(8, 14);
  return {
    motorHz,
    rollerRatio,
    beltRatio: rollerRatio / draw.uniform(6, 14), // rounds of the belt a turn of the motor
    motor: waveTable(
      shaftHarmonics(draw, {
        nPerTurn,
        nOrders: floor(MAX_TONE / motorHz),
        fall: draw.uniform(0.5, 1.1),
        irregularity: draw.uniform(-14, -6),
      }),
    ),
    roller: waveTable(
      shaftHarmonics(draw, { nPerTurn: draw.integer(2, 6), nOrders: 12, fall: 1, irregularity: -8 }),
    ),
    motorLevel: fromDb(draw.uniform(-6, 0)),
    frame: drawResonances(draw, 5, { from: 200, to: 6000, gain: [3, 12] }),
    corner: draw.logUniform(1200, 3500),
    rumble: draw.uniform(0.15, 0.35),
    seamModes: drawModes(draw, 4, { from: 180, to: 3000, decay: [0.006, 0.03] }),
    seamLevel: fromDb(draw.uniform(-2, 6)),
    rollerModes: drawModes(draw, 3, { from: 700, to: 5000, decay: [0.001, 0.004] }),
    rollerTicks: fromDb(draw.uniform(-26, -18)),
    scrape: { contact: draw.uniform(0.25, 0.6), frequency: draw.logUniform(1000, 4500) },
  };
}

function renderToyConveyor(conveyor: ToyConveyor, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const direction = createDraw(clip.stream('direction')).pick([-1, 1]);
  const change = 0.03 * direction * severityOf(clip, 'voltage-change');
  const hunt = hunting(clip, HUNTING);
  const speed = hunt ? hunt.map((swing) => (1 + swing) * (1 + change) - 1) : change;
  const { phase } = rotate(clip, { hz: conveyor.motorHz, tolerance: 0.01, wander: 0.003, change: speed });
  const belt = slippingPhase(clip, gearedPhase(phase, conveyor.beltRatio));
  const rollers = gearedPhase(belt, conveyor.rollerRatio / conveyor.beltRatio);

  const out = rumble(conveyor, clip, load.normal(0.015) + clip.operation.shift);
  modulate(out, playTable(conveyor.roller, rollers), conveyor.rumble);
  const motor = playTable(conveyor.motor, phase);
  mixInto(out, motor, conveyor.motorLevel * (1 + change) ** 2 * fromDb(load.normal(1) + clip.operation.load));
  if (hunt) modulate(out, hunt, 8);
  mixInto(out, seam(conveyor, clip, belt), fromDb(load.normal(1)));
  const tick = { phase: rollers, order: 1, modes: conveyor.rollerModes, loadZone: 0 };
  const damaged = severityOf(clip, 'roller-damage');
  mixInto(out, ticks(clip, { ...tick, rms: conveyor.rollerTicks * (1 + 1.2 * damaged) }));
  const touch = severityOf(clip, 'rubbing');
  if (touch > 0) mixInto(out, rubbing(clip, { phase: rollers, ...conveyor.scrape, rms: 0.17 * touch }));
  return out;
}

/** A slack belt slips: its speed sags and recovers. */
function slippingPhase(clip: ClipContext, belt: Float64Array): Float64Array {
  const severity = severityOf(clip, 'belt-slip');
  if (severity === 0) return belt;
  const { nSamples, sampleRate } = clip;
  const random = clip.stream('slip');
  const walk = smoothWalk({ nSamples, sampleRate, standardDeviation: 1, timeConstant: 0.5, random });
  const out = new Float64Array(nSamples);
  let turns = belt[0]!;
  for (let i = 0; i < nSamples; i++) {
    out[i] = turns;
    const driven = i + 1 < nSamples ? belt[i + 1]! - belt[i]! : 0;
    const grip = 1 / (1 + 0.12 * severity * exp(walk[i]!));
    turns += driven * grip;
  }
  return out;
}

function rumble(conveyor: ToyConveyor, clip: ClipContext, temperature: number): Float32Array {
  const { nSamples, sampleRate } = clip;
  const slack = severityOf(clip, 'belt-slip');
  const out = filter(
    pinkNoise(nSamples, clip.stream('rumble')),
    lowPass({ frequency: conveyor.corner, q: 0.6, sampleRate }),
    ...resonanceFilters(conveyor.frame, (1 + temperature) / (1 + 0.025 * slack), sampleRate),
  );
  fluctuate(clip, out, { name: 'goods', standardDeviation: 0.08 + 0.06 * slack, timeConstant: 0.3 });
  return scaleToRms(out, fromDb(createDraw(clip.stream('level')).normal(0.8)));
}

/** The seam's thump once a round of the belt; a damaged belt has more spots that thump. */
function seam(conveyor: ToyConveyor, clip: ClipContext, belt: Float64Array): Float32Array {
  const blows = createDraw(clip.stream('seam'));
  const faults = createDraw(clip.stream('damage'));
  const damage = severityOf(clip, 'belt-damage');
  const spots = [{ at: 0, strength: 1 }];
  if (damage > 0) {
    spots.push({ at: faults.uniform(0.15, 0.5), strength: 0.9 * damage });
    spots.push({ at: faults.uniform(0.5, 0.85), strength: 0.7 * damage });
  }
  const offset = blows.uniform(0, 1);
  const impulses = new Float32Array(clip.nSamples);
  for (let i = 1; i < impulses.length; i++) {
    for (const { at, strength } of spots) {
      const before = floor(belt[i - 1]! + offset - at);
      const after = floor(belt[i]! + offset - at);
      if (after > before) impulses[i] = strength * fromDb(blows.normal(1.2));
    }
  }
  return scale(ring(impulses, conveyor.seamModes, clip.sampleRate), 2 * conveyor.seamLevel);
}
