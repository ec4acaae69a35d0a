import { seededRandom } from '@serial-oe/datasets';
import type { TrainingEngine } from '@serial-oe/training';
import type { SerialOeConfig } from '../config/config';
import type { TrainingSet } from '../data/training-set';
import type { SpectrogramSource } from '../features/spectrogram-source';
import type { BatchPlan } from './batch-plan';
import type { PreparedBatch } from './prepare-batch';

/**
 * The loss on the held-out clips: each normal one once, with as many held-out clips of the other types, one chunk
 * each, without Mixup. The chunks are drawn once, so that epochs compare, and their spectrograms are kept.
 *
 * @returns null where no normal clip is held out
 */
export function createValidation(
  engine: TrainingEngine<PreparedBatch>,
  { set, config, source }: { set: TrainingSet; config: SerialOeConfig; source: SpectrogramSource },
): (() => Promise<number>) | null {
  if (set.validationNormal.length === 0) return null;
  const plans = planValidation(set, config);
  let batches: PreparedBatch[] | null = null;
  return async () => {
    batches ??= await prepareAll(plans, source);
    let sum = 0;
    let nClips = 0;
    for (const batch of batches) {
      const { loss } = await engine.evaluate(batch);
      sum += loss * batch.y.length;
      nClips += batch.y.length;
    }
    return sum / nClips;
  };
}

async function prepareAll(plans: readonly BatchPlan[], source: SpectrogramSource): Promise<PreparedBatch[]> {
  const batches: PreparedBatch[] = [];
  for (const plan of plans) batches.push(await source.prepare(plan));
  return batches;
}

function planValidation(set: TrainingSet, config: SerialOeConfig): BatchPlan[] {
  const { nNormal } = config.batch;
  const random = seededRandom(config.seed, 'validation-chunks');
  const outliers = set.validationOutliers;
  const plans: BatchPlan[] = [];
  for (let first = 0; first < set.validationNormal.length; first += nNormal) {
    const normal = set.validationNormal.slice(first, first + nNormal);
    const drawn = Array.from(
      normal,
      (_, i) => outliers[Math.floor(((first + i) / set.validationNormal.length) * outliers.length)],
    );
    const clips = Int32Array.from([...normal, ...drawn.filter((clip) => clip !== undefined)]);
    plans.push({
      clips,
      starts: Float64Array.from(clips, () => random()),
      y: Float32Array.from(clips, (_, i) => (i < normal.length ? 1 : 0)),
      classes: Int32Array.from(clips, (clip) => set.classes[clip] as number),
      mixup: null,
      dropoutSeed: 0,
    });
  }
  return plans;
}
