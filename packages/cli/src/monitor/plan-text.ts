import { hidePassword } from '@serial-oe/foundation';
import { typeToTell } from '../model/machine-names';
import type { LoadedSensors } from './load-sensors';
import type { MonitorSettings } from './read-settings';

/** What a monitor would do, for people and for scripts. */
export interface MonitorPlan {
  sensors: {
    name: string;
    machineId: string;
    model: string;
    source: string;
    windowSeconds: number;
    hopSeconds: number;
  }[];
  mqtt: { url: string; topics: string[] } | null;
  nats: { servers: string; subjects: string[] } | null;
  prometheus: string | null;
  webhook: string | null;
  stateFile: string | null;
  clips: string | null;
}

const DEFAULT_PORT = 9464;

export function planOf({ config, pathOf }: MonitorSettings, { sensors, models }: LoadedSensors): MonitorPlan {
  const { sinks = {}, stateFile, clips } = config;
  const { mqtt, nats, prometheus, webhook } = sinks;
  const places = (base = 'serial-oe', separator = '/') =>
    sensors.map(({ name }) => [base, name.site, name.asset, name.sensor].join(separator));
  return {
    sensors: sensors.map(({ name, source, scorer, ...sensor }) => {
      const { chunkSeconds, clipSeconds = chunkSeconds } = scorer.input;
      const windowSeconds = sensor.windowSeconds ?? Math.max(clipSeconds, chunkSeconds);
      const { machineType, system } = [...models.values()].find((model) => model.scorer === scorer)!;
      return {
        name: `${name.site}/${name.asset}/${name.sensor}`,
        ...{
          machineId: name.machineId,
          model: `${typeToTell(machineType) ?? 'a model of several types'}, ${system}`,
          source: source.name,
        },
        ...{ windowSeconds, hopSeconds: sensor.hopSeconds ?? windowSeconds / 2 },
      };
    }),
    mqtt: mqtt === undefined ? null : { url: hidePassword(mqtt.url), topics: places(mqtt.base) },
    nats:
      nats === undefined
        ? null
        : { servers: hidePassword([nats.servers].flat().join(', ')), subjects: places(nats.base, '.') },
    prometheus:
      prometheus === undefined
        ? null
        : `http://${prometheus?.host ?? 'localhost'}:${prometheus?.port ?? DEFAULT_PORT}/metrics`,
    webhook: webhook === undefined ? null : new URL(webhook.url).origin,
    stateFile: stateFile === undefined ? null : pathOf(stateFile),
    clips: clips === undefined ? null : pathOf(clips.folder),
  };
}

export function planText(plan: MonitorPlan): string {
  const { sensors, mqtt, nats, prometheus, webhook, stateFile, clips } = plan;
  const lines = sensors.map(
    ({ name, machineId, model, source, windowSeconds, hopSeconds }) =>
      `${name}: machine ${machineId} by ${model}; ${windowSeconds} s every ${hopSeconds} s; from ${source}`,
  );
  if (mqtt !== null) {
    lines.push(
      `MQTT ${mqtt.url}`,
      ...mqtt.topics.map((topic) => `  ${topic}/state, /event, /score, /command`),
    );
  }
  if (nats !== null) {
    lines.push(
      `NATS ${nats.servers}`,
      ...nats.subjects.map((subject) => `  ${subject}.state, .event, .score, .command`),
    );
  }
  if (prometheus !== null) lines.push(`Prometheus ${prometheus}`);
  if (webhook !== null) lines.push(`webhook ${webhook}`);
  lines.push(stateFile === null ? 'alarms are forgotten when it ends: no stateFile' : `state ${stateFile}`);
  if (clips !== null) lines.push(`clips of alarms in ${clips}`);
  return `${lines.join('\n')}\n`;
}
