import { DriftMonitor, type DriftMonitorJSON } from '@serial-oe/decision';
import type { ClipScorer, DecidingScorer } from '@serial-oe/runtime/contract';
import type { DriftEvent, SensorName } from '../../events';
import type { StreamScore } from '../../stream/stream-scorer';

/** Fewer normal scores of the training tell no drift. */
const MIN_REFERENCE = 20;

/**
 * Whether what is judged normal has moved away from the normal scores that the model's decisions were made by. Windows that overlap
 * would count a sound several times: each counts that begins behind the last one counted.
 */
export class SensorDrift {
  readonly #name: SensorName;
  readonly #monitor: DriftMonitor | null;
  #nextTime = Number.NEGATIVE_INFINITY;
  #hasMoved: boolean;

  /** @param saved goes on where it was, if the model's normal scores are the same */
  constructor(name: SensorName, { scorer, saved }: { scorer: ClipScorer; saved: DriftMonitorJSON | null }) {
    this.#name = name;
    this.#monitor = driftMonitorOf(scorer, name.machineId, saved);
    this.#hasMoved = (this.#monitor?.report.moved.length ?? 0) > 0;
  }

  toJSON(): DriftMonitorJSON | null {
    return this.#monitor?.toJSON() ?? null;
  }

  /** A window was scored. @param counts false where what was heard is no sound of the machine */
  take({ time, endTime, anomalyScore, isAnomaly }: StreamScore, counts: boolean): DriftEvent[] {
    const last = this.#monitor?.toJSON().time ?? Number.NEGATIVE_INFINITY;
    if (this.#monitor === null || !counts || isAnomaly || time < this.#nextTime || endTime < last) return [];
    this.#nextTime = endTime;
    const { moved, since } = this.#monitor.update({ time: endTime, score: anomalyScore });
    const hasMoved = moved.length > 0;
    if (hasMoved === this.#hasMoved) return [];
    this.#hasMoved = hasMoved;
    const message = hasMoved
      ? `${this.#name.asset}: the normal sound has moved away from training since ${new Date(1000 * (since ?? endTime)).toISOString()}; ` +
        'look for a changed microphone, load or wear, and calibrate or train again'
      : `${this.#name.asset}: the normal sound is as in training again`;
    return [{ kind: 'drift', name: this.#name, time: endTime, moved, message }];
  }
}

function driftMonitorOf(
  scorer: ClipScorer,
  machineId: string,
  saved: DriftMonitorJSON | null,
): DriftMonitor | null {
  const decision =
    'decisions' in scorer ? (scorer as DecidingScorer).decisions.machines.get(machineId) : undefined;
  const scores = Array.from(decision?.normalScores ?? []);
  if (scores.length < MIN_REFERENCE || new Set(scores).size < 2) return null;
  const fresh = new DriftMonitor(scores.map((score) => ({ score })));
  const isSame =
    saved !== null && JSON.stringify(saved.references) === JSON.stringify(fresh.toJSON().references);
  return isSame ? DriftMonitor.fromJSON(saved) : fresh;
}
