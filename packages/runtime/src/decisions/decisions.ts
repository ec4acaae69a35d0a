import type { SoundLevels } from '@serial-oe/audio-features';
import {
  type FalseAlarmRate,
  NormalThreshold,
  type NormalThresholdJSON,
  type Session,
  type Tail,
  thresholdFromNormals,
} from '@serial-oe/decision';
import {
  ABOVE_ZERO,
  checkKind,
  checkNumber,
  checkOptions,
  type OptionNames,
  quantile,
  readJson,
} from '@serial-oe/foundation';
import { openSealedJson, sealJson } from '../sealed-json';
import { knownLevels, type LevelsJSON, levelsToJSON, readLevels } from './normal-levels';

/** What decisions of a model are saved as, beside the files of its system. */
export const DECISIONS_FILE = 'decisions.json';

const KIND = 'decisions';
const VERSION = 1;
/** Of fewer scores no distribution but Student's t can be told. */
const MIN_FOR_GAMMA = 10;
/** Of fewer scores the spread is borrowed from the other machines. */
const MIN_OWN = 4;

/** How thresholds are set. */
export interface DecisionRule {
  /** The share of normal clips that may be called anomalous, or alarms in a time. */
  falseAlarmRate: FalseAlarmRate;
  /**
   * Default: `gamma` for at least ten scores, else a new clip's score as Student's t foretells it from the others: both go beyond the
   * highest score where the rate asks for that.
   */
  tail?: Tail | undefined;
}

/** The score of a normal clip that the fit had not seen, and when it was recorded. */
export interface DatedScore {
  machineId: string;
  anomalyScore: number;
  /** The day or session; where all clips of a machine tell it, and there are two at least, the spread between them counts. */
  session?: Session | undefined;
  /** Of the clip at the model's sample rate; for telling later whether the level or the spectrum has moved away from it. */
  levels?: SoundLevels | undefined;
}

/** What `toJSON` makes. */
export interface DecisionsJSON {
  kind: typeof KIND;
  version: number;
  machines: Record<string, NormalThresholdJSON>;
  clipSeconds: number | null;
  /** Of machines whose normal clips' levels are known. */
  levels?: Record<string, LevelsJSON[]> | undefined;
}

const RULE: OptionNames<DecisionRule> = { falseAlarmRate: true, tail: true };

/** The threshold of each machine with the normal scores that it was set by: they are kept, so that another rate needs no training. */
export class Decisions {
  readonly machines: ReadonlyMap<string, NormalThreshold>;
  /** How long the clips were, seconds: scores of other lengths have other thresholds. Null where nobody said. */
  readonly clipSeconds: number | null;
  /** Of each machine's normal clips, in the order of its scores; of machines where all are known. */
  readonly levels: ReadonlyMap<string, readonly SoundLevels[]>;

  constructor(
    machines: ReadonlyMap<string, NormalThreshold>,
    clipSeconds: number | null = null,
    levels: ReadonlyMap<string, readonly SoundLevels[]> = new Map(),
  ) {
    this.machines = machines;
    this.clipSeconds = clipSeconds;
    this.levels = levels;
  }

  /** @throws RangeError or TypeError for a rate, tail or scores that cannot be */
  static fit(
    scores: readonly DatedScore[],
    rule: DecisionRule,
    clipSeconds: number | null = null,
  ): Decisions {
    checkOptions('runtime.Decisions.fit', rule, RULE);
    const machineIds = [...new Set(scores.map(({ machineId }) => machineId))];
    const own = machineIds.map((id) => scores.filter(({ machineId }) => machineId === id));
    const judged = own.map((_, i) => lent(own, i));
    const machines = new Map(machineIds.map((id, i) => [id, thresholdOf(judged[i]!, rule)]));
    return new Decisions(machines, clipSeconds, knownLevels(judged));
  }

  /** The same scores under another rule. */
  under(rule: DecisionRule): Decisions {
    return Decisions.fit(this.#scores(), rule, this.clipSeconds);
  }

  /** These scores in place of those of the machines that they are of. */
  withScores(scores: readonly DatedScore[], rule: DecisionRule): Decisions {
    const fitted = Decisions.fit(scores, rule);
    const kept = [...this.levels].filter(([machineId]) => !fitted.machines.has(machineId));
    return new Decisions(
      new Map([...this.machines, ...fitted.machines]),
      this.clipSeconds,
      new Map([...kept, ...fitted.levels]),
    );
  }

  toJSON(): DecisionsJSON {
    const machines = [...this.machines].map(([id, threshold]) => [id, threshold.toJSON()]);
    const { clipSeconds } = this;
    const levels = [...this.levels].map(([id, clips]) => [id, clips.map(levelsToJSON)]);
    return {
      ...{ kind: KIND, version: VERSION, machines: Object.fromEntries(machines), clipSeconds },
      ...(levels.length > 0 && { levels: Object.fromEntries(levels) }),
    };
  }

  /** @throws RangeError or TypeError that names the field */
  static fromJSON(json: DecisionsJSON | string): Decisions {
    const where = 'runtime.Decisions.fromJSON';
    const { machines, clipSeconds, levels } = readJson(where, json, { kind: KIND, version: VERSION });
    const read = Object.entries(checkKind(`${where}: machines`, machines, 'object')).map(
      ([id, each]) => [id, NormalThreshold.fromJSON(each as NormalThresholdJSON)] as const,
    );
    const seconds =
      (clipSeconds ?? null) === null ? null : checkNumber(`${where}: clipSeconds`, clipSeconds, ABOVE_ZERO);
    return new Decisions(new Map(read), seconds, readLevels(`${where}: levels`, levels, new Map(read)));
  }

  /** {@link DECISIONS_FILE}: the JSON under a checksum. */
  toFile(): Uint8Array {
    return sealJson(this.toJSON());
  }

  /** @throws RangeError or TypeError for bytes that are no such file, or were altered */
  static fromFile(bytes: Uint8Array): Decisions {
    const where = 'runtime.Decisions.fromFile';
    return Decisions.fromJSON(openSealedJson(where, bytes, 'The file was altered.') as DecisionsJSON);
  }

  #scores(): DatedScore[] {
    return [...this.machines].flatMap(([machineId, { normalScores, sessions }]) =>
      Array.from(normalScores, (anomalyScore, i) => ({
        ...{ machineId, anomalyScore, session: sessions?.[i], levels: this.levels.get(machineId)?.[i] },
      })),
    );
  }
}

/**
 * A machine of too few clips borrows how the others' scores lie about their medians: its own tell where normal clips lie, and not how far
 * apart.
 */
function lent(machines: readonly (readonly DatedScore[])[], i: number): readonly DatedScore[] {
  const own = machines[i]!;
  if (own.length >= MIN_OWN) return own;
  const lenders = machines.filter(({ length }) => length >= MIN_OWN);
  if (lenders.length === 0) return own;
  const { machineId } = own[0]!;
  const middle = medianOf(own);
  return lenders.flatMap((scores) => {
    const theirs = medianOf(scores);
    return scores.map(({ anomalyScore }) => ({ machineId, anomalyScore: middle + anomalyScore - theirs }));
  });
}

function medianOf(scores: readonly DatedScore[]): number {
  return quantile(Float64Array.from(scores, ({ anomalyScore }) => anomalyScore).sort(), 0.5);
}

function thresholdOf(clips: readonly DatedScore[], { falseAlarmRate, tail }: DecisionRule): NormalThreshold {
  const scores = clips.map(({ anomalyScore }) => anomalyScore);
  const sessions = clips.flatMap(({ session }) => (session === undefined ? [] : [session]));
  const isDated = sessions.length === clips.length && new Set(sessions).size > 1;
  const isFew = clips.length < MIN_FOR_GAMMA;
  const isEqual = scores.every((score) => score === scores[0]);
  const own = tail ?? (isFew || isEqual ? 'empirical' : 'gamma');
  if (isDated) return thresholdFromNormals(scores, { falseAlarmRate, tail: own, sessions });
  if (!isFew || isEqual || tail !== undefined)
    return thresholdFromNormals(scores, { falseAlarmRate, tail: own });
  // Each clip as a session of its own: its score lies about the others' mean as Student's t says.
  const single = thresholdFromNormals(scores, { falseAlarmRate, sessions: scores.map((_, i) => i) });
  return new NormalThreshold({ ...single, threshold: single.threshold, sessions: null });
}
