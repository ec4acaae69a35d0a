/** Below so many clips of a class a rate says little, and no interval is told. */
export const FEW_CLIPS = 10;

/** Whether there are clips enough of both classes for an interval. */
export function isEnough({ nNormal, nAnomalous }: { nNormal: number; nAnomalous: number }): boolean {
  return nNormal >= FEW_CLIPS && nAnomalous >= FEW_CLIPS;
}
