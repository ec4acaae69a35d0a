export type { AggregationMethod } from './aggregate';
export { aggregate } from './aggregate';
