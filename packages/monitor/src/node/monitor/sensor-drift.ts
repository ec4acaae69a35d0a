import { soundLevels } from '@serial-oe/audio-features';
import { DriftMonitor, type DriftMonitorJSON, type DriftQuantity } from '@serial-oe/decision';
import { sha256 } from '@serial-oe/foundation';
import type { ClipScorer, DecidingScorer } from '@serial-oe/runtime/contract';
import type { DriftEvent, SensorName } from '../../events';
import type { StreamScore } from '../../stream/stream-scorer';

/** What is remembered of a drift: of the normal clips, which the model holds, their checksum is enough. */
export interface DriftMemory extends Omit<DriftMonitorJSON, 'references'> {
  references: string;
}

/** Fewer normal scores of the training tell no drift. */
const MIN_REFERENCE = 20;

/** What a quantity's move is called. */
const WORDS: Readonly<Record<DriftQuantity, string>> = {
  score: 'its score',
  level: 'its level',
  spectrum: 'its spectrum',
};

/**
 * Whether what is judged normal has moved away from the normal clips that the model's decisions were made by: in its score, and where
 * the model knows how loud they were, in level and spectrum too. Windows that overlap would count a sound several times: each counts
 * that begins behind the last one counted.
 */
export class SensorDrift {
  readonly #name: SensorName;
  readonly #monitor: DriftMonitor | null;
  readonly #references: string;
  readonly #sampleRate: number;
  #nextTime = Number.NEGATIVE_INFINITY;
  #lastTime: number;
  #moved: readonly DriftQuantity[];

  /** @param saved goes on where it was, if the model's normal scores are the same */
  constructor(name: SensorName, { scorer, saved }: { scorer: ClipScorer; saved: DriftMemory | null }) {
    this.#name = name;
    const found = driftMonitorOf(scorer, name.machineId, saved);
    this.#monitor = found?.monitor ?? null;
    this.#references = found?.references ?? '';
    this.#sampleRate = scorer.input.sampleRate;
    this.#lastTime = this.#monitor?.toJSON().time ?? Number.NEGATIVE_INFINITY;
    this.#moved = this.#monitor?.report.moved ?? [];
  }

  toJSON(): DriftMemory | null {
    return this.#monitor === null ? null : { ...this.#monitor.toJSON(), references: this.#references };
  }

  /**
   * A window was scored.
   * @param counts false where what was heard is no sound of the machine
   * @param waveform the window's samples; fewer where they are kept no longer
   */
  take(
    { time, endTime, anomalyScore, isAnomaly }: StreamScore,
    counts: boolean,
    waveform: Float32Array,
  ): DriftEvent[] {
    if (this.#monitor === null || !counts || isAnomaly) return [];
    if (time < this.#nextTime || endTime < this.#lastTime) return [];
    this.#nextTime = endTime;
    this.#lastTime = endTime;
    const isWhole = waveform.length >= Math.round((endTime - time) * this.#sampleRate) - 1; // dropped by overload otherwise
    const { moved, since } = this.#monitor.update({
      ...{ time: endTime, score: anomalyScore },
      ...(this.#monitor.hasLevels && isWhole && soundLevels(waveform, { sampleRate: this.#sampleRate })),
    });
    const isSame = moved.join() === this.#moved.join();
    this.#moved = moved;
    if (isSame) return [];
    const message =
      moved.length > 0
        ? `${this.#name.asset}: the normal sound has moved away from training (${moved.map((each) => WORDS[each]).join(', ')}) since ` +
          `${new Date(1000 * (since ?? endTime)).toISOString()}; look for a changed microphone, load or wear, and calibrate or train again`
        : `${this.#name.asset}: the normal sound is as in training again`;
    return [{ kind: 'drift', name: this.#name, time: endTime, moved, message }];
  }
}

function driftMonitorOf(
  scorer: ClipScorer,
  machineId: string,
  saved: DriftMemory | null,
): { monitor: DriftMonitor; references: string } | null {
  const decisions = 'decisions' in scorer ? (scorer as DecidingScorer).decisions : undefined;
  const scores = Array.from(decisions?.machines.get(machineId)?.normalScores ?? []);
  if (scores.length < MIN_REFERENCE || new Set(scores).size < 2) return null;
  const levels = decisions?.levels.get(machineId);
  const fresh = new DriftMonitor(scores.map((score, i) => ({ score, ...levels?.[i] })));
  const { references: values } = fresh.toJSON();
  const references = sha256(JSON.stringify(values));
  const isSame = saved?.references === references;
  return { monitor: isSame ? DriftMonitor.fromJSON({ ...saved, references: values }) : fresh, references };
}
