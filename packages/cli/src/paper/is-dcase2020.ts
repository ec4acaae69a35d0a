import { type Clip, DCASE2020_SPLITS } from '@serial-oe/datasets';

/** Fewer clips an ID than this are an excerpt, whose figures do not compare with the paper's. */
const MIN_TRAIN_CLIPS = 300;
const MIN_TEST_CLIPS = 100;

/**
 * Whether the clips are those of DCASE2020 Task 2: its machine types alone, and for each of the measured ones its development
 * IDs, with about as many clips as it has. The paper's figures are then set beside the results.
 */
export function isDcase2020(clips: readonly Clip[], machineTypes: readonly string[]): boolean {
  const splits: Readonly<Record<string, { development: readonly string[] }>> = DCASE2020_SPLITS;
  if (clips.some(({ machineType }) => splits[machineType] === undefined)) return false;
  const counts = new Map<string, number>();
  for (const { machineType, machineId, split } of clips) {
    const key = `${machineType}/${machineId}/${split}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const has = (key: string, n: number) => (counts.get(key) ?? 0) >= n;
  return machineTypes.every((type) =>
    splits[type]?.development.every(
      (id) => has(`${type}/${id}/train`, MIN_TRAIN_CLIPS) && has(`${type}/${id}/test`, MIN_TEST_CLIPS),
    ),
  );
}
