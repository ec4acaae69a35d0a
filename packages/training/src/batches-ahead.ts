import type { TrainingPosition } from './checkpoint';
import type { BatchSource, StepPlan } from './training-method';

/** A mini-batch and its place in the training. */
export interface ScheduledBatch<Plan extends StepPlan> {
  epoch: number;
  stepInEpoch: number;
  /** Of its epoch. */
  nSteps: number;
  isLastOfEpoch: boolean;
  plan: Plan;
}

interface Schedule {
  /** Where to begin. */
  position: Pick<TrainingPosition, 'epoch' | 'stepInEpoch'>;
  nEpochs: number;
  /** Batches requested ahead of the one that is used. */
  nAhead: number;
}

/** The batches from the position to the end, each prepared while the ones before it train. */
export async function* preparedBatches<Plan extends StepPlan, Batch>(
  source: BatchSource<Plan, Batch>,
  schedule: Schedule,
): AsyncGenerator<{ scheduled: ScheduledBatch<Plan>; batch: Batch }> {
  const upcoming = scheduledBatches(source, schedule);
  const pending: { scheduled: ScheduledBatch<Plan>; batch: Promise<Batch> }[] = [];
  for (;;) {
    while (pending.length <= schedule.nAhead) {
      const next = upcoming.next();
      if (next.done) break;
      const batch = source.prepare(next.value.plan);
      batch.catch(() => {}); // reported where it is awaited; an abort may come before
      pending.push({ scheduled: next.value, batch });
    }
    const first = pending.shift();
    if (first === undefined) return;
    yield { scheduled: first.scheduled, batch: await first.batch };
  }
}

function* scheduledBatches<Plan extends StepPlan, Batch>(
  source: BatchSource<Plan, Batch>,
  { position, nEpochs }: Schedule,
): Generator<ScheduledBatch<Plan>> {
  let skipped = position.stepInEpoch;
  for (let epoch = position.epoch; epoch < nEpochs; epoch++) {
    const plans = source.planEpoch(epoch);
    const nSteps = plans.length;
    for (let stepInEpoch = skipped; stepInEpoch < nSteps; stepInEpoch++) {
      const plan = plans[stepInEpoch] as Plan;
      yield { epoch, stepInEpoch, nSteps, isLastOfEpoch: stepInEpoch === nSteps - 1, plan };
    }
    skipped = 0;
  }
}
