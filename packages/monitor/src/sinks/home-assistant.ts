import type { SensorName } from '../events';

export interface HomeAssistantOptions {
  /** Home Assistant's discovery prefix; default `homeassistant`. */
  prefix?: string | undefined;
  /** Seconds without a state after which it is shown as unavailable. Default: the availability topic alone tells that. */
  expireAfter?: number | undefined;
}

interface Discovery extends HomeAssistantOptions {
  /** Of the sensor's state, and of the monitor's availability. */
  topics: { state: string; status: string };
}

/** Retained messages that make Home Assistant show a sensor: severity, anomaly, hearing. */
export function discoveryMessages(
  { site, asset, sensor, machineId }: SensorName,
  { prefix = 'homeassistant', expireAfter, topics }: Discovery,
): { topic: string; payload: object }[] {
  const id = ['serial_oe', site, asset, sensor].map((each) => each.replace(/[^A-Za-z0-9]/g, '_')).join('_');
  const shared = {
    state_topic: topics.state,
    availability: [{ topic: topics.status, payload_available: 'online', payload_not_available: 'offline' }],
    ...(expireAfter !== undefined && { expire_after: expireAfter }),
    device: {
      identifiers: [id],
      name: `${asset} ${sensor}`,
      model: `machine ${machineId}`,
      manufacturer: 'serial-oe',
      suggested_area: site,
    },
    origin: { name: 'serial-oe' },
  };
  const entity = (component: string, key: string, own: object) => ({
    topic: `${prefix}/${component}/${id}/${key}/config`,
    payload: { ...shared, ...own, unique_id: `${id}_${key}` },
  });
  return [
    entity('sensor', 'severity', {
      name: 'Severity',
      value_template: '{{ value_json.severity }}',
      state_class: 'measurement',
      icon: 'mdi:waveform',
    }),
    entity('binary_sensor', 'anomaly', {
      name: 'Anomaly',
      device_class: 'problem',
      value_template: "{{ 'ON' if value_json.alarm == 'active' else 'OFF' }}",
    }),
    entity('binary_sensor', 'hearing', {
      name: 'Hearing',
      device_class: 'connectivity',
      entity_category: 'diagnostic',
      value_template: "{{ 'ON' if value_json.hearing == 'HEALTHY' else 'OFF' }}",
    }),
  ];
}
