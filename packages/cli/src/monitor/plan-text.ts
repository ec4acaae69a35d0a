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
  prometheus: string | null;
  webhook: string | null;
  stateFile: string | null;
  clips: string | null;
}

const DEFAULT_PORT = 9464;

export function planOf({ config, pathOf }: MonitorSettings, { sensors, models }: LoadedSensors): MonitorPlan {
  const { sinks = {}, stateFile, clips } = config;
  const base = sinks.mqtt?.base ?? 'serial-oe';
  const { mqtt, prometheus, webhook } = sinks;
  return {
    sensors: sensors.map(({ name, source, scorer, ...sensor }) => {
      const { chunkSeconds, clipSeconds = chunkSeconds } = scorer.input;
      const windowSeconds = sensor.windowSeconds ?? Math.max(clipSeconds, chunkSeconds);
      const { machineType, system } = [...models.values()].find((model) => model.scorer === scorer)!;
      return {
        name: `${name.site}/${name.asset}/${name.sensor}`,
        ...{ machineId: name.machineId, model: `${machineType}, ${system}`, source: source.name },
        ...{ windowSeconds, hopSeconds: sensor.hopSeconds ?? windowSeconds / 2 },
      };
    }),
    mqtt:
      mqtt === undefined
        ? null
        : {
            url: mqtt.url.replace(/\/\/[^@/]*@/, '//'),
            topics: sensors.map(({ name }) => `${base}/${name.site}/${name.asset}/${name.sensor}`),
          },
    prometheus:
      prometheus === undefined
        ? null
        : `http://${prometheus?.host ?? 'localhost'}:${prometheus?.port ?? DEFAULT_PORT}/metrics`,
    webhook: webhook === undefined ? null : new URL(webhook.url).origin,
    stateFile: stateFile === undefined ? null : pathOf(stateFile),
    clips: clips === undefined ? null : pathOf(clips.folder),
  };
}

export function planText({ sensors, mqtt, prometheus, webhook, stateFile, clips }: MonitorPlan): string {
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
  if (prometheus !== null) lines.push(`Prometheus ${prometheus}`);
  if (webhook !== null) lines.push(`webhook ${webhook}`);
  lines.push(stateFile === null ? 'alarms are forgotten when it ends: no stateFile' : `state ${stateFile}`);
  if (clips !== null) lines.push(`clips of alarms in ${clips}`);
  return `${lines.join('\n')}\n`;
}
