import { checkKind, checkOptions, hidePassword, type OptionNames } from '@serial-oe/foundation';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { MonitorEvent, ScoreSink, SensorCommand, SensorName, SensorStart } from '../events';
import { discoveryMessages, type HomeAssistantOptions } from './home-assistant';
import { readCommand } from './read-command';
import { SensorStates } from './sensor-states';
import { topicLevel } from './topic-name';

export interface MqttSinkOptions {
  /** `mqtt://broker:1883`, `mqtts://`, `ws://`, `wss://`. */
  url: string;
  /** First level of all topics; default `serial-oe`. */
  base?: string | undefined;
  username?: string | undefined;
  password?: string | undefined;
  /** Announces the sensors to Home Assistant. Default: not. */
  homeAssistant?: HomeAssistantOptions | undefined;
  /** Of what the client says: connected, lost, refused. */
  onMessage?: ((message: string) => void) | undefined;
  /** Further options of mqtt.js, such as certificates. */
  client?: IClientOptions | undefined;
}

const OPTIONS: OptionNames<MqttSinkOptions> = {
  url: true,
  base: true,
  username: true,
  password: true,
  homeAssistant: true,
  onMessage: true,
  client: true,
};

/** A sink on a broker. */
export interface MqttSink extends ScoreSink {
  /** Resolves once the broker has been reached for the first time. */
  readonly connected: Promise<void>;
}

const CONNECT_MS = 10_000;
const RETRY_MS = 2000;

/**
 * Publishes by MQTT, a topic a sensor:
 *
 * - `<base>/<site>/<asset>/<sensor>/state`, retained, QoS 1: alarm, hearing, last severity; at the start, on every change and after each connection
 * - `.../event`, QoS 1: alarms, hearing, overload, drift, clips
 * - `.../score`, QoS 0: every window
 * - `<base>/status`, retained: `online`, and `offline` as last will
 *
 * It takes commands on `.../command`: `{"action":"acknowledge","comment":".."}`, `{"action":"shelve","seconds":3600}`,
 * `{"action":"unshelve"}`.
 *
 * The first connection is tried again as later ones are. Scores that cannot be told at once are dropped, events wait.
 *
 * @throws RangeError or TypeError naming the option
 * @example
 * const sink = mqttSink({ url: 'mqtt://localhost' });
 */
export function mqttSink(options: MqttSinkOptions): MqttSink {
  const where = 'monitor.mqttSink';
  checkOptions(where, options, OPTIONS);
  checkKind(`${where}: url`, options.url, 'string');
  if (!/^(mqtts?|wss?|tcp|ssl):\/\//.test(options.url)) {
    throw new RangeError(
      `${where}: url must start with mqtt://, mqtts://, ws:// or wss://, got ${options.url}.`,
    );
  }
  return new BrokerSink({ ...options, base: topicLevel(`${where}: base`, options.base ?? 'serial-oe') });
}

class BrokerSink implements MqttSink {
  readonly name: string;
  readonly connected: Promise<void>;
  readonly #client: MqttClient;
  readonly #base: string;
  readonly #homeAssistant: HomeAssistantOptions | undefined;
  readonly #states = new SensorStates();
  readonly #tell: (message: string) => void;
  #lastProblem = '';
  #handler: ((command: SensorCommand) => void) | null = null;

  constructor({
    url,
    base,
    username,
    password,
    homeAssistant,
    onMessage,
    client,
  }: MqttSinkOptions & { base: string }) {
    this.name = `MQTT ${hidePassword(url)}`;
    this.#base = base;
    this.#homeAssistant = homeAssistant;
    this.#tell = onMessage ?? (() => {});
    this.#client = connect(url, {
      ...{ connectTimeout: CONNECT_MS, reconnectPeriod: RETRY_MS, queueQoSZero: false },
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...client,
      will: { topic: `${base}/status`, payload: Buffer.from('offline'), qos: 1, retain: true },
    });
    this.connected = new Promise((resolve) => {
      this.#client.on('connect', () => {
        this.#onConnect();
        resolve();
      });
    });
    this.#client.on('error', ({ message }) => this.#onProblem(message));
    this.#client.on('close', () => this.#onProblem('the connection is lost'));
    this.#client.on('message', (topic, payload) => {
      if (topic === this.#birthTopic && payload.toString() === 'online') this.#announceAll();
      else if (topic.endsWith('/command')) this.#onCommand(topic, payload.toString());
    });
  }

  onCommand(handler: (command: SensorCommand) => void): void {
    this.#handler = handler;
    if (this.#client.connected) this.#client.subscribe(this.#commandTopic, { qos: 1 });
  }

  onStart(sensors: readonly SensorStart[]): void {
    for (const sensor of sensors) {
      this.#states.start(sensor);
      this.#announce(sensor.name);
      this.#publishState(sensor.name);
    }
  }

  publish(event: MonitorEvent): void {
    const isNew = !this.#states.has(event.name);
    const isChanged = this.#states.take(event);
    if (isNew) this.#announce(event.name);
    const topic = this.#topic(event.name);
    const payload = JSON.stringify(event);
    if (event.kind === 'score') this.#client.publish(`${topic}/score`, payload, { qos: 0 });
    else this.#client.publish(`${topic}/event`, payload, { qos: 1 });
    if (isChanged) this.#publishState(event.name);
  }

  async close(): Promise<void> {
    if (this.#client.connected) {
      await this.#client.publishAsync(`${this.#base}/status`, 'offline', { qos: 1, retain: true });
    }
    await this.#client.endAsync(!this.#client.connected);
  }

  get #birthTopic(): string {
    return `${this.#homeAssistant?.prefix ?? 'homeassistant'}/status`;
  }

  get #commandTopic(): string {
    return `${this.#base}/+/+/+/command`;
  }

  /** What is no command is told of and changes nothing. */
  #onCommand(topic: string, text: string): void {
    const [, site = '', asset = '', sensor = ''] = topic.split('/');
    try {
      const command = readCommand(text);
      this.#handler?.({ name: { site, asset, sensor }, ...command });
    } catch (error) {
      this.#tell(`${this.name}: ${topic}: ${(error as Error).message}`);
    }
  }

  #onConnect(): void {
    this.#lastProblem = '';
    this.#tell(`${this.name}: connected`);
    this.#client.publish(`${this.#base}/status`, 'online', { qos: 1, retain: true });
    if (this.#homeAssistant !== undefined) this.#client.subscribe(this.#birthTopic);
    if (this.#handler !== null) this.#client.subscribe(this.#commandTopic, { qos: 1 });
    this.#announceAll();
  }

  /** Once for a problem, not at each try. */
  #onProblem(message: string): void {
    if (message === this.#lastProblem || this.#client.disconnecting) return;
    this.#lastProblem = message;
    this.#tell(`${this.name}: ${message}; it is tried again`);
  }

  #announceAll(): void {
    for (const name of this.#states.names()) {
      this.#announce(name);
      this.#publishState(name);
    }
  }

  #announce(name: SensorName): void {
    if (this.#homeAssistant === undefined || !this.#client.connected) return;
    const topics = { state: `${this.#topic(name)}/state`, status: `${this.#base}/status` };
    for (const { topic, payload } of discoveryMessages(name, { ...this.#homeAssistant, topics })) {
      this.#client.publish(topic, JSON.stringify(payload), { qos: 1, retain: true });
    }
  }

  #publishState(name: SensorName): void {
    if (!this.#client.connected) return; // it is told once connected
    const payload = JSON.stringify(this.#states.of(name));
    this.#client.publish(`${this.#topic(name)}/state`, payload, { qos: 1, retain: true });
  }

  #topic(name: SensorName): string {
    const levels = ([key, value]: [string, string]) => topicLevel(`monitor.mqttSink: ${key}`, value);
    const { site, asset, sensor } = name;
    return [this.#base, ...Object.entries({ site, asset, sensor }).map(levels)].join('/');
  }
}
