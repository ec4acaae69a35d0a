import { StreamResampler } from '@serial-oe/audio-features';
import { HearingWatch, type StreamScore, StreamScorer } from '@serial-oe/monitor';
import { EventTracker } from './event-tracker';
import { MelStream } from './front-end';
import type { HeldModel } from './held-model';
import type { Sound, StreamSettings, WindowScore, WorkerEvent } from './protocol';
import { SoundMemory } from './sound-memory';

const MEMORY_SECONDS = 600;
/** A recording is played in pieces of that length. */
const PIECE_SECONDS = 0.1;

/** Live sound, from the microphone or a recording that plays: resampled once, seen, scored, remembered. */
export class SoundStream {
  readonly #model: HeldModel;
  readonly #tell: (event: WorkerEvent) => void;
  readonly #scorer: StreamScorer;
  readonly #tracker: EventTracker;
  readonly #mel: MelStream;
  readonly #memory: SoundMemory;
  readonly #scoring: Promise<void>;
  #resampler: StreamResampler | null = null;
  #watch: HearingWatch | null = null;
  #nSamples = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(model: HeldModel, settings: StreamSettings, tell: (event: WorkerEvent) => void) {
    const { machineId, hopSeconds } = settings;
    this.#model = model;
    this.#tell = tell;
    this.#scorer = new StreamScorer(model.scorer, { machineId, hopSeconds });
    this.#tracker = new EventTracker(model.scorer.thresholds!.get(machineId)!.threshold, hopSeconds);
    this.#mel = new MelStream(model.frontEnd);
    this.#memory = new SoundMemory(model.scorer.input.sampleRate, MEMORY_SECONDS);
    this.#scoring = this.#score();
  }

  /** Mono samples as they come; `isLive` where silence is a fault of the microphone. */
  push(samples: Float32Array, sampleRate: number, isLive: boolean): void {
    if (this.#isClosed) return;
    const { sampleRate: rate } = this.#model.scorer.input;
    this.#resampler ??= new StreamResampler({ fromRate: sampleRate, toRate: rate });
    if (isLive) this.#hear(samples, sampleRate);
    this.#take(this.#resampler.push(samples));
  }

  /** Plays a recording at its own pace; `played` is told at its end. */
  play({ waveform, sampleRate }: Sound): void {
    const start = performance.now();
    let at = 0;
    const step = () => {
      const due = Math.min(waveform.length, Math.ceil(((performance.now() - start) / 1000) * sampleRate));
      if (due > at) this.push(waveform.subarray(at, due), sampleRate, false);
      at = due;
      if (at < waveform.length) this.#timer = setTimeout(step, PIECE_SECONDS * 1000);
      else this.#tell({ kind: 'played' });
    };
    step();
  }

  heard(time: number, endTime: number): Sound {
    return this.#memory.between(time, endTime);
  }

  /** Scores what waits. */
  async close(): Promise<Sound> {
    clearTimeout(this.#timer);
    if (!this.#isClosed && this.#resampler !== null) this.#take(this.#resampler.end());
    this.#isClosed = true;
    this.#scorer.close();
    await this.#scoring;
    for (const change of this.#tracker.end()) this.#tell({ kind: 'alarm', ...change });
    return this.#memory.all();
  }

  #take(samples: Float32Array): void {
    if (samples.length === 0) return;
    const { sampleRate } = this.#model.scorer.input;
    this.#nSamples += samples.length;
    const endTime = this.#nSamples / sampleRate;
    this.#memory.append(samples.slice());
    this.#scorer.push(samples, sampleRate);
    const columns = this.#mel.push(samples);
    const { nMels } = this.#model.frontEnd.facts;
    if (columns.length > 0) this.#tell({ kind: 'mel', columns, nMels, endTime });
    this.#tell({ kind: 'level', levelDb: levelOf(samples), endTime });
  }

  #hear(samples: Float32Array, sampleRate: number): void {
    this.#watch ??= new HearingWatch({ sampleRate });
    for (const { state, message } of this.#watch.hear(samples, performance.now() / 1000)) {
      this.#tell({ kind: 'hearing', isHealthy: state === 'HEALTHY' || state === 'RECOVERING', message });
    }
  }

  async #score(): Promise<void> {
    try {
      for await (const scored of this.#scorer) {
        const score = toWindowScore(scored);
        const { scoringSeconds, nDropped } = scored;
        this.#tell({ kind: 'score', score, scoringSeconds, nDropped });
        for (const change of this.#tracker.update(score)) this.#tell({ kind: 'alarm', ...change });
      }
    } catch (error) {
      this.#isClosed = true;
      const { name, message } = error as Error;
      this.#tell({ kind: 'streamError', error: { name, message } });
    }
  }
}

export function toWindowScore(scored: StreamScore): WindowScore {
  const { time, endTime, anomalyScore, threshold, severity = null, isAnomaly, isUnlikeTraining } = scored;
  return {
    ...{ time, endTime, anomalyScore, threshold, severity, isAnomaly },
    isUnlikeTraining: isUnlikeTraining ?? false,
  };
}

/** dB below full scale. */
function levelOf(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return 10 * Math.log10(Math.max(1e-12, sum / samples.length));
}
