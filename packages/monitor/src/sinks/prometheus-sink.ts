import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkNumber, checkOptions, type OptionNames, wholeNumber } from '@serial-oe/foundation';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { MonitorEvent, ScoreSink, SensorName, SensorStart } from '../events';

export interface PrometheusSinkOptions {
  /** Port of `http://host:port/metrics`; 0 takes a free one. Default 9464. */
  port?: number | undefined;
  /** Interface; default all. */
  host?: string | undefined;
  /** Whether memory and processor time of the process are told too. Default true. */
  processMetrics?: boolean | undefined;
  /** Further metrics, read whenever they are asked for. */
  gauges?: readonly { name: string; help: string; read: () => number }[] | undefined;
}

const OPTIONS: OptionNames<PrometheusSinkOptions> = {
  port: true,
  host: true,
  processMetrics: true,
  gauges: true,
};
const DEFAULT_PORT = 9464;
const LABELS = ['site', 'asset', 'sensor', 'machine_id'] as const;
const LAG_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const DURATION_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A sink that Prometheus asks. */
export interface PrometheusSink extends ScoreSink {
  /** Where it listens. */
  readonly url: string;
}

/**
 * Metrics for Prometheus, with the labels site, asset, sensor, machine_id: `serialoe_score`, `serialoe_severity`,
 * `serialoe_alarm_active`, `serialoe_hearing_healthy`, `serialoe_windows_total`, `serialoe_windows_dropped_total`,
 * `serialoe_window_duration_seconds`, `serialoe_window_lag_seconds`, `serialoe_audio_gap_seconds_total`, `serialoe_last_window_timestamp_seconds`.
 *
 * @throws RangeError naming the option; Error where the port is taken
 */
export async function prometheusSink(options: PrometheusSinkOptions = {}): Promise<PrometheusSink> {
  const where = 'monitor.prometheusSink';
  checkOptions(where, options, OPTIONS);
  const { port = DEFAULT_PORT, host, processMetrics = true, gauges = [] } = options;
  checkNumber(`${where}: port`, port, wholeNumber(0, 65_535));
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const metrics = new SensorMetrics(registry);
  for (const { name, help, read } of gauges) {
    new Gauge({ name, help, registers: [registry], collect: gaugeOf(read) });
  }
  const server = createServer(async ({ url = '/' }, response) => {
    if (url.split('?')[0] !== '/metrics') {
      response.writeHead(404).end('See /metrics.\n');
      return;
    }
    response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
  });
  await listen(server, { port, ...(host !== undefined && { host }) });
  const { port: actual } = server.address() as AddressInfo;
  return {
    name: 'Prometheus',
    url: `http://${host ?? 'localhost'}:${actual}/metrics`,
    onStart: (sensors) => {
      for (const sensor of sensors) metrics.start(sensor);
    },
    publish: (event) => metrics.take(event),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, address: { port: number; host?: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new Error(`monitor.prometheusSink: port ${address.port} must be free, got: ${cause.message}`, {
          cause,
        }),
      ),
    );
    server.listen(address, resolve);
  });
}

function gaugeOf(read: () => number) {
  return function collect(this: Gauge): void {
    this.set(read());
  };
}

class SensorMetrics {
  readonly #score: Gauge<(typeof LABELS)[number]>;
  readonly #severity: Gauge<(typeof LABELS)[number]>;
  readonly #alarm: Gauge<(typeof LABELS)[number]>;
  readonly #hearing: Gauge<(typeof LABELS)[number]>;
  readonly #windows: Counter<(typeof LABELS)[number]>;
  readonly #dropped: Counter<(typeof LABELS)[number]>;
  readonly #duration: Histogram<(typeof LABELS)[number]>;
  readonly #lag: Histogram<(typeof LABELS)[number]>;
  readonly #gap: Counter<(typeof LABELS)[number]>;
  readonly #last: Gauge<(typeof LABELS)[number]>;
  /** Since when each sensor hears nothing, and how many windows it had dropped. */
  readonly #deafSince = new Map<string, number>();
  readonly #nDropped = new Map<string, number>();

  constructor(registry: Registry) {
    const own = (name: string, help: string) => ({ name, help, labelNames: LABELS, registers: [registry] });
    this.#score = new Gauge(
      own('serialoe_score', 'Anomaly score of the last window, higher is more anomalous'),
    );
    this.#severity = new Gauge(
      own('serialoe_severity', 'Severity of the last window, 0 to 100, threshold at 50'),
    );
    this.#alarm = new Gauge(own('serialoe_alarm_active', '1 while the alarm of the machine is active'));
    this.#hearing = new Gauge(own('serialoe_hearing_healthy', '1 while the sensor hears as it should'));
    this.#windows = new Counter(own('serialoe_windows_total', 'Windows scored'));
    this.#dropped = new Counter(
      own('serialoe_windows_dropped_total', 'Windows dropped because scoring did not keep up'),
    );
    this.#duration = new Histogram({
      ...own('serialoe_window_duration_seconds', 'Time that the scoring of a window took'),
      buckets: DURATION_BUCKETS,
    });
    this.#lag = new Histogram({
      ...own('serialoe_window_lag_seconds', 'From the end of a window to its verdict'),
      buckets: LAG_BUCKETS,
    });
    this.#gap = new Counter(
      own('serialoe_audio_gap_seconds_total', 'Time in which the sensor was not healthy'),
    );
    this.#last = new Gauge(
      own('serialoe_last_window_timestamp_seconds', 'End of the last scored window, Unix time'),
    );
  }

  /** So that a metric is there before something has happened. */
  start({ name, isActive }: SensorStart): void {
    const labels = labelsOf(name);
    this.#alarm.set(labels, isActive ? 1 : 0);
    this.#hearing.set(labels, 1);
    for (const counter of [this.#windows, this.#dropped, this.#gap]) counter.inc(labels, 0);
  }

  take(event: MonitorEvent): void {
    const labels = labelsOf(event.name);
    switch (event.kind) {
      case 'score':
        this.#score.set(labels, event.anomalyScore);
        if (event.severity !== undefined) this.#severity.set(labels, event.severity);
        this.#windows.inc(labels);
        this.#duration.observe(labels, event.scoringSeconds);
        this.#lag.observe(labels, Math.max(0, Date.now() / 1000 - event.endTime));
        this.#last.set(labels, event.endTime);
        this.#countDropped(event.name, event.nDropped);
        return;
      case 'alarm':
        this.#alarm.set(labels, event.isActive ? 1 : 0);
        return;
      case 'hearing':
        this.#hearing.set(labels, event.state === 'HEALTHY' ? 1 : 0);
        this.#countGap(event.name, { time: event.time, isHealthy: event.state === 'HEALTHY' });
        return;
      case 'overload':
        this.#countDropped(event.name, event.nDropped);
        return;
    }
  }

  #countDropped(name: SensorName, nDropped: number): void {
    const key = JSON.stringify(name);
    const more = nDropped - (this.#nDropped.get(key) ?? 0);
    this.#dropped.inc(labelsOf(name), more > 0 ? more : 0); // a restarted source counts from 0 again
    this.#nDropped.set(key, nDropped);
  }

  #countGap(name: SensorName, { time, isHealthy }: { time: number; isHealthy: boolean }): void {
    const key = JSON.stringify(name);
    const since = this.#deafSince.get(key);
    if (since !== undefined) this.#gap.inc(labelsOf(name), Math.max(0, time - since));
    if (isHealthy) this.#deafSince.delete(key);
    else this.#deafSince.set(key, time);
  }
}

function labelsOf({ site, asset, sensor, machineId }: SensorName): Record<(typeof LABELS)[number], string> {
  return { site, asset, sensor, machine_id: machineId };
}
