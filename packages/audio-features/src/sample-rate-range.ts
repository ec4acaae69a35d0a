/** Slowest and fastest rate of a recorder, Hz: below are loggers of vibration, above are oscilloscopes; neither writes sound. */
export const MIN_SAMPLE_RATE = 1_000;
export const MAX_SAMPLE_RATE = 1_000_000;

/** Whether a recorder may have had this rate; a damaged header states any. */
export function isRecorderRate(sampleRate: number): boolean {
  return sampleRate >= MIN_SAMPLE_RATE && sampleRate <= MAX_SAMPLE_RATE;
}
