// What the page and its worker say to each other.
import type { SignalFinding } from '@serial-oe/audio-features';
import type { Explanation } from '@serial-oe/explain';

export type Backend = 'wasm' | 'webgpu';

/** Where a model comes from. */
export type BundleSource =
  | { kind: 'url'; url: string; name: string }
  | { kind: 'files'; name: string; files: { name: string; bytes: Uint8Array }[] };

/** How spectrograms of the model's front end are drawn. */
export interface MelFacts {
  sampleRate: number;
  hopLength: number;
  nMels: number;
  fMin: number;
  fMax: number;
}

export interface MachineFacts {
  machineId: string;
  threshold: number;
  nClips: number;
  falseAlarmRate: number;
  /** Whether the rate is smaller than so few clips can tell; null where the model does not say. */
  isExtrapolated: boolean | null;
}

/** A model that was loaded. */
export interface ModelFacts {
  name: string;
  machineType: string;
  machines: MachineFacts[];
  systems: string[];
  /** Systems that the recordings did not suffice for. */
  leftOut: { name: string; reason: string }[];
  sampleRate: number;
  chunkSeconds: number;
  windowSeconds: number;
  /** Whether scores come with a severity. */
  hasSeverity: boolean;
  /** What computes the network; null without one. */
  backend: Backend | null;
  bytes: number;
  warmUpMs: number;
  mel: MelFacts;
  /** Normal clips that sounds are compared with; 0 where there are none. */
  nNormalClips: number;
}

export interface WindowScore {
  time: number;
  endTime: number;
  anomalyScore: number;
  threshold: number;
  severity: number | null;
  isAnomaly: boolean;
  isUnlikeTraining: boolean;
}

/** A stretch of anomalous sound. */
export interface SoundEvent {
  /** Seconds from the start of the stream or recording. */
  time: number;
  endTime: number;
  /** The window that scored highest. */
  peak: WindowScore;
}

export interface Sound {
  waveform: Float32Array<ArrayBuffer>;
  sampleRate: number;
}

/** A recording that was read; its samples stay with the worker, by `id`. */
export interface ReadRecording {
  id: number;
  name: string;
  seconds: number;
  sampleRate: number;
  nChannels: number;
  findings: SignalFinding[];
  warnings: string[];
  /** 16-bit WAV, to play. */
  wav: Uint8Array<ArrayBuffer>;
  /** Largest and smallest samples in turn, to draw. */
  peaks: Float32Array<ArrayBuffer>;
}

export interface StreamSettings {
  machineId: string;
  hopSeconds: number;
  /** A recording that is played at its own pace; without it samples come by the port. */
  recordingId?: number | undefined;
}

export interface ExplainedSound {
  explanation: Explanation;
  /** `[nMels, nFrames]` dB, of the model's front end. */
  mel: { data: Float32Array; nMels: number; nFrames: number; facts: MelFacts };
  /** The sound of the nearest normal clip; null where the model has none to compare with. */
  nearest: { name: string; distance: number; sound: Sound } | null;
  sound: Sound;
}

export interface FitRequest {
  name: string;
  sound: Sound;
  falseAlarmRate: number;
}

export interface FittedModel {
  facts: ModelFacts;
  /** The bundle, a zip. */
  bundle: Uint8Array<ArrayBuffer>;
  nWindows: number;
  findings: SignalFinding[];
  warnings: string[];
}

/** What the worker does; each takes one argument. */
export interface ScoringApi {
  load(request: { source: BundleSource; backend: Backend }): ModelFacts;
  read(request: { name: string; bytes: Uint8Array }): ReadRecording;
  /** Scores a recording window by window. */
  scoreRecording(request: { recordingId: number; machineId: string; hopSeconds: number }): {
    windows: WindowScore[];
    events: SoundEvent[];
  };
  /** Makes recordings the normal clips that sounds are compared with. */
  setNormals(request: { machineId: string; recordingIds: number[] }): { nNormalClips: number };
  forget(request: { recordingId: number }): null;
  openStream(settings: StreamSettings): null;
  /** Scores what waits, ends the stream, and gives what was heard. */
  closeStream(request: null): Sound;
  /** Sound of the stream, between seconds from its start. */
  heard(request: { time: number; endTime: number }): Sound;
  explain(
    request:
      | { sound: Sound; machineId: string }
      | { recordingId: number; time: number; endTime: number; machineId: string },
  ): ExplainedSound;
  fit(request: FitRequest): FittedModel;
}

/** What the worker tells without being asked. */
export type WorkerEvent =
  | { kind: 'download'; nBytes: number; nTotal: number | null }
  | { kind: 'stage'; stage: 'backend' | 'reading' | 'warmUp' | 'fitting' | 'normals' }
  | { kind: 'scoring'; nDone: number; nTotal: number }
  | { kind: 'mel'; columns: Float32Array; nMels: number; endTime: number }
  | { kind: 'level'; levelDb: number; endTime: number }
  | { kind: 'score'; score: WindowScore; scoringSeconds: number; nDropped: number }
  | { kind: 'alarm'; state: 'active' | 'inactive'; event: SoundEvent }
  | { kind: 'hearing'; isHealthy: boolean; message: string }
  | { kind: 'played' }
  | { kind: 'streamError'; error: SentError };

export interface SentError {
  name: string;
  message: string;
  problem?: string | undefined;
}

export type ToWorker =
  | { kind: 'call'; id: number; method: keyof ScoringApi; argument: unknown }
  /** Where a microphone's samples come from. */
  | { kind: 'port'; port: MessagePort };
export type FromWorker =
  | { kind: 'result'; id: number; result: unknown }
  | { kind: 'error'; id: number; error: SentError }
  | { kind: 'event'; event: WorkerEvent };
