import { availableParallelism } from 'node:os';
import type { FleetSimulation } from './simulate-fleet';

const ms = (seconds: number) => `${(1000 * seconds).toFixed(0)} ms`;
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

/** One simulation, a line a figure. */
export function simulationText(result: FleetSimulation): string {
  const { latency, scoringSeconds } = result;
  return [
    `sensors     ${result.nSensors} for ${result.seconds} s, windows of ${result.windowSeconds} s every ${result.hopSeconds} s`,
    `windows     ${result.nScored} of ${result.nWindows} scored, ${result.nMissing} missing; ${result.windowsPerSecond.toFixed(2)} a second`,
    latency === null
      ? 'latency     no window was scored'
      : `latency     p50 ${ms(latency.p50)}, p95 ${ms(latency.p95)}, p99 ${ms(latency.p99)} from a window's end to its score`,
    `scoring     ${scoringSeconds === null ? '-' : ms(scoringSeconds)} a window, ${percent(result.load)} of the time`,
    `processor   ${percent(result.processors)} of one, ${result.cpuSecondsPerWindow === null ? '-' : ms(result.cpuSecondsPerWindow)} a window, the sensors' own side too`,
    `not sent    ${result.nPiecesDropped} pieces`,
    `memory      ${(result.rssBytes / 2 ** 20).toFixed(0)} MiB at most`,
    ...estimate([result]),
  ].join('\n');
}

/** Simulations of ever more sensors, a row each, and the most of them that were carried. */
export function curveText(results: readonly FleetSimulation[]): string {
  const rows = results.map(({ nSensors, windowsPerSecond, processors, latency, nMissing, rssBytes }) => [
    ...[String(nSensors), windowsPerSecond.toFixed(2), percent(processors)],
    ...(latency === null ? ['-', '-', '-'] : [ms(latency.p50), ms(latency.p95), ms(latency.p99)]),
    ...[String(nMissing), `${(rssBytes / 2 ** 20).toFixed(0)} MiB`],
  ]);
  const names = ['sensors', 'windows/s', 'processor', 'p50', 'p95', 'p99', 'missing', 'memory'];
  const widths = names.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i]!)).join('  ');
  const carried = results.filter(isCarried).at(-1);
  const most =
    carried === undefined
      ? 'none of these numbers of sensors was carried'
      : `carried     ${carried.nSensors} sensors: no window missing, and 99 of 100 told within a hop`;
  return [line(names), ...rows.map(line), most, ...estimate(results)].join('\n');
}

/** In time, whatever else the machine did. */
export function isCarried({ nMissing, latency, hopSeconds }: FleetSimulation): boolean {
  return nMissing === 0 && latency !== null && latency.p99 <= hopSeconds;
}

/** By processor time, which what else runs on the machine changes little; of the run with the most windows. */
function estimate(results: readonly FleetSimulation[]): string[] {
  const { sensorsPerProcessor } = results.reduce((most, each) => (each.nScored > most.nScored ? each : most));
  if (sensorsPerProcessor === null) return [];
  const n = availableParallelism();
  return [
    `estimate    about ${sensorsPerProcessor} sensors a processor that is busy for 80 % of the time, ` +
      `${n * sensorsPerProcessor} on the ${n} of this machine, with --workers or nodes for as many`,
  ];
}
