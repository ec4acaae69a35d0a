import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAudio } from '@serial-oe/audio-features/node';
import { seededRandom } from '@serial-oe/foundation';
import type { MonitorEvent, SensorCommand } from '../src/index';
import {
  type Fleet,
  FleetNode,
  type FleetNodeOptions,
  openFleet,
  partitionOf,
  publishAudio,
} from '../src/nats';
import { until } from './support/broker';
import { levels, quickSource, toldOf } from './support/fleet-in-process';
import { fleetScorer, RATE } from './support/fleet-sounds';
import { hasNatsServer, NatsServer } from './support/nats-server';

const NAME = { site: 'plant', asset: 'pump-1', sensor: 'mic-1', machineId: '00' };
const HEARING = { noAudioSeconds: 1.5, faultSeconds: 2, recoverSeconds: 2, failedAfterSeconds: 600 };

(hasNatsServer ? describe : describe.skip)('a node of a fleet', () => {
  let server: NatsServer;
  let fleet: Fleet;
  let folder: string;
  let nodes: FleetNode[];
  const random = seededRandom(3);
  beforeEach(async () => {
    server = await NatsServer.start();
    fleet = await openFleet({ servers: server.url, ackWaitSeconds: 4, base: 'test', nPartitions: 2 });
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-fleet-'));
    nodes = [];
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    await fleet.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  const startNode = async (options: Partial<FleetNodeOptions> = {}) => {
    const scoring = { scorer: fleetScorer(), hopSeconds: 0.5, alarm: { onDelay: 1, offDelay: 1 } };
    const node = new FleetNode(fleet, {
      sensorOptions: () => ({ ...scoring, hearing: HEARING }),
      ...options,
    });
    nodes.push(node);
    await node.start();
    return node;
  };
  const stop = async (node: FleetNode) => {
    await node.stop();
    nodes = nodes.filter((each) => each !== node);
  };
  const speak = (...parts: [level: number, seconds: number][]) => speakSound(levels(random, ...parts));
  const speakSound = (sound: Float32Array) => publishAudio(fleet, { name: NAME, source: quickSource(sound) });
  const command = (order: Omit<SensorCommand, 'name'>) =>
    fleet.connection.publish('test.plant.pump-1.mic-1.command', JSON.stringify(order));
  const state = async () => {
    const last = { last_by_subj: 'test.plant.pump-1.mic-1.state' };
    return (await fleet.manager.streams.getMessage('test-states', last))?.json<Record<string, unknown>>();
  };
  const changes = (events: readonly MonitorEvent[]) =>
    events.flatMap((event) =>
      event.kind === 'alarm' ? [event.change] : event.kind === 'hearing' ? [event.state] : [],
    );
  const untilTold = async (expected: readonly string[]) => {
    let told: string[] = [];
    for (let i = 0; i < 150 && told.length < expected.length; i++) {
      told = changes(await toldOf(fleet));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(told).toEqual(expected);
  };

  it('obeys operators, each command once, also one that came while no node was there', async () => {
    const sensorOptions = () => ({
      ...{ scorer: fleetScorer(), alarm: { onDelay: 1 } },
      hearing: { noAudioSeconds: 600 }, // however slow the machine is: silence is another test's
    });
    const first = await startNode({ sensorOptions });
    await startNode({ sensorOptions });
    await speak([0.1, 3], [0.9, 4]);
    await untilTold(['active']);
    command({ action: 'acknowledge', comment: 'seen' });
    await untilTold(['active', 'acknowledged']);
    expect(await state()).toMatchObject({ alarm: 'active', isAcknowledged: true });
    await Promise.all(nodes.map((node) => node.stop()));
    nodes = [];
    command({ action: 'shelve', seconds: 600 });
    fleet.connection.publish('test.plant.pump-1.mic-1.command', 'no command');
    const said: string[] = [];
    await startNode({ sensorOptions, onMessage: (text) => said.push(text) });
    await untilTold(['active', 'acknowledged', 'shelved']);
    await until(() => said.length > 0, 'the complaint');
    expect(said).toEqual([expect.stringMatching(/plant\/pump-1\/mic-1: command: .*must be JSON/)]);
    expect(first.partitions).toEqual([]);
    await untilTold(['active', 'acknowledged', 'shelved']);
  }, 60_000);

  it('tells of a sensor that falls silent, another node does not tell it again, and hears it come back', async () => {
    const first = await startNode();
    await speak([0.1, 3]);
    await untilTold(['ALARMED']);
    expect(await state()).toMatchObject({ hearing: 'ALARMED', message: 'no samples come' });
    await stop(first);
    const second = await startNode();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await untilTold(['ALARMED']);
    await speak([0.1, 4]);
    await untilTold(['ALARMED', 'RECOVERING', 'HEALTHY', 'ALARMED']);
    await stop(second);
  }, 60_000);

  it('leaves out a sensor whose sound no scorer takes, and scores the others of its partition', async () => {
    const refusing = {
      ...fleetScorer(),
      score: async () => {
        throw new RangeError('of no machine');
      },
    };
    const said: string[] = [];
    await startNode({
      sensorOptions: ({ sensor }) => ({
        scorer: sensor.startsWith('bad') ? refusing : fleetScorer(),
        hopSeconds: 0.5,
      }),
      onMessage: (text) => said.push(text),
    });
    const names = ['bad-1', 'mic-1', 'mic-2', 'mic-3', 'mic-4'].map((sensor) => ({ ...NAME, sensor }));
    const [own, ...others] = names.map((name) => partitionOf(name, 2));
    expect(others).toContain(own);
    const sound = levels(random, [0.1, 3]);
    await Promise.all(names.map((name) => publishAudio(fleet, { name, source: quickSource(sound) })));
    const scored = async () => (await toldOf(fleet)).filter(({ kind }) => kind === 'score');
    for (let i = 0; i < 100 && (await scored()).length < 20; i++)
      await new Promise((r) => setTimeout(r, 100));
    expect((await scored()).map(({ name }) => name.sensor).sort()).toEqual(
      names.slice(1).flatMap(({ sensor }) => Array.from({ length: 5 }, () => sensor)),
    );
    expect(said).toEqual(['plant/pump-1/bad-1: its windows are not scored: of no machine']);
  }, 60_000);

  it('tells of silence that began while no node had the sensor', async () => {
    const first = await startNode();
    const scored = () => nodes[0]!.nSensors === 1;
    await speak([0.1, 2]);
    await until(scored, 'the sensor');
    await stop(first);
    expect(changes(await toldOf(fleet))).toEqual([]);
    await startNode();
    await untilTold(['ALARMED']);
  }, 60_000);

  it('raises no alarm of the machine by sound that is none', async () => {
    await startNode();
    const flat = new Float32Array(4 * RATE).fill(0.75);
    await speakSound(Float32Array.from([...levels(random, [0.1, 2]), ...flat, ...levels(random, [0.1, 4])]));
    await untilTold(['ALARMED', 'RECOVERING', 'HEALTHY', 'ALARMED']);
    const scores = (await toldOf(fleet)).filter(({ kind }) => kind === 'score');
    expect(scores.filter((event) => event.kind === 'score' && event.isAnomaly).length).toBeGreaterThan(4);
  }, 60_000);

  it('keeps the sound around an alarm, also where another node goes on in its midst', async () => {
    const clips = { folder, beforeSeconds: 1, afterSeconds: 3 };
    const first = await startNode({ clips });
    const sound = levels(random, [0.1, 4], [0.9, 3], [0.1, 5]);
    const cut = 6.75 * RATE;
    const source = quickSource(sound);
    let goOn: () => void = () => {};
    const waits = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const published = publishAudio(fleet, {
      name: NAME,
      source: {
        ...source,
        async *open(signal) {
          let at = 0;
          for await (const piece of source.open(signal)) {
            if (at === cut) await waits;
            at += piece.samples.length;
            yield piece;
          }
        },
      },
    });
    await untilTold(['active']);
    expect(readdirSync(folder)).toEqual([]);
    await stop(first);
    await startNode({ clips });
    goOn();
    await published;
    await until(() => readdirSync(folder).length === 1, 'the clip');
    await untilTold(['active', 'inactive', 'ALARMED']);
    const told = await toldOf(fleet);
    const [file = ''] = readdirSync(folder);
    expect(told.filter(({ kind }) => kind === 'clip')).toMatchObject([{ path: join(folder, file) }]);
    const alarm = told.find((event) => event.kind === 'alarm')!;
    const start = told.find((event) => event.kind === 'score')!.time;
    const from = Math.round((alarm.time - 1 - 1 - start) * RATE); // the window that raised it is one second long
    const { sampleRate, channels } = await readAudio(join(folder, file));
    expect(sampleRate).toBe(RATE);
    expect(channels[0]).toEqual(sound.slice(from, from + 5 * RATE));
  }, 60_000);
});
