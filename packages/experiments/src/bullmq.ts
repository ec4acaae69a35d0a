export { type BullQueue, type BullQueueOptions, bullQueue } from './bullmq/bull-queue';
export { type BullWorkerEvent, type BullWorkerOptions, runBullWorker } from './bullmq/bull-worker';
export {
  type QueuedExperiments,
  type QueueExperimentsOptions,
  queueExperiments,
} from './bullmq/queue-experiments';
