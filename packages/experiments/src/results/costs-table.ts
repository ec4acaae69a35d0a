import type { ExperimentResults } from './experiment-results';

/** What each variant costs, as texts; no rows where a single one was measured. */
export function costsTable({ costs, variants }: ExperimentResults): { columns: string[]; rows: string[][] } {
  const titles = new Map(variants.map(({ id, title }) => [id, title]));
  const text = (value: number | null, digits: number) => (value === null ? '-' : value.toFixed(digits));
  return {
    columns: ['variant', 'parameters, thousands', 'MMAC a clip', 'ms a clip', 'minutes to train'],
    rows:
      costs.length < 2
        ? []
        : costs.map(({ variant, nParameters, mMacPerClip, msPerClip, trainingMinutes }) => [
            titles.get(variant) ?? variant,
            text(nParameters === null ? null : nParameters / 1000, 0),
            text(mMacPerClip, 0),
            text(msPerClip, 1),
            text(trainingMinutes, 1),
          ]),
  };
}
