import { createDraw, type Draw } from '../draw';
import { bandPass, filter, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scale, scaleToRms } from '../dsp/level';
import { ring } from '../dsp/modes';
import { pinkNoise, whiteNoise } from '../dsp/noise';
import { playTable, waveTable } from '../dsp/oscillator';
import { rattle } from '../faults';
import { type ClipContext, type MachineModel, severityOf } from '../machine-model';
import { drawModes, drawResonances, resonanceFilters, shaftHarmonics } from '../parts';
import { planStrokes, type Strokes } from '../strokes';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { abs, max, round, sqrt } = Math;

/**
 * A linear slide on a spindle: strokes to and fro with pauses, rolling noise and the motor's whine following
 * the speed of the carriage, a click at each end.
 */
export const slider: MachineModel = {
  machineType: 'slider',
  faults: {
    'missed-stroke': 2.5,
    'rail-damage': 6,
    'uneven-strokes': 2.5,
    'dry-rail': 5,
    'loose-screw': 3.5,
    misalignment: 7,
  },
  create(draw) {
    const parameters = drawSlider(draw);
    return (clip) => renderSlider(parameters, clip);
  },
};

type Slider = ReturnType<typeof drawSlider>;

function drawSlider(draw: Draw) {
  return {
    strokeSeconds: draw.uniform(0.5, 1.4),
    pauseSeconds: draw.uniform(0.08, 0.6),
    rampShare: draw.uniform(0.12, 0.3),
    asymmetry: draw.uniform(0.85, 1.18), // the way back takes another time
    turnsPerStroke: draw.uniform(20, 60), // of the spindle
    whine: waveTable(
      shaftHarmonics(draw, {
        nPerTurn: draw.pick([4, 6, 8]),
        nOrders: 48,
        fall: draw.uniform(0.5, 1.2),
        irregularity: draw.uniform(-22, -12),
      }),
    ),
    whineLevel: fromDb(draw.uniform(-12, -4)),
    rolling: drawResonances(draw, 4, { from: 300, to: 6000, gain: [3, 12] }),
    corner: draw.logUniform(2000, 5000),
    endModes: drawModes(draw, 5, { from: 250, to: 5500, decay: [0.004, 0.03] }),
    endLevel: fromDb(draw.uniform(8, 16)),
    rest: fromDb(draw.uniform(-24, -16)),
    damageModes: drawModes(draw, 3, { from: 900, to: 5500, decay: [0.002, 0.006] }),
    damageAt: draw.uniform(0.2, 0.8),
    squeal: draw.logUniform(1800, 5000),
    screwModes: drawModes(draw, 3, { from: 1500, to: 6500, decay: [0.001, 0.004] }),
  };
}

function renderSlider(slider: Slider, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const crooked = severityOf(clip, 'misalignment');
  const strokes = planStrokes(clip, slider);
  const spindle = strokes.travel.map((way) => way * slider.turnsPerStroke);

  const out = rollingNoise(slider, clip, { strokes, temperature: load.normal(0.015) + clip.operation.shift });
  const whine = playTable(slider.whine, spindle);
  for (let i = 0; i < out.length; i++) {
    const speed = abs(strokes.velocity[i]!);
    whine[i] = whine[i]! * speed;
    // A crooked rail binds towards one end, and the motor has to push.
    const bind = max(0.2, 1 + 0.5 * crooked * (strokes.position[i]! - 0.5));
    out[i] = out[i]! * bind;
  }
  mixInto(out, whine, slider.whineLevel * fromDb(load.normal(0.8) + crooked + clip.operation.load));
  mixInto(out, endClicks(slider, clip, strokes), fromDb(load.normal(0.8)));
  mixInto(
    out,
    scaleToRms(pinkNoise(clip.nSamples, clip.stream('rest')), slider.rest * fromDb(load.normal(0.5))),
  );

  const damage = severityOf(clip, 'rail-damage');
  if (damage > 0) mixInto(out, railDamage(slider, clip, strokes), 3.5 * damage);
  const dry = severityOf(clip, 'dry-rail');
  if (dry > 0) mixInto(out, dryFriction(slider, clip, strokes), 0.17 * dry);
  const loose = severityOf(clip, 'loose-screw');
  if (loose > 0) {
    mixInto(
      out,
      rattle(clip, { phase: spindle, modes: slider.screwModes, probability: 0.35, rms: 0.1 * loose }),
    );
  }
  return out;
}

/** Rolling and rubbing noise: its amplitude follows the speed. Unit power while at full speed. */
function rollingNoise(
  slider: Slider,
  clip: ClipContext,
  { strokes, temperature }: { strokes: Strokes; temperature: number },
): Float32Array {
  const { nSamples, sampleRate } = clip;
  const out = scaleToRms(
    filter(
      whiteNoise(nSamples, clip.stream('rolling')),
      lowPass({ frequency: slider.corner, q: 0.6, sampleRate }),
      ...resonanceFilters(slider.rolling, 1 + temperature, sampleRate),
    ),
    1,
  );
  for (let i = 0; i < nSamples; i++) {
    const speed = abs(strokes.velocity[i]!);
    out[i] = out[i]! * speed * sqrt(sqrt(speed));
  }
  return out;
}

function endClicks(slider: Slider, clip: ClipContext, strokes: Strokes): Float32Array {
  const blows = createDraw(clip.stream('ends'));
  const impulses = new Float32Array(clip.nSamples);
  for (const { sample, strength } of strokes.ends) {
    const at = sample + round(abs(blows.normal(0.002)) * clip.sampleRate);
    if (at < impulses.length) impulses[at] = strength * fromDb(blows.normal(1.5));
  }
  return scale(ring(impulses, slider.endModes, clip.sampleRate), 0.5 * slider.endLevel);
}

/** A dent in the rail: a knock each time that the carriage passes it. */
function railDamage(slider: Slider, clip: ClipContext, strokes: Strokes): Float32Array {
  const blows = createDraw(clip.stream('dent'));
  const impulses = new Float32Array(clip.nSamples);
  for (let i = 1; i < impulses.length; i++) {
    const before = strokes.position[i - 1]! - slider.damageAt;
    const after = strokes.position[i]! - slider.damageAt;
    if (before * after < 0) {
      impulses[i] = abs(strokes.velocity[i]!) * blows.uniform(0.6, 1.2);
    }
  }
  return ring(impulses, slider.damageModes, clip.sampleRate);
}

/** No grease: friction noise in a band of its own, strongest where the carriage is slow. */
function dryFriction(slider: Slider, clip: ClipContext, strokes: Strokes): Float32Array {
  const { nSamples, sampleRate } = clip;
  const out = scaleToRms(
    filter(
      whiteNoise(nSamples, clip.stream('friction')),
      bandPass({ frequency: slider.squeal, q: 3, sampleRate }),
    ),
    1,
  );
  for (let i = 0; i < nSamples; i++) {
    const speed = abs(strokes.velocity[i]!);
    out[i] = out[i]! * sqrt(speed) * (1.2 - 0.6 * speed);
  }
  return out;
}
