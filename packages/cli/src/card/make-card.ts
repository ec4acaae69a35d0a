import type { CardDecision, ClipScorer, LeftOutMember, ModelCard } from '@serial-oe/runtime/contract';
import { FEW_CLIPS } from '../evaluate/few-clips';
import { isDeciding } from '../model/decide';
import { isEnsemble } from '../model/loaded-model';
import { namedMachines } from '../model/machine-names';
import { VERSION } from '../version';

export interface CardFacts {
  system: string;
  machineType: string;
  data: ModelCard['data'];
  weights: ModelCard['weights'];
}

/** The card of a model that has none yet. */
export function makeCard(scorer: ClipScorer, { system, machineType, data, weights }: CardFacts): ModelCard {
  const own = isDeciding(scorer) ? scorer.scorer : scorer;
  const members = isEnsemble(own) ? own.members.map(({ name }) => name) : [system];
  const machineIds = [...scorer.machineIds];
  const trainedAt = scorer.provenance?.trainedAt;
  const card: ModelCard = {
    model: {
      ...{ system, members, machineType, machineIds, software: `serial-oe ${VERSION}` },
      trainedAt: typeof trainedAt === 'string' ? trainedAt : new Date().toISOString(),
    },
    data,
    intendedUse: intendedUse(scorer, machineType),
    limits: [],
    decisions: [],
    results: null,
    weights,
  };
  return withScorer(card, scorer);
}

/** The card with the thresholds, the machines and the limits of a model that has changed. */
export function withScorer(card: ModelCard, scorer: ClipScorer): ModelCard {
  const own = isDeciding(scorer) ? scorer.scorer : scorer;
  const decisions = decisionsOf(scorer);
  const isSame = decisions.every(
    ({ machineId, threshold }) =>
      card.decisions.find((each) => each.machineId === machineId)?.threshold === threshold,
  );
  const results = card.results === null || isSame ? card.results : { ...card.results, isOutdated: true };
  const model = { ...card.model, machineIds: [...scorer.machineIds] };
  const changed = { ...card, model, decisions, results, intendedUse: intendedUse(scorer, model.machineType) };
  return { ...changed, limits: limitsOf(changed, isEnsemble(own) ? own.leftOut : []) };
}

function decisionsOf(scorer: ClipScorer): CardDecision[] {
  const machines = isDeciding(scorer) ? scorer.decisions.machines : null;
  return [...(scorer.thresholds ?? [])].map(([machineId, { threshold, calibration }]) => {
    const own = machines?.get(machineId);
    return {
      ...{ machineId, threshold, falseAlarmRate: calibration.falseAlarmRate, nClips: calibration.nClips },
      nSessions: own === undefined || own.sessions === null ? null : own.nSessions,
      extrapolated: own?.extrapolated ?? null,
    };
  });
}

function intendedUse({ machineIds, input }: ClipScorer, machineType: string): string {
  const { sampleRate, clipSeconds } = input;
  const length = clipSeconds === undefined ? '' : `, about ${Number(clipSeconds.toPrecision(2))} s long`;
  return (
    `Says how unlike the healthy machine recordings of ${namedMachines(machineType, machineIds)} sound (at ${sampleRate} Hz${length}), so that a ` +
    'person looks after the machine. It is no safety function, does not say what is broken, and is not meant as the only protection of a machine.'
  );
}

function limitsOf(
  { model: { machineType, machineIds }, data, decisions }: ModelCard,
  leftOut: readonly LeftOutMember[],
): string[] {
  const nKnown = data.folders.reduce((n, { use, nClips }) => n + (use === 'known anomalies' ? nClips : 0), 0);
  const few = decisions.filter(({ nClips }) => nClips < FEW_CLIPS);
  const undated = decisions.filter(({ nSessions }) => nSessions === null);
  const extrapolated = decisions.filter((each) => each.extrapolated === true);
  const ids = (of: readonly CardDecision[]) => of.map(({ machineId }) => machineId).join(', ');
  return [
    `It knows ${namedMachines(machineType, machineIds)} alone, by the microphone, its place and its gain as in the recordings below.`,
    'What a machine did not do in these recordings (a load, a speed, a season) sounds anomalous, whether it is a fault or not.',
    nKnown > 0
      ? `It was trained with ${nKnown} known anomalies; how other faults sound it has not heard.`
      : 'No fault was in the training: what it finds is known from the results below alone.',
    ...(few.length > 0
      ? [`Fewer than ${FEW_CLIPS} normal clips of ${ids(few)}: their thresholds are guesses.`]
      : []),
    ...(extrapolated.length > 0
      ? [
          `The false-alarm rate of ${ids(extrapolated)} is smaller than so many clips can tell: it is extrapolated.`,
        ]
      : []),
    ...(undated.length > 0
      ? [`Names of recordings of ${ids(undated)} tell no days, or one: thresholds hold for days like these.`]
      : []),
    ...leftOut.map(({ name, reason }) => `${name} was left out: ${reason}`),
  ];
}
