// Everything in docs that is made from the sources: pictures as whole files, tables between two marks of a page.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  autoencoder,
  clpScf,
  ddcsadStyle,
  noisyArcmix,
  scadacos,
  ssc,
  stgramMfn,
  swWavenet,
} from '@serial-oe/baselines';
import { monitorTable, serialOeTable, sourceTable, type TableField } from './config-tables';
import { flowChart } from './flow-chart';
import { packageMapPicture, packageMapTable } from './package-map';
import { FLOWS } from './system-flows';
import { sourceOf } from './system-sources';

/** What each file must hold, by its path in the repository. */
export function generatedFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  files.set('docs/pictures/package-map.svg', packageMapPicture());
  for (const [name, flow] of Object.entries(FLOWS)) {
    files.set(
      `docs/pictures/flow-${name}.svg`,
      flowChart(`Data flow of ${name}, from the clip to its score`, flow),
    );
  }
  const put = (page: string, part: string, text: string) => {
    files.set(
      page,
      withPart({ page, part, text }, files.get(page) ?? readFileSync(join(root, page), 'utf8')),
    );
  };
  put('docs/package-map.md', 'packages', packageMapTable(root));
  put('docs/configuration.md', 'serial-oe', serialOeTable());
  put('docs/configuration.md', 'monitor', monitorTable());
  put('docs/configuration.md', 'sources', sourceTable());
  for (const network of NETWORKS)
    put(`docs/systems/${network.name}.md`, 'constants', constantsTable(network));
  return files;
}

interface Part {
  page: string;
  part: string;
  text: string;
}

/** The page with what stands between the marks of a part replaced. @throws Error where the page has no such marks */
export function withPart({ page, part, text }: Part, before: string): string {
  const [start, end] = [`<!-- ${part}:start (written by npm run docs:pages) -->`, `<!-- ${part}:end -->`];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no ${start} and ${end}.`);
  return `${before.slice(0, from + start.length)}\n\n${text}\n\n${before.slice(to)}`;
}

const NETWORKS: readonly { name: string; describeConfig(): readonly TableField[] }[] = [
  autoencoder,
  clpScf,
  ddcsadStyle,
  noisyArcmix,
  scadacos,
  ssc,
  stgramMfn,
  swWavenet,
];

/** Every field of a compared network: its values, what it is, and where the published one comes from. */
function constantsTable({ name: system, describeConfig }: (typeof NETWORKS)[number]): string {
  const text = (x: unknown) => `\`${typeof x === 'string' ? x : JSON.stringify(x)}\``;
  const rows = describeConfig().map(({ path, help, defaults }) => {
    const cells = [
      text(defaults.paper),
      text(defaults.quick),
      sourceOf(system, path),
      help.replaceAll('|', '\\|'),
    ];
    return `| \`${path}\` | ${cells.join(' | ')} |`;
  });
  return [
    '| field | `paper` | `quick` | source of `paper` | what it is |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
