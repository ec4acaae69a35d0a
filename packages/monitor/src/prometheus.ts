export { type PrometheusSink, type PrometheusSinkOptions, prometheusSink } from './sinks/prometheus-sink';
