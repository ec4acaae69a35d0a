// How near the synthetic sounds are to recorded ones at their defaults. The ranges stand around what `npm run realism` found on
// 130 public clips of DCASE2020 Task 2: the same machine 0.23 (0.37 with levels equal), the same type 0.48 (0.45), 3.9 dB
// within a machine (3.0), 4.2 dB between machines of a type (3.4). Clips of an accuracy: 24 machines, so that chance is 0.14 and 0.17.
import { melStatistics, modulationStatistics } from '@serial-oe/baselines';
import {
  DCASE2020_MACHINE_TYPES,
  type Dcase2020MachineType,
  synthesizeMachineSounds,
} from '@serial-oe/datasets';
import { areasOf, scoreClips } from '../realism/detectability';
import { aAucOfSynthetic, type Likenesses, likenessOfSynthetic } from '../realism/measure-realism';

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([0, 1])('synthetic sounds at their defaults, seed %d', (seed) => {
  let realism: Likenesses;
  beforeAll(() => {
    realism = likenessOfSynthetic({ seed });
  });

  it('machines and types are as hard to tell apart by the nearest spectrum as recorded ones', () => {
    for (const { idAccuracy, typeAccuracy } of [realism.likeness, realism.likenessWithoutLevel]) {
      expect(idAccuracy).toBeGreaterThan(0.14);
      expect(idAccuracy).toBeLessThan(0.37);
      expect(typeAccuracy).toBeGreaterThan(0.4);
      expect(typeAccuracy).toBeLessThan(0.68);
    }
  });

  it('clips of a machine differ by as much, and machines of a type by a little more', () => {
    const { likeness, likenessWithoutLevel } = realism;
    expect(Math.abs(likeness.withinId - 3.9)).toBeLessThan(0.4);
    expect(Math.abs(likeness.betweenIds - 4.2)).toBeLessThan(0.4);
    expect(Math.abs(likenessWithoutLevel.withinId - 3)).toBeLessThan(0.4);
    expect(Math.abs(likenessWithoutLevel.betweenIds - 3.4)).toBeLessThan(0.4);
    for (const { betweenIds, withinId } of [likeness, likenessWithoutLevel])
      expect(betweenIds).toBeGreaterThan(1.02 * withinId);
  });
});

it('a mean spectrum with its deviation finds some of the faults, and in no type all or none', async () => {
  const areas = (await aAucOfSynthetic()).map(({ aAuc }) => aAuc);
  expect(areas).toHaveLength(DCASE2020_MACHINE_TYPES.length);
  expect(meanOf(areas)).toBeGreaterThan(60);
  expect(meanOf(areas)).toBeLessThan(75);
  expect(Math.min(...areas)).toBeGreaterThan(53);
  expect(Math.max(...areas)).toBeLessThan(80);
});

it('the easy settings are easy: machines of designs of their own, a test bench, 6 dB', () => {
  const { likeness } = likenessOfSynthetic({ idSpread: 10, clipSpread: 0, snrDb: 6 });
  expect(likeness.idAccuracy).toBeGreaterThan(0.6);
  expect(likeness.typeAccuracy).toBeGreaterThan(0.75);
});

/** A fault of each type that is in its course over time alone. */
const IN_TIME: [Dcase2020MachineType, string][] = [
  ['fan', 'hunting'],
  ['pump', 'uneven-strokes'],
  ['slider', 'uneven-strokes'],
  ['valve', 'late-closing'],
  ['ToyCar', 'hunting'],
  ['ToyConveyor', 'hunting'],
];

describe('faults in timing and modulation', () => {
  it('escape a mean spectrum and not a modulation spectrum', async () => {
    const found = { mean: [] as number[], modulation: [] as number[] };
    for (const [machineType, kind] of IN_TIME) {
      const clips = synthesizeMachineSounds({
        ...{ machineTypes: [machineType], nIds: 2, nTrain: 24, nTestNormal: 15, nTestAnomalous: 24 },
        severity: 2,
      }).filter(({ anomalyKind }) => anomalyKind === null || anomalyKind === kind);
      const config = { statistics: 'mean' };
      const aucOf = async (...args: Parameters<typeof scoreClips>) => areasOf(await scoreClips(...args))!.auc;
      found.mean.push(await aucOf(melStatistics, clips, { machineType, config }));
      found.modulation.push(await aucOf(modulationStatistics, clips, { machineType }));
    }
    expect(meanOf(found.mean)).toBeLessThan(62); // 12 machines with 15 + 4 clips: standard error 4
    expect(meanOf(found.modulation)).toBeGreaterThan(80);
    expect(Math.min(...found.modulation)).toBeGreaterThan(60);
  });
});
