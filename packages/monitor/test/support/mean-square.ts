import type { ClipScorer } from '@serial-oe/runtime/contract';

/** A scorer that takes the mean square of a window: what it was given can be told from the score. */
export function meanSquareScorer({
  sampleRate = 1000,
  chunkSeconds = 1,
  clipSeconds,
  threshold = 0.1,
  delayMs = 0,
}: {
  sampleRate?: number;
  chunkSeconds?: number;
  clipSeconds?: number;
  threshold?: number;
  delayMs?: number;
} = {}): ClipScorer & { scored: Float32Array[] } {
  const scored: Float32Array[] = [];
  return {
    scored,
    machineIds: ['00'],
    input: { sampleRate, chunkSeconds, clipSeconds },
    async score(waveform) {
      scored.push(waveform);
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      const anomalyScore = waveform.reduce((sum, sample) => sum + sample ** 2, 0) / waveform.length;
      return {
        ...{ anomalyScore, threshold, isAnomaly: anomalyScore > threshold },
        chunkScores: Float64Array.of(anomalyScore),
      };
    },
    toFiles: async () => new Map(),
    dispose: () => {},
  };
}

export function ramp(length: number, scale = 1e-3): Float32Array {
  return Float32Array.from({ length }, (_, i) => scale * i);
}
