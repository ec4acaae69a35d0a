import { ALL_MACHINE_TYPES } from '../contract/asd-system';
import type {
  CardDecision,
  CardInterval,
  CardMachineResults,
  CardResults,
  ModelCard,
  ScoreChange,
} from './model-card';

/** Lines that a table of folders has at most; the facts hold all. */
const MAX_FOLDERS = 40;

/** The card in Markdown. */
export function cardText(card: ModelCard): string {
  const { model, data, intendedUse, limits, decisions, results, weights } = card;
  const type = model.machineType === ALL_MACHINE_TYPES ? '' : `${model.machineType} `; // machines of all types say theirs
  const name = `${type}${model.machineIds.join(', ')}`;
  const members = model.members.length > 1 ? ` (${model.members.join(', ')})` : '';
  return [
    `# Model card: ${plain(name)}`,
    '',
    `Anomalous sound detection by ${plain(model.system)}${plain(members)}, trained ${model.trainedAt.slice(0, 10)} with ${plain(model.software)}.`,
    '',
    ...section('Intended use', [intendedUse]),
    ...section('Limits', bullets(limits)),
    ...section('Data', dataLines(data)),
    ...section('Thresholds', decisionLines(decisions)),
    ...section('Results', results === null ? [NO_RESULTS] : resultLines(results)),
    ...(weights.type === null ? [] : section('Weights', [weightText(weights)])),
  ].join('\n');
}

const NO_RESULTS =
  'None yet: `serial-oe evaluate --model MODEL --data DIR --write-card` measures the model on test clips and writes them here.';

function section(heading: string, lines: readonly string[]): string[] {
  return [`## ${heading}`, '', ...lines, ''];
}

function bullets(texts: readonly string[]): string[] {
  return texts.map((text) => `- ${plain(text)}`);
}

function dataLines({ name, licence, folders }: ModelCard['data']): string[] {
  const rows = folders
    .slice(0, MAX_FOLDERS)
    .map((each) => [
      ...[each.folder, each.machineType, each.machineIds.join(', '), each.use, String(each.nClips)],
      each.sha256 === null ? '-' : `\`${each.sha256.slice(0, 16)}\``,
    ]);
  const more = folders.length > MAX_FOLDERS ? ['', `And ${folders.length - MAX_FOLDERS} folders more.`] : [];
  return [
    `${plain(name)}. Licence of the recordings: ${plain(licence ?? 'unknown, nobody told it')}.`,
    '',
    ...table(['folder', 'type', 'machines', 'used as', 'clips', 'SHA-256 of the listing'], rows),
    ...more,
  ];
}

function decisionLines(decisions: readonly CardDecision[]): string[] {
  const rows = decisions.map((each) => [
    ...[each.machineId, String(Number(each.threshold.toPrecision(6))), percent(each.falseAlarmRate)],
    `${each.nClips} normal clips${each.nSessions === null ? '' : ` of ${each.nSessions} days or sessions`}`,
    each.extrapolated === true
      ? 'yes: smaller than so few clips can tell'
      : each.extrapolated === null
        ? '-'
        : 'no',
  ]);
  return table(['machine', 'threshold', 'false alarms asked for', 'set on', 'extrapolated'], rows);
}

function resultLines({ measuredAt, data, machines, isOutdated }: CardResults): string[] {
  const outdated = isOutdated
    ? [
        '',
        'Thresholds were set anew since, and of a machine that was learnt anew its detector: the figures are those of before.',
      ]
    : [];
  return [
    `On the test clips of ${plain(data)}, ${measuredAt.slice(0, 10)}. Intervals are of 95 % confidence; there is none below ten clips a class.`,
    ...outdated,
    '',
    ...table(['machine', 'AUC', 'pAUC', 'faults found', 'false alarms'], machines.map(resultRow)),
  ];
}

function resultRow(each: CardMachineResults): string[] {
  return [
    each.machineId,
    withInterval(figure(each.auc), each.aucInterval, (value) => value.toFixed(2)),
    figure(each.pAuc),
    counts(each.nFound, each.nAnomalous),
    withInterval(counts(each.nFalseAlarms, each.nNormal), each.falseAlarmInterval, percent),
  ];
}

function weightText({ type, change }: ModelCard['weights']): string {
  if (change === null) return `${type}.`;
  return `${type}; biases and BatchNorm in float32, all arithmetic in float32. ${changeText(change)}`;
}

/** What became of the scores, in a sentence. */
export function changeText(change: ScoreChange): string {
  const { nClips, medianSeverity, largestSeverity, medianScore, largestScore, nTurned } = change;
  const severity =
    medianSeverity === null || largestSeverity === null
      ? ''
      : `severity by ${short(medianSeverity)} in the median and ${short(largestSeverity)} at most, and the `;
  return (
    `Against float32, on ${nClips} clips, it changes the ${severity}score by ${short(medianScore)} in the median and ` +
    `${short(largestScore)} at most; ${nTurned} of ${nClips} are called otherwise.`
  );
}

function withInterval(text: string, interval: CardInterval | null, show: (value: number) => string): string {
  return interval === null ? text : `${text}, ${show(interval.lower)} to ${show(interval.upper)}`;
}

function counts(n: number, of: number): string {
  return of === 0 ? '-' : `${n} of ${of} (${percent(n / of)})`;
}

function figure(value: number | null): string {
  return value === null ? '-' : value.toFixed(4);
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)];
}

/** Names of files and machines may hold anything: on one line, and no table's edge. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').replace(/[|<]/g, '\\$&');
}
