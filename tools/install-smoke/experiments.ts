import assert from 'node:assert/strict';
import { type Experiment, inlineQueue, runExperiments } from '@serial-oe/experiments';

export async function use(): Promise<void> {
  const experiment: Experiment = {
    name: 'none',
    title: 'None',
    question: 'Is anything there?',
    variants: [],
  };
  const options = { systems: [], dataset: { clips: [] }, outFolder: 'none', queue: inlineQueue() };
  await assert.rejects(
    runExperiments([experiment], options),
    (error) => error instanceof Error && error.name === 'ExperimentError',
  );
}
