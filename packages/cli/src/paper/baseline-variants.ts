import { level, melStatistics } from '@serial-oe/baselines';
import type { Variant } from '@serial-oe/experiments';
import type { PaperExperiment } from './paper-experiment';

/** Systems without a network, which are fitted in seconds: what a network has to beat. */
const BASELINES = [melStatistics, level];

/** Rows (or curves) of the baselines for an experiment's table; none where they do not fit it. */
export function baselineVariants(
  { baselines }: Pick<PaperExperiment, 'baselines'>,
  { counts, nHeldOut }: { counts: readonly number[]; nHeldOut: number },
): Variant[] {
  if (baselines === undefined) return [];
  return BASELINES.flatMap(({ name }) => {
    const variant = {
      system: name,
      training: { config: {}, isPretrained: false },
      scoring: { nHeldOut },
      isBaseline: true,
    };
    const title = `${name} (no network${baselines === 'rowsWithIds' ? ', with machine IDs' : ''})`;
    if (baselines !== 'curves') return [{ ...variant, id: name, title }];
    return counts.map((nPerId) => ({
      ...variant,
      ...{ id: `${name}-${nPerId}`, title: `${title}, ${nPerId} hidden` },
      ...(nPerId > 0 && { training: { ...variant.training, moved: { nPerId, as: 'normal' as const } } }),
      curve: { label: title, x: nPerId },
    }));
  });
}
