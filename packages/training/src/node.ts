export { AllReduce, createSharedGroup, type SharedGroup } from './node/all-reduce';
export { createFeatureThreads, type FeatureThreadsOptions } from './node/feature-threads';
export { ParallelEngine, type ParallelEngineOptions } from './node/parallel-engine';
export { serveFeatureThread } from './node/serve-feature-thread';
export { serveTrainingThread } from './node/serve-training-thread';
