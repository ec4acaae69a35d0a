import {
  CARD_TEXT_FILE,
  type CardMachineResults,
  type ClipScorer,
  changeText,
  type EnsembleScorer,
  type MachineFusion,
  type ModelCard,
} from '@serial-oe/runtime/contract';
import { RATE_COLUMNS, rateCells } from '../calibrate/rate-cells';
import { cardOf } from '../card/card-of-model';
import { isDeciding } from '../model/decide';
import { isEnsemble, type LoadedModel } from '../model/loaded-model';
import { figure, textTable } from '../terminal/format';
import { systemText } from '../train/training-result';
import { inspectNetwork, networkText } from './network-facts';

/** What a model of any system is and how it came to be, as data, with its card. */
export async function inspectModel(model: LoadedModel): Promise<object> {
  return { ...modelFacts(model), card: await cardOf(model).catch(() => null) };
}

function modelFacts(model: LoadedModel): object {
  const { system, systemScorer: scorer, network, machineType, machineIds } = model;
  const decisions = isDeciding(model.scorer) ? model.scorer.decisions.toJSON().machines : null;
  if (system === 'serial-oe' && network !== null) return { system, ...inspectNetwork(network), decisions };
  const detectors = thresholdsOf(scorer);
  const common = { system, machineType, machineIds, detectors, decisions };
  if (!isEnsemble(scorer)) return { ...common, config: scorer.config, provenance: scorer.provenance };
  const { fusion, machines, leftOut, members, provenance } = scorer;
  return {
    ...{ ...common, fusion, leftOut },
    members: members.map(({ name, scorer: member }, i) => ({
      system: name,
      calibrations: calibrationsOf(machines, i),
      ...(name === 'serial-oe' && network !== null
        ? inspectNetwork(network)
        : { detectors: thresholdsOf(member), config: member.config, provenance: member.provenance }),
    })),
    provenance: { ...provenance, members: undefined },
  };
}

/** The same as text; of the card the most important. */
export async function inspectText(model: LoadedModel): Promise<string> {
  return `${systemOrEnsembleText(model)}${decisionsText(model)}${await cardLines(model)}`;
}

/** A card that was altered does not keep the rest from being shown. */
async function cardLines(model: LoadedModel): Promise<string> {
  try {
    return cardLinesOf(await cardOf(model));
  } catch (error) {
    return `\n== model card\n\n${(error as Error).message}\n`;
  }
}

function cardLinesOf(card: ModelCard | null): string {
  if (card === null) return '\n== model card\n\nnone\n';
  const { data, results, weights } = card;
  const nClips = data.folders.reduce((n, folder) => n + folder.nClips, 0);
  const facts = factLines([
    ['data', `${data.name}: ${nClips} clips of ${data.folders.length} folder(s)`],
    ['licence', data.licence ?? 'unknown'],
    ['results', results === null ? 'none yet: evaluate --write-card' : resultsText(results)],
    ...(weights.type === null ? [] : [['weights', weightsText(weights)] as const]),
    ['all of it', CARD_TEXT_FILE],
  ]);
  return `\n== model card\n\n${facts}\n`;
}

function resultsText({ measuredAt, data, machines, isOutdated }: NonNullable<ModelCard['results']>): string {
  const sum = (of: (machine: CardMachineResults) => number) => machines.reduce((n, each) => n + of(each), 0);
  const found = `${sum(({ nFound }) => nFound)} of ${sum(({ nAnomalous }) => nAnomalous)} faults found`;
  const alarms = `${sum(({ nFalseAlarms }) => nFalseAlarms)} of ${sum(({ nNormal }) => nNormal)} normal clips raised a false alarm`;
  const outdated = isOutdated ? '; thresholds were set anew since' : '';
  return `${measuredAt.slice(0, 10)}, ${data}: ${found}, ${alarms}${outdated}`;
}

function weightsText({ type, change }: ModelCard['weights']): string {
  return change === null ? String(type) : `${type}. ${changeText(change)}`;
}

/** The thresholds that count, and what they were set by. */
function decisionsText({ scorer }: LoadedModel): string {
  if (!isDeciding(scorer)) return '';
  const table = textTable(
    [{ title: 'ID' }, { title: 'threshold', align: 'right' }, ...RATE_COLUMNS],
    [...scorer.decisions.machines].map(([id, decision]) => [
      ...[id, figure(decision.threshold), ...rateCells(decision)],
    ]),
  );
  return `\n== decisions, which count in place of the thresholds above\n\n${table}`;
}

function systemOrEnsembleText(model: LoadedModel): string {
  const { system, systemScorer: scorer, network } = model;
  if (system === 'serial-oe' && network !== null) return networkText(network);
  if (isEnsemble(scorer)) return ensembleText(model, scorer);
  return systemFacts(model.machineType, { name: system, scorer });
}

function ensembleText(
  { system, machineType, machineIds, network }: LoadedModel,
  scorer: EnsembleScorer,
): string {
  const { members, machines, leftOut } = scorer;
  const facts = factLines([
    ['system', systemText(system, scorer)],
    ['machine type', machineType],
    ['machine IDs', machineIds.join(', ')],
    [
      'a score',
      'deviations above the mean of the normal training clips of the machine, of each member on its own scale',
    ],
    ...leftOut.map(({ name, reason }): [string, string] => ['left out', `${name}: ${reason}`]),
  ]);
  const table = textTable(
    [
      { title: 'ID' },
      { title: 'threshold', align: 'right' },
      { title: 'set on' },
      ...members.map(({ name }) => ({ title: `${name}, normal clips` })),
    ],
    [...machines].map(([id, { threshold, nClips, calibrations }]) => [
      ...[id, figure(threshold), `${nClips} clip(s)`],
      ...calibrations.map(({ mean, deviation }) => `${mean.toPrecision(4)} +- ${deviation.toPrecision(2)}`),
    ]),
  );
  const parts = members.map(({ name, scorer: member }) => {
    const text =
      name === 'serial-oe' && network !== null
        ? networkText(network)
        : systemFacts(machineType, { name, scorer: member });
    return `\n== ${name}\n\n${text}`;
  });
  return `${facts}\n\n${table}${parts.join('')}`;
}

/** Of a system without Serial-OE's network. */
function systemFacts(machineType: string, { name, scorer }: { name: string; scorer: ClipScorer }): string {
  const { machineIds, provenance = {}, config = {} } = scorer;
  const facts = factLines([
    ['system', name],
    ['machine type', machineType],
    ['machine IDs', machineIds.join(', ')],
    ['data', `${provenance.dataset ?? 'no name'}: ${provenance.nNormalClips} normal clips`],
    ...comparedNetworkFacts(provenance),
    ...Object.entries(config).map(([key, value]): [string, string] => [key, settingText(value)]),
  ]);
  const table = textTable(
    [{ title: 'ID' }, { title: 'threshold', align: 'right' }, { title: 'set on' }],
    thresholdsOf(scorer).map(({ machineId, threshold, calibration }) => [
      ...[machineId, figure(threshold)],
      `${calibration.nClips} clip(s), ${calibration.method}`,
    ]),
  );
  return `${facts}\n\n${table}`;
}

/** What is known of a network that is none of Serial-OE's. */
function comparedNetworkFacts({
  nParameters,
  nClasses,
  backend,
}: NonNullable<ClipScorer['provenance']>): [string, string][] {
  if (nParameters === undefined) return [];
  return [['network', `${nParameters} parameters, trained on ${nClasses} machine(s), backend ${backend}`]];
}

/** `nFft 2048, hopLength 512` of a section. */
function settingText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, each]) => `${key} ${each}`)
    .join(', ');
}

function factLines(facts: readonly (readonly [string, string])[]): string {
  const width = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}

function thresholdsOf({ thresholds }: ClipScorer) {
  return [...(thresholds ?? [])].map(([machineId, { threshold, calibration }]) => ({
    ...{ machineId, threshold, calibration },
  }));
}

/** How the scores of a member become comparable, machine by machine. */
function calibrationsOf(machines: ReadonlyMap<string, MachineFusion>, member: number) {
  return [...machines].map(([machineId, { calibrations }]) => {
    const { mean, deviation, normalScores } = calibrations[member]!;
    return { machineId, mean, deviation, nClips: normalScores.length };
  });
}
