// What one runtime is asked to do, and what it answers: plain data, the same for a Node process and for a page in Chromium.

/** How the network is computed. The first part is what the tables are sorted by. */
export const RUNTIMES = [
  'cpu',
  'wasm-plain',
  'wasm-fused',
  'wasm-simd',
  'tfjs-node',
  'webgpu',
  'onnxruntime-node',
  'onnxruntime-web',
] as const;
export type RuntimeName = (typeof RUNTIMES)[number];
export type TfjsRuntimeName = Exclude<RuntimeName, `onnxruntime-${string}`>;

/** Whether the network runs from an ONNX file, and no tfjs backend computes. Such runtimes score and do not train. */
export function isOnnx(runtime: RuntimeName): runtime is Exclude<RuntimeName, TfjsRuntimeName> {
  return runtime.startsWith('onnxruntime-');
}

/** One recording to score. */
export interface JobClip {
  /** WAV file: a path in Node, a URL in a page. */
  wav: string;
  machineId: string;
}

export interface Job {
  runtime: RuntimeName;
  /** Bundle's zip file: a path in Node, a URL in a page; null for no scoring. */
  bundle: string | null;
  clips: readonly JobClip[];
  /** Safetensors file of the first gradients: written by the job, or compared with; null for no training. */
  training: { write: string } | { compare: string } | null;
}

/** What training steps gave. */
export interface TrainingAnswer {
  /** Loss before each update. */
  losses: number[];
  /** Milliseconds of each update. */
  ms: number[];
  /** Largest difference of a first gradient from the reference over the largest value of its tensor; null without one. */
  gradientDifference: number | null;
}

export interface JobAnswer {
  /** What computed: backend and operations, and the device where there is a choice. */
  computedBy: string;
  /** Anomaly score of each clip. */
  scores: number[];
  /** Milliseconds of each clip: network and detector, spectrograms left out. */
  ms: number[];
  training: TrainingAnswer | null;
}

/** Reads and writes what a job names. */
export interface JobFiles {
  read(name: string): Promise<Uint8Array>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}
