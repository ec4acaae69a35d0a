import { type ClipScorer, Decisions, withDecisions } from '@serial-oe/runtime/contract';
import { isDeciding } from './decide';
import type { LoadedModel } from './loaded-model';
import { idsOfType, machineName } from './machine-names';

/** A model of all types as one of a single type, whose machines are called by their IDs. It is closed with the whole one. */
export function modelOfType(model: LoadedModel, machineType: string): LoadedModel {
  const own = scorerOfType(model.systemScorer, machineType);
  const { scorer } = model;
  return {
    ...model,
    ...{ machineType, machineIds: own.machineIds, systemScorer: own },
    scorer: isDeciding(scorer) ? withDecisions(own, decisionsOfType(scorer.decisions, machineType)) : own,
  };
}

function scorerOfType(scorer: ClipScorer, machineType: string): ClipScorer {
  const { input, config, trainingLevel, provenance, embed, scoreSpectrograms } = scorer;
  return {
    ...{ machineType, input, config, trainingLevel, provenance },
    machineIds: idsOfType(scorer.machineIds, machineType),
    thresholds: entriesOfType(scorer.thresholds ?? new Map(), machineType),
    score: (waveform, options) => scorer.score(waveform, { ...options, machineType }),
    ...(embed && { embed: embed.bind(scorer) }),
    ...(scoreSpectrograms && {
      scoreSpectrograms: (spectrograms, machineId = '') =>
        scoreSpectrograms.call(scorer, spectrograms, machineName(machineType, machineId)),
    }),
    toFiles: (options) => scorer.toFiles(options),
    dispose() {}, // the whole model's
  };
}

function decisionsOfType({ machines, clipSeconds, levels }: Decisions, machineType: string): Decisions {
  return new Decisions(entriesOfType(machines, machineType), clipSeconds, entriesOfType(levels, machineType));
}

/** Of the type's machines, by their IDs. */
function entriesOfType<Value>(entries: ReadonlyMap<string, Value>, machineType: string): Map<string, Value> {
  return new Map(
    idsOfType([...entries.keys()], machineType).map((id) => [id, entries.get(machineName(machineType, id))!]),
  );
}
