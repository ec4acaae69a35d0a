import { setTimeout as sleep } from 'node:timers/promises';
import { encodeWav } from '@serial-oe/audio-features';
import { seededRandom } from '@serial-oe/foundation';
import { connectAsync, type MqttClient } from 'mqtt';
import { type Fleet, FleetNode, openFleet, partitionOf } from '../src/nats';
import { freePort } from './support/broker';
import { levels, toldOf } from './support/fleet-in-process';
import { fleetScorer, RATE } from './support/fleet-sounds';
import { hasNatsServer, NatsServer } from './support/nats-server';

const N_PARTITIONS = 4;
const MAPPING = `audio.{{partition(${N_PARTITIONS},1,2,3)}}.{{wildcard(1)}}.{{wildcard(2)}}.{{wildcard(3)}}`;
const SENSORS = ['mic-1', 'mic-2', 'mic-3'];
const PIECE = RATE / 2;

(hasNatsServer ? describe : describe.skip)('sensors that speak MQTT', () => {
  let server: NatsServer;
  let fleet: Fleet;
  let clients: MqttClient[];
  let url: string;
  const random = seededRandom(5);
  beforeEach(async () => {
    const port = await freePort();
    url = `mqtt://127.0.0.1:${port}`;
    const mqtt = `server_name: hub\nmqtt { listen: "127.0.0.1:${port}" }\nmappings { "audio.*.*.*": "${MAPPING}" }`;
    server = await NatsServer.start(mqtt);
    const nPartitions = N_PARTITIONS;
    fleet = await openFleet({ servers: server.url, ackWaitSeconds: 4, base: 'test', nPartitions });
    clients = [];
  });
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.endAsync()));
    await fleet.close();
    await server.stop();
  });

  const startNode = async () => {
    const scoring = { scorer: fleetScorer(), hopSeconds: 0.5, alarm: { onDelay: 1, offDelay: 1 } };
    const node = new FleetNode(fleet, { sensorOptions: () => scoring });
    await node.start();
    return node;
  };
  /** A WAV file each half second, as a firmware would send it. */
  const speak = async (sensor: string, sound: Float32Array, from = 0) => {
    const client = await connectAsync(url, { clientId: `${sensor}-${from}` });
    clients.push(client);
    const begin = performance.now();
    for (let at = 0; at < sound.length; at += PIECE) {
      await sleep(Math.max(0, begin + (1000 * (at + PIECE)) / RATE - performance.now()));
      const wav = encodeWav({ sampleRate: RATE, channels: [sound.slice(at, at + PIECE)] });
      await client.publishAsync(`audio/plant/pump-1/${sensor}`, Buffer.from(wav), { qos: 1 });
    }
  };
  const scoresOf = async (sensor: string) =>
    (await toldOf(fleet)).flatMap((event) =>
      event.kind === 'score' && event.name.sensor === sensor ? [event] : [],
    );
  const meanSquares = (sound: Float32Array) =>
    Array.from({ length: Math.floor((sound.length - RATE) / PIECE) + 1 }, (_, i) => {
      const window = sound.subarray(i * PIECE, i * PIECE + RATE);
      return window.reduce((sum, sample) => sum + sample ** 2, 0) / RATE;
    });

  it('are scored as sound of one piece, and go on where another node takes them over', async () => {
    const first = await startNode();
    const sounds = SENSORS.map(() => levels(random, [0.1, 2], [0.9, 2], [0.1, 2]));
    const begin = Date.now() / 1000;
    const spoken = Promise.all(SENSORS.map((sensor, i) => speak(sensor, sounds[i]!)));
    await sleep(2800);
    await first.stop();
    const second = await startNode();
    await spoken;
    for (let i = 0; i < 50 && (await toldOf(fleet)).length < 3 * 13; i++) await sleep(100);
    for (const [i, sensor] of SENSORS.entries()) {
      const scores = await scoresOf(sensor);
      const sound = sounds[i]!.map((x) => Math.round(x * 32_768) / 32_768); // 16 bits of the file
      expect(scores.map(({ anomalyScore }) => anomalyScore)).toEqual(
        meanSquares(sound).map((value) => expect.closeTo(value, 4)),
      );
      expect(scores.map(({ time }) => time - scores[0]!.time)).toEqual(
        scores.map((_, k) => expect.closeTo(k / 2, 6)),
      );
      expect(Math.abs(scores[0]!.time - begin)).toBeLessThan(30);
      expect(scores.every(({ name }) => name.machineId === '00')).toBe(true);
    }
    const alarms = (await toldOf(fleet)).flatMap((event) => (event.kind === 'alarm' ? [event.change] : []));
    expect(alarms.sort()).toEqual([...SENSORS.map(() => 'active'), ...SENSORS.map(() => 'inactive')]);
    await second.stop();
  }, 60_000);

  it('are asked of the stream only where another node had pieces, which it lost', async () => {
    const asked: number[] = [];
    const { getMessage } = fleet.manager.streams;
    fleet.manager.streams.getMessage = (stream, query) => {
      if (stream === fleet.audioStream) asked.push(performance.now());
      return getMessage.call(fleet.manager.streams, stream, query);
    };
    const node = await startNode();
    const sound = levels(random, [0.1, 3], [0.3, 3]);
    const spoken = speak('mic-1', sound);
    await sleep(2000);
    const before = asked.length;
    expect(before).toBeLessThanOrEqual(1); // the first piece: what lies before it nobody knows
    // Another node gets some of the pieces and dies with them.
    const partition = partitionOf({ site: 'plant', asset: 'pump-1', sensor: 'mic-1' }, N_PARTITIONS);
    const dying = await fleet.client.consumers.get(fleet.audioStream, `partition-${partition}`);
    let nTaken = 0;
    for await (const _ of await dying.fetch({ max_messages: 2, expires: 2000 })) nTaken++;
    expect(nTaken).toBeGreaterThan(0);
    await spoken;
    for (let i = 0; i < 100 && (await scoresOf('mic-1')).length < 11; i++) await sleep(100);
    await sleep(4500); // the lost ones are delivered again
    expect(asked.length).toBeGreaterThan(before);
    expect((await scoresOf('mic-1')).map(({ anomalyScore }) => anomalyScore)).toEqual(
      meanSquares(sound.map((x) => Math.round(x * 32_768) / 32_768)).map((value) => expect.closeTo(value, 4)),
    );
    await node.stop();
  }, 60_000);

  it('go on after a message that is no sound, on a node that goes on with them too', async () => {
    const sound = levels(random, [0.3, 2]);
    const client = await connectAsync(url, { clientId: 'broken' });
    clients.push(client);
    const garbage = () => client.publishAsync('audio/plant/pump-1/mic-1', Buffer.from('x'), { qos: 1 });
    const first = await startNode();
    await garbage();
    await speak('mic-1', sound);
    await garbage();
    for (let i = 0; i < 50 && (await scoresOf('mic-1')).length < 3; i++) await sleep(100);
    await first.stop();
    const second = await startNode();
    await garbage();
    await speak('mic-1', sound, 2);
    for (let i = 0; i < 100 && (await scoresOf('mic-1')).length < 6; i++) await sleep(100);
    expect((await scoresOf('mic-1')).length).toBeGreaterThanOrEqual(6);
    await second.stop();
  }, 60_000);

  it('begin a new stream where sound is missing, and windows do not reach over the gap', async () => {
    const node = await startNode();
    const sound = levels(random, [0.3, 2]);
    await speak('mic-1', sound);
    await sleep(3000);
    await speak('mic-1', sound, 2);
    for (let i = 0; i < 50 && (await scoresOf('mic-1')).length < 6; i++) await sleep(100);
    const times = (await scoresOf('mic-1')).map(({ time }) => time);
    expect(times).toHaveLength(6);
    expect(times[3]! - times[2]!).toBeGreaterThan(3);
    await node.stop();
  }, 60_000);
});
