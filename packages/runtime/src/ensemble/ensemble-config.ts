import { FUSIONS, type Fusion } from '@serial-oe/decision';
import {
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkOptions,
  type OptionNames,
  RATE,
  show,
} from '@serial-oe/foundation';
import type { AsdSystem } from '../contract/asd-system';

/** How an ensemble is trained; plain JSON. */
export interface EnsembleConfig {
  /** Handed to every member. */
  seed: number;
  fusion: Fusion;
  decision: { falseAlarmRate: number };
  /** Configuration of each member, by its name. */
  members: Record<string, object>;
}

const CONFIG: OptionNames<EnsembleConfig> = { seed: true, fusion: true, decision: true, members: true };
const DECISION: OptionNames<EnsembleConfig['decision']> = { falseAlarmRate: true };
const DEFAULT_FALSE_ALARM_RATE = 0.1;

/** The ensemble that a configuration is of. */
interface ConfiguredEnsemble {
  name: string;
  members: readonly AsdSystem[];
  fusion: Fusion;
}

/**
 * Members that can be tuned further have a configuration for that; the others are trained anew by their own.
 * @throws RangeError or TypeError naming the field
 */
export function finetuneEnsembleConfig(
  ensemble: ConfiguredEnsemble,
  config: EnsembleConfig,
  overrides: object,
): EnsembleConfig {
  const { members: changes = {}, ...others } = overrides as Partial<EnsembleConfig>;
  const tuned = ensemble.members.map(({ name, finetuneConfig }) => {
    const own = config.members[name]!;
    const change = changes[name] ?? {};
    return [name, finetuneConfig?.(own, change) ?? { ...own, ...change }];
  });
  const members = { ...changes, ...Object.fromEntries(tuned) }; // names that there are not are told
  return resolveEnsembleConfig(ensemble, undefined, { ...config, ...others, members });
}

/** @throws RangeError or TypeError naming the field */
export function resolveEnsembleConfig(
  { name, members, fusion }: ConfiguredEnsemble,
  preset: string | undefined,
  overrides: object,
): EnsembleConfig {
  const where = `runtime.${name}: config`;
  checkKind(where, overrides, 'object');
  checkOptions(where, overrides as EnsembleConfig, CONFIG);
  const given = overrides as Partial<EnsembleConfig>;
  const seed = checkNumber(`${where}.seed`, given.seed ?? 0, COUNT);
  const decision = checkKind(`${where}.decision`, given.decision ?? {}, 'object');
  checkOptions(`${where}.decision`, decision as EnsembleConfig['decision'], DECISION);
  const { falseAlarmRate = DEFAULT_FALSE_ALARM_RATE } = decision as Partial<EnsembleConfig['decision']>;
  const own = checkKind(`${where}.members`, given.members ?? {}, 'object') as Record<string, object>;
  const unknown = Object.keys(own).find((each) => !members.some((system) => system.name === each));
  if (unknown !== undefined) {
    throw new RangeError(
      `${where}.members must name ${members.map((system) => system.name).join(', ')}, got ${show(unknown)}.`,
    );
  }
  return {
    seed,
    fusion: checkOneOf(`${where}.fusion`, given.fusion ?? fusion, FUSIONS),
    decision: { falseAlarmRate: checkNumber(`${where}.decision.falseAlarmRate`, falseAlarmRate, RATE) },
    members: Object.fromEntries(
      members.map((system, i) => [
        system.name,
        system.resolveConfig(i === 0 ? preset : undefined, { ...own[system.name], seed }),
      ]),
    ),
  };
}
