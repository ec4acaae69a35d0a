/**
 * How near synthetic machine sounds come to recorded ones: the same figures of both, side by side.
 *
 *     npm run realism -- [--data DIR ..] [--seed N] [--id-spread S] [--clip-spread S] [--snr DB] [--severity S]
 *
 * Figures: how often the nearest mean log-mel spectrum is of the same machine (among clips of its type) and of the same type
 * (among all), two clips a machine drawn at a time; mean distances within a machine, between machines and between types; aAUC
 * of `mel-statistics`. Types that have too few test clips have no aAUC. Recordings at another rate than 16 kHz are refused.
 */

import { parseArgs } from 'node:util';
import type { Clip, SynthesizeOptions } from '@serial-oe/datasets';
import { loadClip, scanDataset } from '@serial-oe/datasets/node';
import type { Likeness } from './likeness';
import { aAucOfSynthetic, likenessOfSynthetic, type Realism, realismOf } from './measure-realism';

const { values } = parseArgs({
  options: {
    data: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string' },
    'id-spread': { type: 'string' },
    'clip-spread': { type: 'string' },
    snr: { type: 'string' },
    severity: { type: 'string' },
  },
});
const given = {
  seed: values.seed,
  idSpread: values['id-spread'],
  clipSpread: values['clip-spread'],
  snrDb: values.snr,
  severity: values.severity,
};
const options: SynthesizeOptions = Object.fromEntries(
  Object.entries(given).flatMap(([name, text]) => (text === undefined ? [] : [[name, Number(text)]])),
);

const found: [string, Realism][] = [
  ['synthetic', { ...likenessOfSynthetic(options), aAuc: await aAucOfSynthetic(options) }],
];
for (const folder of values.data) found.push([folder, await realismOf(await readRecordings(folder))]);
console.log(tableOf(found));

async function readRecordings(folder: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const clip of scanDataset(folder).clips) {
    const { waveform, sampleRate } = await loadClip(clip);
    if (sampleRate !== 16_000)
      throw new RangeError(`realism: clips must have 16 kHz, got ${sampleRate} Hz: ${clip.path}.`);
    clips.push({ ...clip, waveform, sampleRate });
  }
  return clips;
}

/** Markdown: a row a figure, a column a set. */
function tableOf(sets: readonly [string, Realism][]): string {
  const ROWS: [string, (likeness: Likeness) => string][] = [
    ['nearest clip of the type is of the same machine', ({ idAccuracy }) => idAccuracy.toFixed(2)],
    ['nearest clip is of the same type', ({ typeAccuracy }) => typeAccuracy.toFixed(2)],
    ['distance within a machine, dB', ({ withinId }) => withinId.toFixed(2)],
    ['between machines of a type, dB', ({ betweenIds }) => betweenIds.toFixed(2)],
    ['between types, dB', ({ betweenTypes }) => betweenTypes.toFixed(2)],
  ];
  const rows = [
    ...ROWS.map(([name, text]) => [name, ...sets.map(([, set]) => text(set.likeness))]),
    ...ROWS.map(([name, text]) => [
      `${name}, levels equal`,
      ...sets.map(([, set]) => text(set.likenessWithoutLevel)),
    ]),
    ['aAUC of mel-statistics', ...sets.map(([, set]) => areasText(set.aAuc))],
  ];
  const heading = ['', ...sets.map(([name]) => name)];
  return [heading, heading.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function areasText(areas: Realism['aAuc']): string {
  if (areas.length === 0) return 'too few test clips';
  const mean = areas.reduce((sum, { aAuc }) => sum + aAuc / areas.length, 0);
  return `${mean.toFixed(1)} (${areas.map(({ machineType, aAuc }) => `${machineType} ${aAuc.toFixed(1)}`).join(', ')})`;
}
