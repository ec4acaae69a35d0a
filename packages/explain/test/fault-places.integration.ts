import { melStatistics, twfrGmm } from '@serial-oe/baselines';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import { type AsdSystem, createBrowserPlatform } from '@serial-oe/runtime/contract';
import { NormalIndex, occlusionMap } from '../src/index';
import {
  type FaultyClip,
  injectedFaults,
  isPlaceOf,
  RATE,
  SECONDS,
  syntheticFaults,
} from './support/faulty-clips';

const TYPES = ['fan', 'pump', 'valve', 'slider'] as const;

/** Machines on which loud faults alone are found, and such as vary so little that quiet ones are. */
const SETTINGS = [
  { name: 'as varied as recordings', sounds: {}, severitiesDb: [-5, 5], severity: 4 },
  {
    name: 'hardly varied',
    sounds: { idSpread: 10, clipSpread: 0, snrDb: 6 },
    severitiesDb: [-15, -5],
    severity: 2,
  },
] as const;
type Setting = (typeof SETTINGS)[number];

/** What the goal says of the places of faults that are found. */
const GOAL = 0.8;

async function trained(system: AsdSystem, machineType: (typeof TYPES)[number], { sounds }: Setting) {
  const clips = synthesizeMachineSounds({
    ...{ machineTypes: [machineType], nIds: 1, nTrain: 24, nTestNormal: 2, nTestAnomalous: 0 },
    ...{ durationSeconds: SECONDS, seed: 1, ...sounds },
  });
  const job = {
    clips,
    target: { machineType },
    config: system.resolveConfig(undefined, {}),
    checkpoint: null,
  };
  const scorer = await system.train({ ...job, onProgress() {} }, createBrowserPlatform());
  const index = await NormalIndex.build(scorer, clips);
  return { scorer, index, normal: clips.filter(({ split }) => split === 'test') };
}

describe.each([melStatistics, twfrGmm])('$name', (system) => {
  it.each(SETTINGS)(
    'the map of a fault that is found has its peak there, for 80 %: machines $name',
    async (setting) => {
      const counts = { injected: tally(), synthetic: tally() };
      for (const machineType of TYPES) {
        const { scorer, index, normal } = await trained(system, machineType, setting);
        const judge = async (faults: Iterable<FaultyClip>, count: Tally) => {
          for (const fault of faults) {
            const { waveform } = fault;
            const asked = { sampleRate: RATE };
            const score = await scorer.score(waveform, asked);
            if (!score.isAnomaly) {
              count.nMissed++;
              continue;
            }
            const { normal } = await index.compare(waveform, asked);
            const { waveform: sound, sampleRate } = normal;
            const map = await occlusionMap(scorer, waveform, {
              ...asked,
              score,
              normal: { waveform: sound, sampleRate },
            });
            const isThere = isPlaceOf(fault);
            count.nFound++;
            if (isThere(map.peak)) count.nThere++;
            const tiles = map.bands.flatMap((band) =>
              map.segments.map((segment) => ({ ...band, ...segment })),
            );
            count.byChance += tiles.filter(isThere).length / tiles.length;
            count.nScorings = Math.max(count.nScorings, map.nScorings);
          }
        };
        for (const clip of normal) await judge(injectedFaults(clip, setting.severitiesDb), counts.injected);
        await judge(syntheticFaults(machineType, setting), counts.synthetic);
      }
      for (const { nFound, nThere, byChance, nScorings } of Object.values(counts)) {
        expect(nFound).toBeGreaterThanOrEqual(10);
        expect(nThere / nFound).toBeGreaterThanOrEqual(GOAL);
        expect(byChance / nFound).toBeLessThan(0.5); // what any tile would reach
        expect(nScorings).toBeLessThanOrEqual(17);
      }
    },
  );
});

type Tally = ReturnType<typeof tally>;
const tally = () => ({ nFound: 0, nThere: 0, byChance: 0, nMissed: 0, nScorings: 0 });
