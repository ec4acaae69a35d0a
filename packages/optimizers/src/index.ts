export { AdamW, type AdamWOptions, type AdamWSetStateOptions, type NamedGradient } from './adamw';
export type { AdamWMoments, AdamWState } from './adamw-state';
export type { AdamWUpdateInput, AdamWUpdateKernel, AdamWUpdateOutput } from './adamw-update';
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  type CosineAnnealingLRState,
} from './cosine-annealing-lr';
export {
  OneCycleLR,
  type OneCycleLROptions,
  type OneCycleLRState,
  type ScheduledOptimizer,
} from './one-cycle-lr';
