import { jsonLinesSink, type ScoreSink, webhookSink } from '@serial-oe/monitor';
import type { SinksConfig } from '@serial-oe/monitor/config';
import { installed, NATS_PACKAGES } from '../installed';
import type { Terminal } from '../terminal/terminal';
import { eventLine } from './event-line';

export interface OpenSinksOptions {
  terminal: Terminal;
  /** Whether stdout gets JSON. */
  json: boolean;
  /** Whether the lines for people tell each score. */
  scores: boolean;
  onMessage: (message: string) => void;
  /** Further metrics for Prometheus. */
  gauges?: readonly { name: string; help: string; read: () => number }[];
}

/** Of a network: the field, with the packages that it needs. */
const PACKAGES = { mqtt: ['mqtt'], nats: NATS_PACKAGES, prometheus: ['prom-client'] } as const;

/**
 * Opens what the configuration names, and stdout.
 * @throws Error where a package is not installed, with the command that does; what the sinks throw, such as for a port that is taken
 */
export async function openSinks(
  { mqtt, nats, prometheus, webhook, jsonLines }: SinksConfig,
  { terminal, json, scores, onMessage, gauges }: OpenSinksOptions,
): Promise<ScoreSink[]> {
  const sinks: ScoreSink[] = [
    json || jsonLines !== undefined
      ? jsonLinesSink((line) => terminal.out(line))
      : linesSink(terminal, scores),
  ];
  try {
    if (prometheus !== undefined) {
      const { prometheusSink } = await ofSink('prometheus', () => import('@serial-oe/monitor/prometheus'));
      const sink = await prometheusSink({ ...prometheus, gauges });
      onMessage(`metrics: ${sink.url}`);
      sinks.push(sink);
    }
    if (webhook !== undefined) sinks.push(webhookSink({ ...webhook, onMessage }));
    if (mqtt !== undefined) {
      const { mqttSink } = await ofSink('mqtt', () => import('@serial-oe/monitor/mqtt'));
      sinks.push(mqttSink({ ...mqtt, onMessage }));
    }
    if (nats !== undefined) {
      const { natsSink } = await ofSink('nats', () => import('@serial-oe/monitor/nats'));
      sinks.push(natsSink({ ...nats, onMessage }));
    }
    return sinks;
  } catch (error) {
    for (const sink of sinks) await sink.close();
    throw error;
  }
}

/** Says of the packages that sinks need which one is missing. */
export async function missingPackages({ mqtt, nats, prometheus }: SinksConfig): Promise<string[]> {
  const problems: string[] = [];
  const check = (field: keyof typeof PACKAGES, load: () => Promise<unknown>) =>
    ofSink(field, load).catch(({ message }: Error) => problems.push(message));
  if (mqtt !== undefined) await check('mqtt', () => import('@serial-oe/monitor/mqtt'));
  if (nats !== undefined) await check('nats', () => import('@serial-oe/monitor/nats'));
  if (prometheus !== undefined) await check('prometheus', () => import('@serial-oe/monitor/prometheus'));
  return problems;
}

/** What a sink needs, which its user installs. */
function ofSink<T>(field: keyof typeof PACKAGES, load: () => Promise<T>): Promise<T> {
  return installed(`sinks.${field}`, { names: PACKAGES[field], load });
}

function linesSink(terminal: Terminal, scores: boolean): ScoreSink {
  return {
    name: 'standard output',
    publish(event) {
      if (scores || event.kind !== 'score') terminal.out(`${eventLine(event)}\n`);
    },
    close: async () => {},
  };
}
