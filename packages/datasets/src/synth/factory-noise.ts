import { createDraw, type Draw } from './draw';
import { bandPass, filter, highShelf } from './dsp/biquad';
import { fromDb, mixInto, scale, scaleToRms, shape } from './dsp/level';
import { ring } from './dsp/modes';
import { pinkNoise, smoothGain, smoothWalk, whiteNoise } from './dsp/noise';
import { integrateSpeed, playTable, waveTable } from './dsp/oscillator';
import { reverberate } from './dsp/reverb';
import { drawModes, humHarmonics, MAINS_FREQUENCY, shaftHarmonics } from './parts';

/** By then the longest clank has died down by 90 dB. */
const CLANK_SECONDS = 1.6;

export interface FactoryNoiseOptions {
  nSamples: number;
  /** Hz. */
  sampleRate: number;
  /** The clip's stream of a name. */
  stream: (name: string) => () => number;
}

/**
 * The background of a factory hall, another scene in each clip: a pink bed whose level wanders, mains hum,
 * distant machines behind the hall's reverberation, and now and then a clank or a burst of air.
 *
 * @returns `[nSamples]`, of unit power
 */
export function factoryNoise(options: FactoryNoiseOptions): Float32Array {
  const { nSamples, sampleRate, stream } = options;
  const scene = createDraw(stream('scene'));
  const bed = scaleToRms(
    filter(
      pinkNoise(nSamples, stream('bed')),
      highShelf({ frequency: scene.logUniform(2500, 6000), q: 0.5, sampleRate }, scene.uniform(-18, -6)),
      bandLift(scene, sampleRate),
    ),
    1,
  );
  const walk = smoothGain({
    nSamples,
    sampleRate,
    standardDeviation: scene.uniform(0.08, 0.3),
    timeConstant: scene.uniform(0.4, 2),
    random: stream('bed level'),
  });
  shape(bed, walk);

  const distant = distantMachines(options, scene);
  mixInto(distant, events(options, scene));
  const hall = reverberate(distant, { sampleRate, reverberationTime: scene.uniform(0.8, 1.8) });
  mixInto(bed, hall, 1);
  mixInto(bed, distant, 0.3);
  mixInto(bed, hum(options, scene), fromDb(scene.uniform(-26, -12)));
  return scaleToRms(bed, 1);
}

/** Each hall and microphone place favours another band a little. */
function bandLift(scene: Draw, sampleRate: number) {
  const { b0, b1, b2, a1, a2 } = bandPass({ frequency: scene.logUniform(250, 3000), q: 0.5, sampleRate });
  const lift = scene.uniform(0, 0.8);
  return { b0: 1 + lift * b0, b1: a1 + lift * b1, b2: a2 + lift * b2, a1, a2 }; // 1 + lift * bandPass
}

function hum({ nSamples, sampleRate }: FactoryNoiseOptions, scene: Draw): Float32Array {
  const factor = new Float32Array(nSamples).fill(1 + scene.normal(0.0004));
  const start = scene.uniform(0, 1);
  return playTable(
    waveTable(humHarmonics(scene)),
    integrateSpeed(MAINS_FREQUENCY, factor, { start, sampleRate }),
  );
}

/** One or two other machines: tones and pulsating noise, dull from the distance. */
function distantMachines({ nSamples, sampleRate, stream }: FactoryNoiseOptions, scene: Draw): Float32Array {
  const out = new Float32Array(nSamples);
  const nMachines = scene.integer(1, 2);
  for (let machine = 0; machine < nMachines; machine++) {
    const random = stream(`distant ${machine}`);
    const factor = smoothWalk({ nSamples, sampleRate, standardDeviation: 0.002, timeConstant: 2, random });
    for (let i = 0; i < nSamples; i++) factor[i] = 1 + factor[i]!;
    const hz = scene.logUniform(12, 60);
    const phase = integrateSpeed(hz, factor, { start: scene.uniform(0, 1), sampleRate });
    const tone = {
      nPerTurn: scene.integer(3, 9),
      nOrders: Math.floor(1500 / hz),
      fall: 1,
      irregularity: -10,
    };
    const tones = playTable(waveTable(shaftHarmonics(scene, tone)), phase);
    mixInto(out, tones, fromDb(scene.uniform(-24, -10)));
  }
  return out;
}

/** Clanks of metal and bursts of air at random moments: some clips have none, some several. */
function events({ nSamples, sampleRate, stream }: FactoryNoiseOptions, scene: Draw): Float32Array {
  const draw = createDraw(stream('events'));
  const out = new Float32Array(nSamples);
  const seconds = nSamples / sampleRate;
  const nClanks = poisson(draw, 0.25 * seconds);
  for (let clank = 0; clank < nClanks; clank++) {
    const modes = drawModes(draw, 4, { from: 350, to: 4500, decay: [0.02, 0.15] });
    const start = Math.floor(draw.uniform(0, nSamples));
    const blow = new Float32Array(Math.min(nSamples - start, Math.ceil(CLANK_SECONDS * sampleRate)));
    blow[0] = 1;
    mixInto(out.subarray(start), ring(blow, modes, sampleRate), fromDb(draw.uniform(-2, 12)));
  }
  const nBursts = poisson(draw, 0.06 * seconds);
  for (let burst = 0; burst < nBursts; burst++)
    addAirBurst(out, draw, { sampleRate, random: stream(`burst ${burst}`) });
  return scale(out, fromDb(scene.uniform(-8, 0)));
}

function addAirBurst(
  out: Float32Array,
  draw: Draw,
  { sampleRate, random }: { sampleRate: number; random: () => number },
): void {
  const length = Math.round(draw.uniform(0.1, 0.7) * sampleRate);
  const start = Math.floor(draw.uniform(-length, out.length));
  const noise = filter(
    whiteNoise(length, random),
    bandPass({ frequency: draw.logUniform(1200, 5000), q: 0.8, sampleRate }),
  );
  const gain = fromDb(draw.uniform(-12, 0));
  for (let i = Math.max(0, -start); i < length && start + i < out.length; i++) {
    const envelope = Math.sin((Math.PI * i) / length);
    out[start + i] = out[start + i]! + gain * envelope * noise[i]!;
  }
}

/** Knuth's method; fine for small means. */
function poisson(draw: Draw, mean: number): number {
  const limit = Math.exp(-mean);
  let n = 0;
  for (let product = draw.uniform(0, 1); product > limit; product *= draw.uniform(0, 1)) n++;
  return n;
}
