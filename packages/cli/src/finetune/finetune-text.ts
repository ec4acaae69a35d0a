import { comparisonText } from '../compare/compare-models';
import { type FinetuneResult, isAsGood } from './finetune-model';

/** The result as text: what was done, both models on the same clips, and where the tuned one is. */
export function finetuneText({
  machineType,
  out,
  data,
  learnsAnomalies,
  comparison,
  isReplaced,
}: FinetuneResult): string {
  const { nAnomalies, nNormals, nPutAside } = data;
  const aside = nPutAside === 0 ? '' : `; ${nPutAside} labelled recording(s) put aside for the comparison`;
  const what = learnsAnomalies
    ? `tuned with ${nAnomalies} known anomalies and ${nNormals} further normal recordings`
    : `fitted anew with ${nNormals} further normal recordings${nAnomalies === 0 ? '' : ` (it learns nothing of ${nAnomalies} known anomalies)`}`;
  const place = isReplaced ? `which has taken the place of the old one in ${out}` : `saved in ${out}`;
  return [
    `${machineType} model ${what}, ${place}${aside}`,
    ...(comparison === null ? [] : ['', comparisonText(comparison).trimEnd()]),
    '',
  ].join('\n');
}

/** What speaks against taking the tuned model; null where it is shown to be better. */
export function finetuneWarning({ comparison }: Pick<FinetuneResult, 'comparison'>): string | null {
  if (comparison === null) {
    return (
      'nothing compares the models: beside what was trained with, there are no normal and anomalous clips of one machine. The old model ' +
      'stays; evaluate the tuned one before it is used.'
    );
  }
  const { lower, upper } = comparison.differences.at(-1)!.difference;
  if (lower > 0) return null;
  if (upper < 0) return 'the tuned model is worse on these clips. Keep the old one.';
  return isAsGood(comparison)
    ? 'the tuned model is not shown to be better: the interval of the difference holds 0. More labelled recordings would tell.'
    : 'the tuned model does worse on these clips, if not by more than chance may. Keep the old one.';
}

/** For scripts. */
export function finetuneJson(result: FinetuneResult): object {
  const { system, machineType, out, data, comparison, isReplaced } = result;
  const { nAnomalies, nNormals, nPutAside } = data;
  const warning = finetuneWarning(result);
  return {
    model: out,
    system,
    machineType,
    nAnomalies,
    nNormals,
    nPutAside,
    isReplaced,
    warning,
    comparison,
  };
}
