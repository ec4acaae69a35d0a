import type { ScoreSink } from '@serial-oe/monitor';
import { installed, NATS_PACKAGES } from '../installed';
import type { LoadedModel } from '../model/loaded-model';
import { startThreads } from '../monitor/load-sensors';
import { openSinks } from '../monitor/open-sinks';
import type { Terminal } from '../terminal/terminal';
import type { FleetSettings } from './read-fleet-settings';
import { sensorOptions } from './sensor-rules';

/** Sides of NATS, which its user installs. */
export function loadFleet(what: string) {
  return installed(what, { names: NATS_PACKAGES, load: () => import('@serial-oe/monitor/nats') });
}

export interface RunNodeOptions {
  settings: FleetSettings;
  models: ReadonlyMap<string, LoadedModel>;
  terminal: Terminal;
  json: boolean;
  scores: boolean;
  signal: AbortSignal;
  onMessage: (message: string) => void;
}

/**
 * Scores its share of the fleet until the signal; then what is being scored is finished, the partitions are handed over and the sinks closed.
 * @throws Error where a package or the server is missing
 */
export async function runNode(options: RunNodeOptions): Promise<void> {
  const { settings, models, terminal, json, scores, signal, onMessage } = options;
  const { config, pathOf } = settings;
  const { FleetNode, openFleet } = await loadFleet('fleet node');
  const nThreads = await startThreads(models);
  const fleet = await openFleet(config.nats);
  const sinks: ScoreSink[] = [];
  const node = new FleetNode(fleet, {
    ...{ sensorOptions: sensorOptions({ settings, models }, onMessage), onMessage },
    nAtOnce: Math.max(1, nThreads),
    clips: config.clips && { ...config.clips, folder: pathOf(config.clips.folder) },
    onEvent: (event) => {
      for (const sink of sinks) sink.publish(event);
    },
  });
  const gauges = [
    { name: 'serialoe_fleet_sensors', help: 'Sensors that this node has', read: () => node.nSensors },
    {
      name: 'serialoe_fleet_partitions',
      help: 'Partitions that this node has',
      read: () => node.partitions.length,
    },
  ];
  try {
    sinks.push(...(await openSinks(config.sinks ?? {}, { terminal, json, scores, onMessage, gauges })));
    await node.start();
    onMessage(`node ${node.id}: partitions ${node.partitions.join(', ')} of ${fleet.nPartitions}`);
    await aborted(signal);
  } finally {
    await node.stop();
    await Promise.all(sinks.map((sink) => sink.close()));
    await fleet.close();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
