import { createDraw, type Draw } from '../draw';
import { filter, lowPass } from '../dsp/biquad';
import { fromDb, mixInto, scaleToRms } from '../dsp/level';
import { pinkNoise } from '../dsp/noise';
import { gearedPhase, playTable, waveTable } from '../dsp/oscillator';
import { rattle, rubbing, ticks } from '../faults';
import { type ClipContext, type MachineModel, severityOf } from '../machine-model';
import { drawModes, drawResonances, modulate, resonanceFilters, shaftHarmonics } from '../parts';
import { hunting, rotate } from '../rotation';

// Names of our own for hot loops: in a VM context, such as jest's, every look-up of the global Math costs 0.1 us.
const { PI, floor, sin } = Math;

/** Hz. */
const MAX_TONE = 6000;
const HUNTING = { kind: 'hunting', hz: [2, 5], depth: 0.03 } as const;

/**
 * A toy car on a test bench: a small DC motor with commutator ripple, the mesh of its gears, rolling wheels.
 * It speeds up and slows down a few times in a clip.
 */
export const toyCar: MachineModel = {
  machineType: 'ToyCar',
  faults: {
    'bent-shaft': 1.5,
    'damaged-gear': 7,
    hunting: 1.2,
    'tyre-rubbing': 5,
    'voltage-change': 3,
    'loose-screw': 6,
  },
  create(draw) {
    const parameters = drawToyCar(draw);
    return (clip) => renderToyCar(parameters, clip);
  },
};

type ToyCar = ReturnType<typeof drawToyCar>;

function drawToyCar(draw: Draw) {
  const motorHz = draw.logUniform(90, 170);
  const pinionTeeth = draw.integer(8, 12);
  return {
    motorHz,
    pinionTeeth,
    wheelRatio: pinionTeeth / draw.integer(50, 90), // turns of the axle a turn of the motor
    motor: waveTable(
      shaftHarmonics(draw, {
        nPerTurn: 6, // three armature poles, switched twice a turn
        nOrders: floor(MAX_TONE / 2 / motorHz),
        fall: draw.uniform(0.6, 1.2),
        irregularity: draw.uniform(-14, -6),
      }),
    ),
    mesh: waveTable(
      shaftHarmonics(draw, {
        nPerTurn: pinionTeeth,
        nOrders: floor(MAX_TONE / motorHz),
        fall: draw.uniform(0.4, 1),
        irregularity: draw.uniform(-22, -12),
      }),
    ),
    motorLevel: fromDb(draw.uniform(-9, -3)),
    meshLevel: fromDb(draw.uniform(-6, 0)),
    body: drawResonances(draw, 4, { from: 300, to: 6000, gain: [3, 12] }),
    corner: draw.logUniform(2000, 5000),
    cycleSeconds: draw.uniform(2.5, 6), // of speeding up and slowing down
    swing: draw.uniform(0.04, 0.12),
    wobble: waveTable([
      { order: 1, amplitude: 1, phase: 0 },
      { order: 2, amplitude: draw.uniform(0.2, 0.5), phase: draw.uniform(0, 1) },
    ]),
    toothModes: drawModes(draw, 3, { from: 1200, to: 6500, decay: [0.001, 0.004] }),
    screwModes: drawModes(draw, 3, { from: 1500, to: 6800, decay: [0.001, 0.003] }),
    scrape: { contact: draw.uniform(0.2, 0.5), frequency: draw.logUniform(1500, 4500) },
  };
}

function renderToyCar(car: ToyCar, clip: ClipContext): Float32Array {
  const load = createDraw(clip.stream('load'));
  const direction = createDraw(clip.stream('direction')).pick([-1, 1]);
  const voltage = 0.035 * direction * severityOf(clip, 'voltage-change');
  const change = driveCycle(car, clip);
  const hunt = hunting(clip, HUNTING);
  if (hunt) mixInto(change, hunt);
  for (let i = 0; i < change.length; i++) change[i] = (1 + change[i]!) * (1 + voltage) - 1;
  const { phase, factor } = rotate(clip, { hz: car.motorHz, tolerance: 0.012, wander: 0.003, change });
  const wheels = gearedPhase(phase, car.wheelRatio);

  const out = rollingNoise(car, clip, load.normal(0.015) + clip.operation.shift);
  mixInto(out, playTable(car.motor, phase), car.motorLevel * fromDb(load.normal(1)));
  const mesh = playTable(car.mesh, phase);
  const bent = severityOf(clip, 'bent-shaft');
  if (bent > 0) modulate(mesh, playTable(car.wobble, wheels), 0.3 * bent);
  mixInto(out, mesh, car.meshLevel * fromDb(load.normal(1) + clip.operation.load));
  if (bent > 0) modulate(out, playTable(car.wobble, wheels), 0.1 * bent);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * factor[i]! ** 2;
  if (hunt) modulate(out, hunt, 8);

  const broken = severityOf(clip, 'damaged-gear');
  if (broken > 0) {
    const tooth = { phase: wheels, order: 1, modes: car.toothModes, slip: 0.003, loadZone: 0 };
    mixInto(out, ticks(clip, { ...tooth, rms: 0.12 * broken }));
  }
  const touch = severityOf(clip, 'tyre-rubbing');
  if (touch > 0) mixInto(out, rubbing(clip, { phase: wheels, ...car.scrape, rms: 0.16 * touch }));
  const loose = severityOf(clip, 'loose-screw');
  if (loose > 0) {
    mixInto(out, rattle(clip, { phase: wheels, modes: car.screwModes, probability: 0.5, rms: 0.1 * loose }));
  }
  return out;
}

/** Relative speed: smooth swings around the cruising speed, no two alike. */
function driveCycle(car: ToyCar, clip: ClipContext): Float32Array {
  const draw = createDraw(clip.stream('drive'));
  const out = new Float32Array(clip.nSamples);
  let position = draw.uniform(0, 1);
  let swing = car.swing * (1 + draw.normal(0.2));
  let seconds = car.cycleSeconds * (1 + draw.normal(0.12));
  for (let i = 0; i < out.length; i++) {
    out[i] = swing * sin(2 * PI * position);
    position += 1 / (seconds * clip.sampleRate);
    if (position >= 1) {
      position -= 1;
      swing = car.swing * (1 + draw.normal(0.2));
      seconds = car.cycleSeconds * (1 + draw.normal(0.12));
    }
  }
  return out;
}

function rollingNoise(car: ToyCar, clip: ClipContext, temperature: number): Float32Array {
  const { nSamples, sampleRate } = clip;
  const out = filter(
    pinkNoise(nSamples, clip.stream('rolling')),
    lowPass({ frequency: car.corner, q: 0.6, sampleRate }),
    ...resonanceFilters(car.body, 1 + temperature, sampleRate),
  );
  return scaleToRms(out, fromDb(createDraw(clip.stream('road')).normal(0.8)));
}
