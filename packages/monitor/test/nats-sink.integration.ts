import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsSink, natsSink } from '../src/nats';
import { freePort, until } from './support/broker';
import { alarmEvent, hearingEvent, PUMP, scoreEvent } from './support/events';
import { hasNatsServer, NatsServer } from './support/nats-server';

const TOPIC = 'plant.pump-3.mic-1';

(hasNatsServer ? describe : describe.skip)('natsSink', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  const sinks: NatsSink[] = [];
  const open = (base: string, onMessage?: (message: string) => void) => {
    const sink = natsSink({ servers: server.url, base, onMessage });
    sinks.push(sink);
    return sink;
  };
  const listen = (subject: string) => {
    const heard: { subject: string; json: unknown }[] = [];
    connection.subscribe(subject, {
      callback: (_, message) => {
        heard.push({ subject: message.subject, json: message.json() });
      },
    });
    return heard;
  };
  const lastState = async (base: string) =>
    (
      await (
        await jetstreamManager(connection)
      ).direct.getMessage(`${base}-states`, {
        last_by_subj: `${base}.${TOPIC}.state`,
      })
    )?.json();

  beforeAll(async () => {
    server = await NatsServer.start();
    connection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  });
  afterAll(async () => {
    await Promise.all(sinks.map((sink) => sink.close()));
    await connection.close();
    await server.stop();
  });

  it('publishes scores, events and states, each under the subject of its sensor, and keeps them', async () => {
    const heard = listen('subjects.>');
    const sink = open('subjects');
    await sink.connected;
    for (const event of [scoreEvent(), alarmEvent(), hearingEvent()]) sink.publish(event);
    const of = (kind: string) => heard.filter(({ subject }) => subject === `subjects.${TOPIC}.${kind}`);
    await until(
      () => of('event').length === 2 && of('score').length === 1 && of('state').length > 0,
      'all of it',
    );
    expect(of('score').map(({ json }) => json)).toEqual([scoreEvent()]);
    expect(of('event').map(({ json }) => json)).toEqual([alarmEvent(), hearingEvent()]);
    await sink.close();
    expect(await lastState('subjects')).toEqual({
      ...{ time: 1020, alarm: 'active', isAcknowledged: false, isShelved: false, hearing: 'ALARMED' },
      ...{ severity: 61, message: 'the sound is flat' },
    });
    const manager = await jetstreamManager(connection);
    expect((await manager.streams.info('subjects-results')).state.messages).toBe(3);
    expect((await manager.streams.info('subjects-states')).state.messages).toBe(1);
  });

  it('tells the state at the start, and leaves streams that are there as they are', async () => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'started-results', subjects: ['started.*.*.*.event'], max_msgs: 7 });
    const sink = open('started');
    sink.onStart!([{ name: PUMP, time: 1000, isActive: true, isAcknowledged: false, isShelved: false }]);
    await sink.connected;
    await sink.close();
    expect(await lastState('started')).toMatchObject({ alarm: 'active', isAcknowledged: false, time: 1000 });
    expect((await manager.streams.info('started-results')).config.max_msgs).toBe(7);
  });

  it('keeps events while the server is away and tells each once, in order', async () => {
    const said: string[] = [];
    const sink = open('restart', (message) => said.push(message));
    await sink.connected;
    sink.publish(alarmEvent({ time: 0 }));
    await server.kill();
    await until(() => said.some((text) => text.includes('the connection is lost')), 'the loss');
    for (let time = 1; time <= 20; time++) sink.publish(alarmEvent({ time, severity: time }));
    sink.publish(scoreEvent({ severity: 77 })); // dropped, but the state knows of it
    await server.startAgain();
    await until(
      () => said.filter((text) => text.endsWith('connected')).length === 2,
      'the second connection',
    );
    await sink.close();
    const times: number[] = [];
    const client = jetstream(connection);
    const consumer = await client.consumers.get('restart-results', {
      filter_subjects: 'restart.*.*.*.event',
    });
    for await (const message of await consumer.fetch({ max_messages: 100, expires: 2000 })) {
      times.push(message.json<{ time: number }>().time);
    }
    expect(times).toEqual(Array.from({ length: 21 }, (_, i) => i));
    expect(await lastState('restart')).toMatchObject({ alarm: 'active', severity: 77 });
  }, 60_000);

  it('waits for a server that is not there yet, and can be closed meanwhile', async () => {
    const port = await freePort();
    const said: string[] = [];
    const options = { servers: `nats://127.0.0.1:${port}`, base: 'late' };
    const given = natsSink(options);
    given.publish(alarmEvent());
    await given.close();
    const sink = natsSink({ ...options, onMessage: (text) => said.push(text) });
    sink.publish(alarmEvent());
    await until(() => said.length > 0, 'the complaint');
    expect(said[0]).toMatch(/refused.*it is tried again/i);
    const late = await NatsServer.start('', port);
    await sink.connected;
    await sink.close();
    const own = await connect({ servers: late.url });
    expect((await (await jetstreamManager(own)).streams.info('late-results')).state.messages).toBe(1);
    await own.close();
    await late.stop();
  }, 30_000);

  it('takes commands of operators, and tells what is none', async () => {
    const said: string[] = [];
    const sink = open('orders', (text) => said.push(text));
    const commands: unknown[] = [];
    sink.onCommand!((command) => commands.push(command));
    await sink.connected;
    await connection.flush();
    connection.publish(`orders.${TOPIC}.command`, '{"action":"shelve","seconds":60}');
    connection.publish(`orders.${TOPIC}.command`, 'shelve');
    await until(() => said.length === 2, 'the complaint');
    const name = { site: 'plant', asset: 'pump-3', sensor: 'mic-1' };
    expect(commands).toEqual([{ name, action: 'shelve', seconds: 60 }]);
    expect(said[1]).toContain('must be JSON');
  });

  it('refuses what subjects cannot have', () => {
    expect(() => natsSink({ servers: server.url, base: 'a.b' })).toThrow('base must be a name without . * >');
    expect(() => natsSink({ servers: [] })).toThrow('servers must name at least one');
    expect(() => natsSink({ servers: server.url, subject: 'a' } as never)).toThrow(/unknown/);
    const sink = open('names');
    for (const asset of ['', 'a.b', 'a*', 'a>', 'a b', 'a\n']) {
      expect(() => sink.publish(scoreEvent({ name: { ...PUMP, asset } }))).toThrow('asset must be a name');
    }
  });
});
