export type { NatsOptions } from './nats/lasting-connection';
export { partitionOf } from './nats/subjects';
export { type NatsSink, type NatsSinkOptions, natsSink } from './sinks/nats-sink';
