// Tables of docs/experiments.md from what `serial-oe experiment all --out DIR` left behind:
//
//     npm run experiment-tables -- DIR [docs/experiments.md [SUFFIX]]
//
// Prints them, or writes each between `<!-- table:NAME -->` and `<!-- /table -->` of the page, which is how the page's figures are
// made. With a suffix the tables of `table:NAME-SUFFIX` are written and no others: the same experiment on other data.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const COLUMNS = [
  ['AUC', 'type', 'auc'],
  ['pAUC', 'type', 'pAuc'],
  ['aAUC', 'type', 'aAuc'],
  ['mAUC', 'type', 'mAuc'],
  ['aAUC, pooled', 'pooled', 'aAuc'],
];
const CURVES = ['few-anomalies', 'contamination'];
const MARKED = /(<!-- table:([a-z-]+) -->\n)[\s\S]*?(<!-- \/table -->)/g;

const NAMES = ['main', 'id-loss', 'ablation', 'no-id', ...CURVES, 'detectors', 'aggregators', 'compare'];

const [folder, page, suffix] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('experiment-tables: DIR must be given, the --out of an experiment.');
if (page === undefined) {
  for (const name of NAMES.filter((each) => existsSync(resultsFile(each))))
    console.log(`${name}\n\n${tablesOf(name)}`);
} else {
  const markers = new Map(NAMES.map((name) => [suffix === undefined ? name : `${name}-${suffix}`, name]));
  const text = readFileSync(page, 'utf8').replace(MARKED, (...[whole, start, marker, end]) => {
    const name = markers.get(marker);
    return name === undefined ? whole : `${start}\n${tablesOf(name)}\n${end}`;
  });
  writeFileSync(`${page}.part`, text);
  renameSync(`${page}.part`, page);
}

function tablesOf(name) {
  const results = JSON.parse(readFileSync(resultsFile(name), 'utf8'));
  const figures = CURVES.includes(name) ? curveTable(results) : variantTable(results);
  const more = { main: [machineTable], compare: [costsTable] }[name] ?? [];
  return [figures, ...more.map((render) => render(results)), differenceTable(results)].join('\n');
}

function resultsFile(name) {
  return join(folder, name, 'results.json');
}

/** What each system costs; times a clip are left out, as the trainings of an experiment disturb each other's. */
function costsTable({ variants, costs }) {
  const rows = costs.map(({ variant, nParameters, mMacPerClip, trainingMinutes }) => [
    variants.find(({ id }) => id === variant).title,
    nParameters === null ? '-' : `${(nParameters / 1e6).toFixed(2)} M`,
    mMacPerClip === null ? '-' : mMacPerClip.toFixed(0),
    trainingMinutes.toFixed(1),
  ]);
  return table(['system', 'parameters', 'MMAC a clip', 'minutes to train'], rows);
}

/** A row a variant, means and deviations over the seeds. */
function variantTable({ variants, aggregates, machineTypes: [machineType] }) {
  const rows = variants.map(({ id, title }) => [
    title,
    ...COLUMNS.map(([, scope, metric]) =>
      meanOf(aggregates, { variant: id, scope, machineType, machineId: null, metric }),
    ),
  ]);
  return table(['variant', ...COLUMNS.map(([title]) => title)], rows);
}

/** The first variant, a row a machine. */
function machineTable({ variants, aggregates, measurements, machineTypes: [machineType] }) {
  const { id: variant } = variants[0];
  const machines = measurements.find((each) => each.variant === variant).perId;
  const metrics = ['auc', 'pAuc', 'aAuc'];
  const rows = machines.map(({ machineId }) => [
    `${machineType} ${machineId}`,
    ...metrics.map((metric) => meanOf(aggregates, { variant, scope: 'id', machineType, machineId, metric })),
  ]);
  return table(['machine', 'AUC', 'pAUC', 'aAUC'], rows);
}

/** A row a line of the figure, a column a number of anomalies. */
function curveTable({ variants, aggregates, machineTypes: [machineType] }) {
  const drawn = variants.filter(({ curve }) => curve != null);
  const counts = [...new Set(drawn.map(({ curve }) => curve.x))].sort((a, b) => a - b);
  const lines = [...new Set(drawn.map(({ curve }) => curve.label))];
  const rows = lines.map((label) => [
    label,
    ...counts.map((x) => {
      const found = drawn.find(({ curve }) => curve.label === label && curve.x === x);
      const cell = { variant: found?.id, scope: 'type', machineType, machineId: null, metric: 'aAuc' };
      return meanOf(aggregates, cell);
    }),
  ]);
  return table(['aAUC', ...counts.map(String)], rows);
}

function differenceTable({ variants, differences }) {
  const titleOf = (id) => variants.find((variant) => variant.id === id).title;
  const rows = differences.map(({ variant, mean, overSeeds, overClips, nSeedsNeeded }) => [
    titleOf(variant),
    signed(mean),
    between(overSeeds),
    between(overClips),
    nSeedsNeeded ?? '-',
  ]);
  if (rows.length === 0) return '';
  const base = titleOf(differences[0].base);
  return table(
    [`aAUC less that of ${base}, points`, 'mean', 'over seeds', 'over clips', 'seeds for 3 points'],
    rows,
  );
}

function meanOf(aggregates, cell) {
  const found = aggregates.find((aggregate) =>
    Object.entries(cell).every(([name, value]) => (aggregate[name] ?? null) === (value ?? null)),
  );
  if (!found) return '-';
  const { mean, std, nSeeds } = found;
  return nSeeds > 1 && std >= 0.0005 ? `${percent(mean)} ± ${percent(std)}` : percent(mean);
}

function table(heading, rows) {
  const rule = heading.map((_, i) => (i === 0 ? '---' : '---:'));
  return [heading, rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function percent(share) {
  return (100 * share).toFixed(1);
}

function signed(share) {
  return `${share >= 0 ? '+' : ''}${percent(share)}`;
}

function between(interval) {
  return interval ? `${signed(interval.lower)} to ${signed(interval.upper)}` : '-';
}
