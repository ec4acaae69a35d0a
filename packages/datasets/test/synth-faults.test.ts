import { anomalyKindsOf, DCASE2020_MACHINE_TYPES, type Dcase2020MachineType, seededRandom } from '../src';
import { power } from '../src/synth/dsp/level';
import { type ClipContext, type Fault, NOMINAL } from '../src/synth/machine-model';
import { MACHINE_MODELS } from '../src/synth/machine-models';
import { MACHINE_LEVEL, placeMachine } from '../src/synth/render-clip';
import { planStrokes } from '../src/synth/strokes';
import {
  blockLevels,
  decibels,
  difference,
  energyShareOfLoudestTenth,
  everyNth,
  isSame,
  kurtosis,
  powerAbove,
  strongestTone,
  tonePower,
} from './support/signal';

// The machine alone, without factory noise, as a normal clip and with a fault. Both draw from the same streams,
// so that they differ by the fault and by nothing else.

const sampleRate = 16000;
const SEEDS = [0, 1];
const SECONDS = 5;

function contextOf(seed: number, fault: Fault | null, nSamples = SECONDS * sampleRate): ClipContext {
  return {
    nSamples,
    sampleRate,
    fault,
    operation: NOMINAL,
    stream: (name) => seededRandom(seed, 'clip', name),
  };
}

const machines = new Map<string, ReturnType<typeof createMachine>>();

/** One machine a seed, scaled so that its average normal clip has unit power; each is made once. */
function machineOf(machineType: Dcase2020MachineType, seed: number) {
  const key = `${machineType} ${seed}`;
  const machine = machines.get(key) ?? createMachine(machineType, seed);
  machines.set(key, machine);
  return machine;
}

function createMachine(machineType: Dcase2020MachineType, seed: number) {
  const machineId = '00';
  const { render, gain } = placeMachine(
    MACHINE_MODELS[machineType],
    { seed, machineType, machineId, idSpread: 10, clipSpread: 0 },
    sampleRate,
  );
  const scale = gain / 10 ** (MACHINE_LEVEL / 20);
  const sound = (fault: Fault | null) => render(contextOf(seed, fault)).map((value) => value * scale);
  const normal = sound(null);
  return { normal, withFault: (kind: string, severity: number) => sound({ kind, severity }) };
}

type Case = [Dcase2020MachineType, string];
const ALL = DCASE2020_MACHINE_TYPES.flatMap((type) => anomalyKindsOf(type).map((kind): Case => [type, kind]));

describe.each(ALL)('%s: %s', (machineType, kind) => {
  it('is a normal clip at severity 0 and another one at 1; louder or quieter by a little alone', () => {
    const { normal, withFault } = machineOf(machineType, 0);
    expect(isSame(withFault(kind, 0), normal)).toBe(true);
    const faulty = withFault(kind, 1);
    expect(power(difference(faulty, normal))).toBeGreaterThan(1e-5);
    expect(Math.abs(decibels(power(faulty) / power(normal)))).toBeLessThan(2);
  });
});

describe.each<Case>([
  ['fan', 'bearing'],
  ['pump', 'bearing'],
  ['pump', 'cavitation'],
  ['slider', 'rail-damage'],
  ['slider', 'loose-screw'],
  ['ToyCar', 'damaged-gear'],
  ['ToyCar', 'loose-screw'],
  ['ToyConveyor', 'belt-damage'],
  ['ToyConveyor', 'roller-damage'],
])('%s: %s', (machineType, kind) => {
  it('adds blows, the stronger the more severe', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf(machineType, seed);
      const added = [0.5, 1, 2].map((severity) => difference(withFault(kind, severity), normal));
      for (const signal of added) expect(kurtosis(signal)).toBeGreaterThan(6);
      expect(power(added[0]!)).toBeLessThan(power(added[1]!));
      expect(power(added[1]!)).toBeLessThan(power(added[2]!));
    }
  });
});

describe.each<Case>([
  ['fan', 'rubbing'],
  ['ToyCar', 'tyre-rubbing'],
  ['ToyConveyor', 'rubbing'],
])('%s: %s', (machineType, kind) => {
  it('adds scraping for a part of each turn, the louder the more severe', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf(machineType, seed);
      const [mild, strong] = [0.5, 2].map((severity) => difference(withFault(kind, severity), normal));
      expect(energyShareOfLoudestTenth(strong!, 32)).toBeGreaterThan(0.3);
      expect(decibels(power(strong!) / power(mild!))).toBeCloseTo(12.04, 1);
    }
  });
});

describe.each<Case>([
  ['pump', 'leak'],
  ['valve', 'leak'],
])('%s: %s', (machineType, kind) => {
  it('raises the broadband noise at high frequencies, steadily, and the more the more severe', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf(machineType, seed);
      const quietest = (signal: Float32Array) => {
        const hiss = blockLevels(difference(signal, new Float32Array(signal.length)), 160);
        return hiss.sort((a, b) => a - b)[Math.floor(hiss.length / 10)]!;
      };
      const powers = [0, 0.5, 1, 2].map((severity) =>
        powerAbove(withFault(kind, severity), 2500, sampleRate),
      );
      for (let i = 1; i < powers.length; i++) expect(powers[i]).toBeGreaterThan(powers[i - 1]!);
      expect(energyShareOfLoudestTenth(difference(withFault(kind, 2), normal), 1600)).toBeLessThan(0.4);
      expect(quietest(withFault(kind, 2))).toBeGreaterThan(quietest(normal));
    }
  });
});

describe('fan: imbalance', () => {
  it('raises the line at one rotation, as a motor of 2, 4 or 6 poles turns', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('fan', seed);
      const faulty = withFault('imbalance', 1);
      const line = strongestTone(everyNth(difference(faulty, normal), 40), sampleRate / 40, {
        from: 10,
        to: 60,
        step: 0.05,
      });
      expect([50, 25, 100 / 6].some((synchronous) => Math.abs(line / synchronous - 0.965) < 0.03)).toBe(true);
      const rise = tonePower(faulty, line, sampleRate) / tonePower(normal, line, sampleRate);
      expect(decibels(rise)).toBeGreaterThan(10);
      const stronger = tonePower(withFault('imbalance', 2), line, sampleRate);
      expect(decibels(stronger / tonePower(faulty, line, sampleRate))).toBeGreaterThan(4);
    }
  });
});

describe('faults that change the speed', () => {
  /** Of the strongest tone near the one of the normal clip, start to end of a clip, in Hz. */
  const tone = (signal: Float32Array, seconds: readonly [number, number], around?: number) => {
    const part = signal.subarray(seconds[0] * sampleRate, seconds[1] * sampleRate);
    const range = around
      ? { from: 0.9 * around, to: 1.1 * around, step: 0.5 }
      : { from: 120, to: 1200, step: 1 };
    return strongestTone(part, sampleRate, range);
  };

  it('fan: speed-drift moves the tones during a clip', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('fan', seed);
      const hum = (hz: number) => hz % 100 < 2 || hz % 100 > 98;
      let blade = tone(normal, [0, 1]);
      if (hum(blade)) blade = tone(difference(withFault('speed-drift', 1), normal), [0, 1]);
      const faulty = withFault('speed-drift', 2);
      const moved = (signal: Float32Array) =>
        Math.abs(tone(signal, [4, 5], blade) / tone(signal, [0, 1], blade) - 1);
      expect(moved(normal)).toBeLessThan(0.012);
      expect(moved(faulty)).toBeGreaterThan(0.02);
    }
  });

  it('ToyConveyor: voltage-change shifts the tones, the more the more severe', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('ToyConveyor', seed);
      const from = tone(normal, [0, 1]);
      const shifts = [1, 2].map((severity) =>
        Math.abs(tone(withFault('voltage-change', severity), [0, 1], from) / from - 1),
      );
      expect(Math.abs(shifts[0]! - 0.03)).toBeLessThan(0.006);
      expect(Math.abs(shifts[1]! - 0.06)).toBeLessThan(0.008);
    }
  });

  it('ToyConveyor: belt-slip lets fewer rounds of the belt pass; ToyCar: voltage-change shifts the tones', () => {
    for (const seed of SEEDS) {
      const conveyor = machineOf('ToyConveyor', seed);
      const blows = (signal: Float32Array) => {
        const levels = blockLevels(signal, 80);
        const added = levels.filter((level, i) => level > 1.2 * (levels[i - 1] ?? level)).length;
        return added;
      };
      expect(blows(conveyor.withFault('belt-slip', 2))).not.toBe(blows(conveyor.normal));
      const car = machineOf('ToyCar', seed);
      const from = tone(car.normal, [0, 0.3]);
      const to = tone(car.withFault('voltage-change', 1), [0, 0.3], from);
      expect(Math.abs(to / from - 1)).toBeGreaterThan(0.015);
    }
  });
});

describe('missed strokes', () => {
  const drive = { strokeSeconds: 0.6, pauseSeconds: 0.2, rampShare: 0.2, asymmetry: 1 };
  const plan = (severity: number, seed: number) =>
    planStrokes(contextOf(seed, { kind: 'missed-stroke', severity }, 60 * sampleRate), drive);

  it('slider: strokes do not arrive, the more the more severe', () => {
    for (const seed of SEEDS) {
      const [none, some, many] = [0, 1, 3].map((severity) => plan(severity, seed));
      expect(Math.abs(none!.ends.length - 75)).toBeLessThan(4);
      expect(some!.ends.length).toBeLessThan(none!.ends.length);
      expect(many!.ends.length).toBeLessThan(some!.ends.length);
      expect(none!.ends.map(({ sample }) => sample)).toEqual(
        expect.arrayContaining(some!.ends.map(({ sample }) => sample)),
      );
      expect(some!.travel.at(-1)).toBeLessThan(none!.travel.at(-1)!);
    }
  });

  it('slider: the carriage covers a whole stroke, at a speed of 1 in the middle', () => {
    const { position, velocity, ends } = plan(0, 0);
    for (const { sample } of ends) {
      const at = position[sample]!;
      expect(Math.min(at, 1 - at)).toBeLessThan(0.01);
      expect(velocity[sample]).toBe(0);
      expect(Math.abs(velocity[sample - Math.round(0.3 * sampleRate)]!)).toBeGreaterThan(0.99);
    }
  });

  it('slider: silence where a stroke is missing', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('slider', seed);
      const faulty = blockLevels(withFault('missed-stroke', 3), 1600);
      const gone = blockLevels(normal, 1600).filter((level, i) => level > 0.8 && faulty[i]! < 0.2 * level);
      expect(gone.length).toBeGreaterThan(2);
    }
  });

  it('pump: single pulses are missing, the others stay as they were', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('pump', seed);
      const faulty = blockLevels(withFault('missed-stroke', 1.5), 800);
      const ratios = blockLevels(normal, 800).map((level, i) => faulty[i]! / level);
      expect(ratios.filter((ratio) => ratio < 0.85).length).toBeGreaterThan(3);
      expect(ratios.filter((ratio) => Math.abs(ratio - 1) < 0.02).length).toBeGreaterThan(
        0.3 * ratios.length,
      );
      expect(Math.max(...ratios)).toBeLessThan(1.1);
    }
  });

  it('valve: actuations are missing, the others stay as they were', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('valve', seed);
      const missing = blockLevels(withFault('missed-actuation', 3), 160);
      const levels = blockLevels(normal, 160);
      const loud = levels.map((level, i) => [level, missing[i]!] as const).filter(([level]) => level > 1.5);
      expect(loud.some(([level, faulty]) => faulty < 0.2 * level)).toBe(true);
      expect(loud.some(([level, faulty]) => Math.abs(faulty / level - 1) < 0.02)).toBe(true);
    }
  });
});

describe('the other faults', () => {
  it('fan: an obstruction makes the flow surge', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('fan', seed);
      const unsteadiness = (signal: Float32Array) => {
        const levels = blockLevels(signal, 800);
        const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
        return Math.sqrt(levels.reduce((sum, level) => sum + (level / mean - 1) ** 2, 0) / levels.length);
      };
      const [none, some, much] = [normal, withFault('obstruction', 1.5), withFault('obstruction', 3)];
      expect(unsteadiness(some)).toBeGreaterThan(unsteadiness(none));
      expect(unsteadiness(much)).toBeGreaterThan(1.2 * unsteadiness(none));
    }
  });

  it('pump: clogging slows the impeller and starves the flow', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('pump', seed);
      const range = { from: 140, to: 800, step: 0.25 };
      const isHum = (hz: number) => Math.abs(hz - 100 * Math.round(hz / 100)) < 1;
      const first = (signal: Float32Array) =>
        strongestTone(signal.subarray(0, sampleRate), sampleRate, range);
      const [before, after] = [first(normal), first(withFault('clogging', 2))];
      if (isHum(before)) continue;
      expect(after / before).toBeLessThan(0.985);
      expect(after / before).toBeGreaterThan(0.965);
    }
  });

  it('slider: dry rails squeal in a band while it moves, a crooked rail is loud at the far end', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('slider', seed);
      const squeal = difference(withFault('dry-rail', 2), normal);
      expect(power(squeal)).toBeGreaterThan(3 * power(difference(withFault('dry-rail', 1), normal)));
      expect(powerAbove(squeal, 1200, sampleRate)).toBeGreaterThan(0.8 * power(squeal));
      const crooked = blockLevels(withFault('misalignment', 1), 800);
      const ratios = blockLevels(normal, 800).map((level, i) => crooked[i]! / level);
      expect(Math.max(...ratios)).toBeGreaterThan(1.1);
      expect(Math.min(...ratios)).toBeLessThan(0.9);
    }
  });

  it('valve: a sticking plunger comes late and hard, a weak coil strikes softer, dirt dulls', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('valve', seed);
      const sticky = blockLevels(withFault('sticking', 2), 80);
      const levels = blockLevels(normal, 80);
      const onsets = levels.flatMap((level, i) => (level > 1.5 && levels[i - 1]! < 0.3 ? [i] : []));
      expect(onsets.length).toBeGreaterThan(2);
      const isLate = onsets.filter((i) => sticky[i]! < 0.3 * levels[i]!);
      expect(isLate.length).toBeGreaterThan(0.5 * onsets.length);
      expect(Math.max(...sticky)).toBeGreaterThan(Math.max(...levels));
      expect(kurtosis(withFault('weak-coil', 1.5))).toBeLessThan(kurtosis(normal));
      expect(power(withFault('contamination', 1.5))).toBeLessThan(power(normal));
    }
  });

  it('ToyCar: a bent shaft makes the level swing once a turn of the wheels', () => {
    for (const seed of SEEDS) {
      const { normal, withFault } = machineOf('ToyCar', seed);
      const ratios = (severity: number) => {
        const before = blockLevels(normal, 160);
        const faulty = blockLevels(withFault('bent-shaft', severity), 160);
        const values = faulty.map((level, i) => level / before[i]!).sort((a, b) => a - b);
        return values[Math.floor(0.9 * values.length)]! - values[Math.floor(0.1 * values.length)]!;
      };
      expect(ratios(1)).toBeGreaterThan(0.1);
      expect(ratios(2)).toBeGreaterThan(1.5 * ratios(1));
    }
  });
});
