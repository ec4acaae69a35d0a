import type { Table } from './table';

/** What a press does: its share of the day, its power (kW) and the reactive power (kvar) that comes with it. */
const STATES = [
  { share: 0.45, power: 1.2, spread: 0.08, reactive: (kw: number) => 0.9 + 0.2 * kw, scatter: 0.05 }, // idles
  { share: 0.2, power: 7.5, spread: 0.5, reactive: () => 1.4, scatter: 0.06 }, // heats: hardly reactive
  { share: 0.35, power: 9.5, spread: 1.6, reactive: (kw: number) => 1.1 + 0.55 * kw, scatter: 0.25 }, // presses: more load, more of both
];
const N_READINGS = 1440; // one a minute

/** Readings that someone should look at, though each number alone is an ordinary one. */
export const ODD_READINGS = [
  { row: [1.2, 1.1], what: 'idles' },
  { row: [9.5, 6.3], what: 'presses' },
  { row: [9.5, 3.2], what: 'as much power as pressing, half of its reactive power' },
  { row: [4, 2], what: 'between idling and heating: something slips, or a phase is gone' },
];

/** A day of a power meter, the same in each run. */
export function pressReadings(): Table {
  const random = mulberry32(5);
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rows = Array.from({ length: N_READINGS }, () => {
    const drawn = random();
    const [idles, heats, presses] = STATES;
    const state = drawn < idles!.share ? idles! : drawn < idles!.share + heats!.share ? heats! : presses!;
    const power = state.power + state.spread * gaussian();
    return [power, state.reactive(power) + state.scatter * gaussian()];
  });
  return { names: ['power kW', 'reactive kvar'], rows };
}

/** Uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
