export type { SentEncoding } from './jetstream/audio-messages';
export { FleetNode, type FleetNodeOptions } from './jetstream/fleet-node';
export type { FleetSensorOptions } from './jetstream/fleet-sensor';
export type { NatsOptions } from './jetstream/lasting-connection';
export { type Fleet, type FleetOptions, openFleet } from './jetstream/open-fleet';
export { type PublishAudioOptions, type PublishedAudio, publishAudio } from './jetstream/publish-audio';
export { partitionOf } from './jetstream/subjects';
export { type NatsSink, type NatsSinkOptions, natsSink } from './sinks/nats-sink';
