import assert from 'node:assert/strict';
import { EXPERIMENTS, ExperimentError, runExperiments } from '@serial-oe/experiments';

export async function use(): Promise<void> {
  assert.ok(Object.keys(EXPERIMENTS).length > 0);
  const options = { experiments: ['main' as const], dataset: { clips: [] }, outFolder: 'none' };
  await assert.rejects(
    runExperiments(options),
    (error) => error instanceof ExperimentError || error instanceof RangeError,
  );
}
