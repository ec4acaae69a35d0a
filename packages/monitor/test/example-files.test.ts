import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readMonitorConfig } from '../src/config';
import { prometheusSink } from '../src/prometheus';
import { alarmEvent, hearingEvent, scoreEvent } from './support/events';

const ROOT = join(__dirname, '../../..');
const FOLDER = join(ROOT, 'examples/node-monitor');
const textOf = (...names: string[]) => readFileSync(join(FOLDER, ...names), 'utf8');

describe('examples/node-monitor', () => {
  it('has a configuration that the monitor takes, also where what is commented out is put in', () => {
    const env = {
      MQTT_URL: 'mqtt://localhost',
      STATE_DIRECTORY: '/var/lib/serial-oe',
      CAMERA_PASSWORD: 'a',
      MQTT_PASSWORD: 'b',
      TOKEN: 'c',
    };
    const text = textOf('monitor.yaml');
    const config = readMonitorConfig(text, { file: 'monitor.yaml', env });
    expect(config).toMatchObject({
      stateFile: '/var/lib/serial-oe/state.json',
      sensors: [{ machineId: '00' }],
    });
    const whole = text.replace(/^( *)# (?=-|[ ]|\w+: ?[[{'"\d]|username|password)/gm, '$1');
    const all = readMonitorConfig(whole, { file: 'monitor.yaml', env });
    expect(all.sensors.map(({ source }) => Object.keys(source)[0])).toEqual(['arecord', 'ffmpeg', 'command']);
    expect(all).toMatchObject({
      windowSeconds: 10,
      hearing: {},
      sinks: { mqtt: { password: 'b', homeAssistant: {} }, webhook: {} },
    });
  });

  it('asks Prometheus for metrics that there are', async () => {
    const sink = await prometheusSink({ port: 0, processMetrics: false });
    for (const event of [scoreEvent(), alarmEvent(), hearingEvent()]) sink.publish(event);
    const metrics = await (await fetch(sink.url)).text();
    await sink.close();
    const known = new Set(metrics.match(/serialoe_\w+/g));
    for (const text of [textOf('alerts.yml'), textOf('grafana/dashboard.json')]) {
      const asked = text.match(/serialoe_\w+/g)!;
      expect(asked.length).toBeGreaterThan(3);
      expect(asked.filter((name) => !known.has(name))).toEqual([]);
    }
    const said = readFileSync(join(ROOT, 'docs/listening.md'), 'utf8').match(/serialoe_\w+/g)!;
    expect(said.filter((name) => ![...known].some((each) => each.startsWith(name)))).toEqual([]);
  });

  it('has files that can be read', () => {
    const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.(ya?ml|json)$/.test(name) && !name.includes('node_modules'),
    );
    expect(files.length).toBeGreaterThan(6);
    for (const file of files) expect(parse(textOf(file))).toEqual(expect.any(Object));
    const { services } = parse(textOf('docker-compose.yml'));
    const mounted = Object.values<{ volumes?: string[] }>(services).flatMap(({ volumes = [] }) =>
      volumes.flatMap((volume) => /^\.\/([^:]+)/.exec(volume)?.[1] ?? []),
    );
    const missing = mounted.filter((name) => !files.includes(name) && name !== 'mosquitto.conf');
    expect(missing).toEqual(['pump-model']); // the user's own
  });
});
