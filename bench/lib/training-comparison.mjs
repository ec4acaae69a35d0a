// What the runs of two contenders say, in a table.
import { deviation, mean } from './statistics.mjs';

const BACK_ENDS = { mixture: 'mixture of chunks', ledoitWolf: 'Ledoit-Wolf on clip means' };

/**
 * Markdown: aAUC of each seed and back end, means with deviations, the difference ours - peer with its 95 % interval, and
 * times. Only seeds that both contenders have run count, and both must have made as many steps.
 *
 * @param peer what it is made of
 * @param pairedDifference of @serial-oe/evaluation
 */
export function renderComparison(runs, { peer: peerLabel, pairedDifference }) {
  const of = (contender) => runs.filter((run) => run.contender === contender);
  const shared = of('ours')
    .map(({ seed }) => seed)
    .filter((seed) => of('peer').some((run) => run.seed === seed));
  const seeds = [...new Set(shared)].sort((a, b) => a - b);
  if (seeds.length === 0) return 'No seed was run by both.';
  const pick = (contender) => seeds.map((seed) => of(contender).find((run) => run.seed === seed));
  const [ours, peer] = [pick('ours'), pick('peer')];
  checkSteps(ours, peer);
  return [
    `aAUC (%), ${ours[0].nSteps} steps each; peer: ${peerLabel}.`,
    '',
    `| back end | | ${seeds.map((seed) => `seed ${seed}`).join(' | ')} | mean | deviation | ours - peer, 95 % interval |`,
    `| --- | --- | ${seeds.map(() => '---:').join(' | ')} | ---: | ---: | ---: |`,
    ...Object.keys(BACK_ENDS).flatMap((backEnd) => backEndLines(backEnd, { ours, peer, pairedDifference })),
    '',
    `Training and scoring, means: ours ${timesOf(ours)}; peer ${timesOf(peer)}.`,
  ].join('\n');
}

function backEndLines(backEnd, { ours, peer, pairedDifference }) {
  const percent = (runs) => runs.map(({ figures }) => 100 * figures[backEnd].aAuc);
  const line = (name, runs, last) => {
    const values = percent(runs);
    const spread = values.length < 2 ? '-' : deviation(values).toFixed(1);
    const cells = [...values.map((value) => value.toFixed(1)), mean(values).toFixed(1), spread, last];
    return `| ${BACK_ENDS[backEnd]} | ${name} | ${cells.join(' | ')} |`;
  };
  const difference = differenceText(percent(ours), percent(peer), pairedDifference);
  return [line('ours', ours, difference), line('peer', peer, '')];
}

/** Without an interval for a single seed. */
function differenceText(ours, peer, pairedDifference) {
  if (ours.length < 2) return signed(ours[0] - peer[0]);
  const { mean: difference, lower, upper } = pairedDifference(ours, peer);
  return `${signed(difference)} (${signed(lower)} to ${signed(upper)})`;
}

function checkSteps(ours, peer) {
  for (const [i, { nSteps, seed }] of ours.entries()) {
    if (nSteps === peer[i].nSteps) continue;
    throw new Error(
      `bench: contenders must make as many steps, got ${nSteps} and ${peer[i].nSteps} with seed ${seed}.`,
    );
  }
}

function timesOf(runs) {
  const of = (clock) =>
    ['train', 'score'].map((part) => mean(runs.map((run) => run[clock][part])).toFixed(0)).join(' + ');
  return `${of('seconds')} s (${of('cpuSeconds')} s of processor time)`;
}

function signed(value) {
  return `${value < 0 ? '' : '+'}${value.toFixed(1)}`;
}
