import { averageAuc, pairedBootstrap, type ResampledAuc, resampledAuc } from '@serial-oe/evaluation';
import { seededRandom } from '@serial-oe/foundation';
import type { ClipRow } from '../jobs/job-types';
import type { DifferenceData, ScoredCell, VariantPair } from './difference-data';
import type { DifferenceInterval } from './experiment-results';
import { meanOf } from './mean-of';

/** Enough for the ends of a 95 % interval to half a point, and seconds for thousands of clips. */
const N_RESAMPLES = 500;
/** Of the partial AUC, as in the figures. */
const MAX_FPR = 0.1;

/** Test clips of one machine ID in one seed. */
interface MachineClips {
  machineType: string;
  seed: number;
  /** Among all clips. */
  places: Int32Array;
  /** Of each of all clips its position among `places`, -1 where it is none of them. */
  positions: Int32Array;
  /** AUC and pAUC of how often each clip is drawn, by variant. */
  figures: Map<string, ResampledAuc>;
}

/** All test clips of an experiment, and the scores that variants give them. */
interface ClipTable {
  /** Clips of the same machine and label that are tested in the same seeds. */
  strata: string[];
  machines: MachineClips[];
  /** Variants that were measured on all of them. */
  variants: string[];
}

/**
 * 95 % intervals of differences over test clips, by one bootstrap: clips of the same machine and label are drawn anew, the same
 * ones for every variant and every seed that is tested on them. Null for variants that were not measured everywhere on the same
 * clips as the first one.
 * @param places machine types, and null for the mean over all of them
 */
export function bootstrapClips(
  pairs: readonly VariantPair[],
  places: readonly (string | null)[],
  data: DifferenceData,
): (pair: VariantPair, place: string | null) => DifferenceInterval | null {
  const table = clipTable(data);
  const found = new Map<string, DifferenceInterval>();
  const keyOf = ({ variant, base }: VariantPair, place: string | null) =>
    JSON.stringify([variant, base, place]);
  const compared = pairs.filter(
    ({ variant, base }) => table.variants.includes(variant) && table.variants.includes(base),
  );
  if (table.machines.length > 0 && compared.length > 0) {
    const cells = compared.flatMap((pair) => places.map((place) => ({ pair, place })));
    const figures = pairedBootstrap({
      strata: table.strata,
      nResamples: N_RESAMPLES,
      random: seededRandom(0, 'clips'),
      statistics: (clips) => {
        const figureOf = figuresOf(clips, table);
        return cells.map(({ pair, place }) => figureOf(pair.variant, place) - figureOf(pair.base, place));
      },
    });
    for (const [i, { pair, place }] of cells.entries()) {
      const { lower, upper } = figures[i] as { lower: number; upper: number };
      const n = countClips(table, place);
      found.set(keyOf(pair, place), { lower, upper, n });
    }
  }
  return (pair, place) => found.get(keyOf(pair, place)) ?? null;
}

/** aAUC of a variant on a machine type, or their mean: over the seeds of the mean over the machine IDs. */
function figuresOf(
  clips: Int32Array,
  { machines, variants }: ClipTable,
): (variant: string, place: string | null) => number {
  const ofSeeds = new Map<string, Map<string, number[]>>();
  for (const { machineType, seed, places, positions, figures } of machines) {
    const counts = new Uint32Array(places.length);
    for (const place of places) counts[positions[clips[place] as number] as number]! += 1;
    for (const variant of variants) {
      const figure = figures.get(variant) as ResampledAuc;
      const aAuc = averageAuc({ auc: figure(counts), pAuc: figure(counts, { maxFpr: MAX_FPR }) });
      const key = JSON.stringify([variant, machineType]);
      const bySeed = ofSeeds.get(key) ?? new Map<string, number[]>();
      ofSeeds.set(key, bySeed);
      bySeed.set(String(seed), [...(bySeed.get(String(seed)) ?? []), aAuc]);
    }
  }
  const types = [...new Set(machines.map(({ machineType }) => machineType))];
  const ofType = (variant: string, machineType: string) => {
    const bySeed = ofSeeds.get(JSON.stringify([variant, machineType])) as Map<string, number[]>;
    return meanOf([...bySeed.values()].map(meanOf));
  };
  return (variant, place) =>
    place === null ? meanOf(types.map((type) => ofType(variant, type))) : ofType(variant, place);
}

function clipTable({ variants, machineTypes, measurements, scored }: DifferenceData): ClipTable {
  const seeds = [...new Set(scored.map(({ seed }) => seed))];
  const cellsOf = (id: string) => scored.filter(({ variant }) => variant === id);
  const isWhole = (id: string) => cellsOf(id).length === seeds.length * machineTypes.length;
  const whole = variants.map(({ id }) => id).filter(isWhole);
  const [first] = whole;
  if (first === undefined) return { strata: [], machines: [], variants: [] };
  const measured = measuredMachines(measurements.filter(({ variant }) => variant === first));
  const tested = new Map<string, { row: ClipRow; seeds: number[] }>();
  for (const { seed, rows } of cellsOf(first)) {
    for (const row of rows.filter((each) => measured.has(machineKey(each)))) {
      const entry = tested.get(row.name) ?? { row, seeds: [] };
      tested.set(row.name, { ...entry, seeds: [...entry.seeds, seed] });
    }
  }
  const clips = [...tested.values()];
  const indices = new Map(clips.map(({ row }, i) => [row.name, i]));
  const scores = new Map(
    whole.flatMap((id) => {
      const ofVariant = scoresOf(cellsOf(id), { indices, measured });
      const isSame = clips.every((clip, i) =>
        seeds.every(
          (seed) => Number.isNaN(ofVariant?.get(seed)?.[i] ?? Number.NaN) !== clip.seeds.includes(seed),
        ),
      );
      return ofVariant !== null && isSame ? [[id, ofVariant] as const] : [];
    }),
  );
  const strata = clips.map(({ row, seeds: own }) => JSON.stringify([machineKey(row), row.label, own]));
  const machines = seeds.flatMap((seed) => machinesOf(seed, { clips, scores }));
  return { strata, machines, variants: [...scores.keys()] };
}

/** Scores by seed; null where a clip is tested that the first variant is not. */
function scoresOf(
  cells: readonly ScoredCell[],
  { indices, measured }: { indices: ReadonlyMap<string, number>; measured: ReadonlySet<string> },
): Map<number, Float64Array> | null {
  const bySeed = new Map<number, Float64Array>();
  for (const { seed, rows } of cells) {
    const scores = bySeed.get(seed) ?? new Float64Array(indices.size).fill(Number.NaN);
    bySeed.set(seed, scores);
    for (const row of rows.filter((each) => measured.has(machineKey(each)))) {
      const index = indices.get(row.name);
      if (index === undefined) return null;
      scores[index] = row.anomalyScore;
    }
  }
  return bySeed;
}

function machinesOf(
  seed: number,
  {
    clips,
    scores,
  }: {
    clips: readonly { row: ClipRow; seeds: readonly number[] }[];
    /** By variant, then seed. */
    scores: ReadonlyMap<string, ReadonlyMap<number, Float64Array>>;
  },
): MachineClips[] {
  const byMachine = new Map<string, number[]>();
  for (const [i, { row, seeds }] of clips.entries()) {
    if (!seeds.includes(seed)) continue;
    const key = machineKey(row);
    byMachine.set(key, [...(byMachine.get(key) ?? []), i]);
  }
  return [...byMachine.values()].map((places) => {
    const rows = places.map((i) => (clips[i] as { row: ClipRow }).row);
    const labels = rows.map(({ label }) => label);
    const positions = new Int32Array(clips.length).fill(-1);
    for (const [position, i] of places.entries()) positions[i] = position;
    const figures = new Map(
      [...scores].map(([id, bySeed]) => {
        const ofSeed = bySeed.get(seed) as Float64Array;
        return [
          id,
          resampledAuc(
            labels,
            places.map((i) => ofSeed[i] as number),
          ),
        ] as const;
      }),
    );
    const [{ machineType }] = rows as [ClipRow];
    return { machineType, seed, places: Int32Array.from(places), positions, figures };
  });
}

/** Machines that the averages are taken over, in every seed. */
function measuredMachines(measurements: DifferenceData['measurements']): Set<string> {
  const isOut = new Set<string>();
  const all = new Set<string>();
  for (const { machineType, perId } of measurements) {
    for (const { machineId, isAveraged, aAuc } of perId) {
      const key = machineKey({ machineType, machineId });
      all.add(key);
      if (!isAveraged || aAuc === null) isOut.add(key);
    }
  }
  return new Set([...all].filter((key) => !isOut.has(key)));
}

function countClips({ machines }: ClipTable, place: string | null): number {
  const ofPlace = machines.filter(({ machineType }) => place === null || machineType === place);
  return new Set(ofPlace.flatMap(({ places }) => [...places])).size;
}

function machineKey({ machineType, machineId }: Pick<ClipRow, 'machineType' | 'machineId'>): string {
  return JSON.stringify([machineType, machineId]);
}
