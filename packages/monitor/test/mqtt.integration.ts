import { type MqttSink, mqttSink } from '../src/mqtt';
import {
  type Broker,
  cuttableWay,
  freePort,
  listenTo,
  type Message,
  startBroker,
  until,
} from './support/broker';
import { alarmEvent, hearingEvent, PUMP, scoreEvent } from './support/events';

let broker: Broker;
const sinks: MqttSink[] = [];
const open = (options: Omit<Parameters<typeof mqttSink>[0], 'url'> = {}) => {
  const sink = mqttSink({ url: broker.url, base: `base-${sinks.length}`, ...options });
  sinks.push(sink);
  return sink;
};
const parsed = (messages: readonly Message[], topic: string) =>
  messages.filter((message) => message.topic === topic).map(({ text }) => JSON.parse(text));

describe('mqttSink', () => {
  beforeAll(async () => {
    broker = await startBroker();
    if (broker.kind === 'aedes')
      process.stderr.write('Mosquitto is not installed: a broker in the process instead\n');
  });
  afterAll(async () => {
    await Promise.all(sinks.map((sink) => sink.close()));
    await broker.stop();
  });

  it('publishes scores, events and a retained state, each under the topic of its sensor', async () => {
    const { client, messages } = await listenTo(broker.url, 'topics/#');
    const sink = open({ base: 'topics' });
    await sink.connected;
    sink.publish(scoreEvent());
    sink.publish(alarmEvent());
    sink.publish(hearingEvent());
    const topic = 'topics/plant/pump-3/mic-1';
    await until(() => parsed(messages, `${topic}/state`).length === 3, 'the third state');
    expect(parsed(messages, `${topic}/score`)).toEqual([scoreEvent()]);
    expect(parsed(messages, `${topic}/event`)).toEqual([alarmEvent(), hearingEvent()]);
    expect(messages.filter(({ topic: each }) => each.endsWith('/event')).map(({ qos }) => qos)).toEqual([
      1, 1,
    ]);
    expect(messages.find(({ topic: each }) => each.endsWith('/score'))!.qos).toBe(0);
    await client.endAsync();
    const late = await listenTo(broker.url, 'topics/#');
    await until(() => late.messages.length === 2, 'what is retained');
    expect(late.messages.every(({ retain }) => retain)).toBe(true);
    expect(parsed(late.messages, `${topic}/state`)).toEqual([
      {
        ...{
          time: 1020,
          alarm: 'active',
          isAcknowledged: false,
          isShelved: false,
          hearing: 'ALARMED',
          severity: 61,
        },
        message: 'the sound is flat',
      },
    ]);
    expect(late.messages.find(({ topic: each }) => each === 'topics/status')!.text).toBe('online');
    await late.client.endAsync();
  });

  it('tells the state at the start, an alarm from before a restart too', async () => {
    const { client, messages } = await listenTo(broker.url, 'started/#');
    const sink = open({ base: 'started' });
    sink.onStart!([{ name: PUMP, time: 1000, isActive: true, isAcknowledged: false, isShelved: false }]);
    await sink.connected;
    sink.publish(scoreEvent());
    const topic = 'started/plant/pump-3/mic-1/state';
    await until(() => parsed(messages, topic).some(({ severity }) => severity !== null), 'the severity');
    expect(parsed(messages, topic).every(({ alarm }) => alarm === 'active')).toBe(true);
    expect(parsed(messages, topic)[0]).toMatchObject({ isAcknowledged: false, time: 1000 });
    await client.endAsync();
  });

  it('says nothing where nothing has changed', async () => {
    const { client, messages } = await listenTo(broker.url, 'calm/#');
    const sink = open({ base: 'calm' });
    await sink.connected;
    for (let i = 0; i < 5; i++) sink.publish(scoreEvent({ time: i, severity: 20.1 + 0.01 * i }));
    await until(
      () => messages.filter(({ topic }) => topic.endsWith('/score')).length === 5,
      'the last score',
    );
    expect(messages.filter(({ topic }) => topic.endsWith('/state'))).toHaveLength(1);
    await client.endAsync();
  });

  it('is offline by its last will when it is gone without a word', async () => {
    const { client, messages } = await listenTo(broker.url, 'will/status');
    const way = await cuttableWay(broker.url);
    const sink = mqttSink({ url: way.url, base: 'will' });
    await sink.connected;
    await until(() => messages.length === 1, 'the first status');
    await way.cut();
    await until(() => messages.length === 2, 'the last will');
    expect(messages.map(({ text }) => text)).toEqual(['online', 'offline']);
    await sink.close();
    await client.endAsync();
  });

  it('is offline when it is closed', async () => {
    const sink = mqttSink({ url: broker.url, base: 'closed' });
    await sink.connected;
    await sink.close();
    const { client, messages } = await listenTo(broker.url, 'closed/status');
    await until(() => messages.length === 1, 'the status');
    expect(messages[0]!.text).toBe('offline');
    await client.endAsync();
  });

  it('waits for a broker that is not there yet, and keeps the events', async () => {
    const port = await freePort();
    const said: string[] = [];
    const sink = mqttSink({
      url: `mqtt://127.0.0.1:${port}`,
      base: 'late',
      onMessage: (text) => said.push(text),
    });
    sink.publish(scoreEvent());
    sink.publish(alarmEvent());
    await until(() => said.length > 0, 'the complaint');
    expect(said[0]).toMatch(/ECONNREFUSED.*it is tried again/);
    const lateBroker = await startBroker(port);
    const { client, messages } = await listenTo(lateBroker.url, 'late/#');
    await sink.connected;
    await until(() => parsed(messages, 'late/plant/pump-3/mic-1/event').length === 1, 'the event');
    await until(() => parsed(messages, 'late/plant/pump-3/mic-1/state').length === 1, 'the state');
    expect(parsed(messages, 'late/plant/pump-3/mic-1/event')).toEqual([alarmEvent()]);
    expect(parsed(messages, 'late/plant/pump-3/mic-1/state')[0]).toMatchObject({ alarm: 'active' });
    await client.endAsync();
    await sink.close();
    await lateBroker.stop();
  }, 30_000);

  it('announces its sensors to Home Assistant, again at its birth message', async () => {
    const { client, messages } = await listenTo(broker.url, 'homeassistant/#');
    const sink = open({ base: 'home', homeAssistant: { expireAfter: 120 } });
    await sink.connected;
    sink.publish(scoreEvent());
    const configs = () => messages.filter(({ topic }) => topic.endsWith('/config'));
    await until(() => configs().length === 3, 'the discovery');
    expect(configs().map(({ topic }) => topic)).toEqual([
      'homeassistant/sensor/serial_oe_plant_pump_3_mic_1/severity/config',
      'homeassistant/binary_sensor/serial_oe_plant_pump_3_mic_1/anomaly/config',
      'homeassistant/binary_sensor/serial_oe_plant_pump_3_mic_1/hearing/config',
    ]);
    expect(JSON.parse(configs()[0]!.text)).toMatchObject({
      unique_id: 'serial_oe_plant_pump_3_mic_1_severity',
      state_topic: 'home/plant/pump-3/mic-1/state',
      availability: [{ topic: 'home/status', payload_available: 'online', payload_not_available: 'offline' }],
      expire_after: 120,
      device: { identifiers: ['serial_oe_plant_pump_3_mic_1'] },
    });
    await client.publishAsync('homeassistant/status', 'online');
    await until(() => configs().length === 6, 'the discovery after the birth message');
    await client.endAsync();
  });

  it('takes commands of operators, and tells what is none', async () => {
    const said: string[] = [];
    const sink = open({ base: 'orders', onMessage: (text) => said.push(text) });
    const commands: unknown[] = [];
    sink.onCommand!((command) => commands.push(command));
    await sink.connected;
    const { client } = await listenTo(broker.url, 'orders/status');
    const topic = 'orders/plant/pump-3/mic-1/command';
    await client.publishAsync(topic, '{"action":"acknowledge","comment":"seen"}', { qos: 1 });
    await client.publishAsync(topic, '{"action":"shelve","seconds":60}', { qos: 1 });
    await client.publishAsync(topic, '{"action":"explode"}', { qos: 1 });
    await client.publishAsync(topic, 'acknowledge', { qos: 1 });
    await until(() => said.length === 3, 'the complaints'); // the first says that it is connected
    const name = { site: 'plant', asset: 'pump-3', sensor: 'mic-1' };
    expect(commands).toEqual([
      { name, action: 'acknowledge', comment: 'seen' },
      { name, action: 'shelve', seconds: 60 },
    ]);
    expect(said[1]).toContain('action must be one of');
    expect(said[2]).toContain('must be JSON');
    await client.endAsync();
  });

  it('refuses addresses and names that topics cannot have', () => {
    expect(() => mqttSink({ url: 'http://broker' })).toThrow('url must start with mqtt://');
    expect(() => mqttSink({ url: broker.url, base: 'a/b' })).toThrow('base must be a name without / + #');
    expect(() => mqttSink({ url: broker.url, topic: 'a' } as never)).toThrow(/unknown/);
    const sink = open();
    for (const asset of ['', 'a/b', 'a#', 'a+b', 'a\n']) {
      expect(() => sink.publish(scoreEvent({ name: { ...PUMP, asset } }))).toThrow(
        'asset must be a name without',
      );
    }
  });
});
