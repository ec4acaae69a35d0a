import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { readAudio } from '@serial-oe/audio-features/node';
import { listenTo, startBroker, until } from '../../monitor/test/support/broker';
import { hasNatsServer, NatsServer } from '../../monitor/test/support/nats-server';
import { runCli } from './support/run-cli';
import { type RunningMonitor, startMonitor } from './support/run-monitor';

const SENSOR = { asset: 'fan-3', sensor: 'mic-1', machineId: '00', model: 'fan' };
const STDIN = { stdin: { sampleRate: 16000, live: false } };

let folder: string;
const at = (...names: string[]) => join(folder, ...names);
/** PCM of 16 bit, mono. */
const sound: Record<'normal' | 'faulty', Buffer> = { normal: Buffer.alloc(0), faulty: Buffer.alloc(0) };

const configWith = (changes: object) => ({
  ...{ site: 'plant', models: { fan: './fan-model' }, sensors: [{ ...SENSOR, source: STDIN }] },
  ...{ windowSeconds: 4, hopSeconds: 2, alarm: { threshold: 3, onDelay: 2, offDelay: 2 } },
  ...changes,
});
const write = (name: string, config: object) => {
  writeFileSync(at(name), JSON.stringify(config));
  return name;
};
const start = (name: string, ...flags: string[]) => startMonitor(['--config', name, ...flags], folder);
const alarmsOf = (monitor: RunningMonitor) =>
  monitor.events().flatMap((event) => (event.kind === 'alarm' ? [event.change] : []));
const scoresOf = (monitor: RunningMonitor) => monitor.events().filter(({ kind }) => kind === 'score');

async function pcmOf(files: string[]): Promise<Buffer> {
  const pieces = await Promise.all(files.map(async (file) => (await readAudio(file)).channels[0]!));
  const bytes = pieces.map((samples) => Buffer.from(Int16Array.from(samples, (x) => 32767 * x).buffer));
  return Buffer.concat(bytes);
}

describe('serial-oe monitor', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-monitor-'));
    const synth = ['--types', 'fan', '--ids', '1', '--train', '30', '--test', '6', '--seconds', '4'];
    const plain = ['--severity', '4', '--snr', '12', '--clip-spread', '0'];
    expect((await runCli(['synth', '--out', 'sounds', ...synth, ...plain], folder)).code).toBe(0);
    const train = ['--data', 'sounds', '--machine-type', 'fan', '--system', 'mel-statistics'];
    const trained = await runCli(['train', ...train, '--out', 'fan-model'], folder);
    expect([trained.code, trained.stderr]).toEqual([0, expect.anything()]);
    const test = at('sounds', 'fan', 'test');
    const of = (label: string) =>
      readdirSync(test)
        .filter((name) => name.startsWith(label))
        .map((name) => join(test, name));
    sound.normal = await pcmOf(of('normal').slice(0, 3));
    sound.faulty = await pcmOf(of('anomaly').slice(0, 3));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('raises an alarm in faulty sound of standard input and lets it go in normal sound, as lines of JSON', async () => {
    const clips = { folder: 'events' };
    const monitor = start(write('stdin.json', configWith({ clips })), '--json');
    monitor.child.stdin!.end(Buffer.concat([sound.normal, sound.faulty, sound.normal]));
    expect([await monitor.ended, monitor.stderr()]).toEqual([
      0,
      expect.stringMatching(/listening to plant\/fan-3\/mic-1/),
    ]);
    expect(alarmsOf(monitor)).toEqual(['active', 'inactive']);
    expect(scoresOf(monitor)).toHaveLength(17); // of 36 s
    const alarm = monitor.events().find(({ kind }) => kind === 'alarm')!;
    expect(alarm).toMatchObject({
      name: { site: 'plant', asset: 'fan-3', sensor: 'mic-1', machineId: '00' },
    });
    expect(alarm).toMatchObject({ severity: expect.any(Number), threshold: 3 });
    expect(alarm.time).toBeGreaterThan(monitor.events()[0]!.time + 12);
    expect(readdirSync(at('events'))).toEqual([expect.stringMatching(/Z_plant_fan-3_mic-1.*\.wav$/)]);
  });

  it('remembers an alarm over kill -9', async () => {
    const config = write('killed.json', configWith({ stateFile: 'killed-state.json' }));
    const first = start(config, '--json');
    first.child.stdin!.write(sound.faulty);
    const isSaved = () =>
      existsSync(at('killed-state.json')) &&
      /"active": ?true/.test(readFileSync(at('killed-state.json'), 'utf8'));
    await first.until(() => alarmsOf(first).includes('active') && isSaved(), 'the alarm');
    first.child.kill('SIGKILL');
    expect(await first.ended).toBe('SIGKILL');
    const second = start(config, '--json');
    second.child.stdin!.end(Buffer.concat([sound.faulty, sound.normal]));
    expect(await second.ended).toBe(0);
    expect(second.stderr()).toMatch(/plant\/fan-3\/mic-1: last heard 20/);
    expect(alarmsOf(second)).toEqual(['inactive']); // it was active already
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s ends it with exit code 0 and the state saved',
    async (signal) => {
      const stateFile = `${signal}-state.json`;
      const monitor = start(write(`${signal}.json`, configWith({ stateFile })), '--json');
      monitor.child.stdin!.write(sound.normal);
      await monitor.until(() => scoresOf(monitor).length >= 5, 'five scores');
      monitor.child.kill(signal);
      expect([await monitor.ended, monitor.stderr()]).toEqual([
        0,
        expect.stringMatching(/stopping: what waits is scored/),
      ]);
      const last = monitor
        .events()
        .flatMap((event) => (event.kind === 'score' ? [event.endTime] : []))
        .at(-1);
      const { sensors } = JSON.parse(readFileSync(at(stateFile), 'utf8'));
      expect(sensors['plant/fan-3/mic-1'].lastTime).toBe(last);
    },
  );

  it('ends with exit code 0 also while a model is on its way', async () => {
    let isAsked = false;
    const server = createServer(() => {
      isAsked = true; // and never answers
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const monitor = start(
      write('slow.json', configWith({ models: { fan: `http://127.0.0.1:${port}/fan-model/` } })),
    );
    await monitor.until(() => isAsked, 'the download');
    monitor.child.kill('SIGTERM');
    expect([await monitor.ended, monitor.stderr()]).toEqual([0, expect.stringMatching(/^stopping/)]);
    server.closeAllConnections();
    server.close();
  });

  it('tells a broker of scores, events and state', async () => {
    const broker = await startBroker();
    if (broker.kind === 'aedes')
      process.stderr.write('Mosquitto is not installed: a broker in the process instead\n');
    const { client, messages } = await listenTo(broker.url);
    const on = (topic: string) => messages.filter((message) => message.topic === `machines/${topic}`);
    const mqtt = { url: broker.url, base: 'machines' };
    const monitor = start(write('mqtt.json', configWith({ sinks: { mqtt } })), '--json');
    try {
      await until(() => on('status').some(({ text }) => text === 'online'), 'online');
      monitor.child.stdin!.write(Buffer.concat([sound.normal, sound.faulty]));
      const isActive = () =>
        on('plant/fan-3/mic-1/state').some(({ text }) => JSON.parse(text).alarm === 'active');
      await until(isActive, 'the state of the alarm');
      const [event] = on('plant/fan-3/mic-1/event').map(({ text }) => JSON.parse(text));
      expect(event).toMatchObject({ kind: 'alarm', change: 'active' });
      expect(on('plant/fan-3/mic-1/score').length).toBeGreaterThan(4);
      monitor.child.kill('SIGTERM');
      expect(await monitor.ended).toBe(0);
      await until(() => on('status').at(-1)?.text === 'offline', 'offline');
    } finally {
      monitor.child.kill('SIGKILL');
      await client.endAsync(true);
      await broker.stop();
    }
  });

  (hasNatsServer ? it : it.skip)('tells NATS, and takes the answer of an operator', async () => {
    const server = await NatsServer.start();
    const connection = await connect({ servers: server.url });
    const nats = { servers: server.url, base: 'machines' };
    const monitor = start(write('nats.json', configWith({ sinks: { nats } })), '--json');
    try {
      monitor.child.stdin!.write(Buffer.concat([sound.normal, sound.faulty]));
      await monitor.until(() => alarmsOf(monitor).includes('active'), 'the alarm');
      await monitor.until(() => monitor.stderr().includes('connected'), 'the connection');
      const command = JSON.stringify({ action: 'acknowledge', comment: 'seen' });
      const ask = () => connection.publish('machines.plant.fan-3.mic-1.command', command);
      // A command that comes before the monitor listens to commands is lost, as every core message of NATS is.
      const asking = setInterval(ask, 500);
      await monitor
        .until(() => alarmsOf(monitor).includes('acknowledged'), 'the answer')
        .finally(() => clearInterval(asking));
      monitor.child.kill('SIGTERM');
      expect(await monitor.ended).toBe(0);
      const results = await jetstream(connection).consumers.get('machines-results', {
        filter_subjects: 'machines.plant.fan-3.mic-1.event',
      });
      const told: unknown[] = [];
      for await (const message of await results.fetch({ max_messages: 2 })) told.push(message.json());
      expect(told).toMatchObject([{ change: 'active' }, { change: 'acknowledged', isAcknowledged: true }]);
      const manager = await jetstreamManager(connection);
      const last = { last_by_subj: 'machines.plant.fan-3.mic-1.state' };
      const state = await manager.direct.getMessage('machines-states', last);
      expect(state!.json()).toMatchObject({ alarm: 'active', isAcknowledged: true });
    } finally {
      monitor.child.kill('SIGKILL');
      await connection.close();
      await server.stop();
    }
  });

  it('listens to a file without a configuration, and tells people in local time', async () => {
    const test = readdirSync(at('sounds', 'fan', 'test')).find((name) => name.startsWith('anomaly'))!;
    const args = [
      '--model',
      'fan-model',
      '--source',
      join('sounds', 'fan', 'test', test),
      '--window',
      '2',
      '--scores',
    ];
    const { code, stdout } = await runCli(['monitor', ...args], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d site\/machine\/mic score \S+ of \S+.*: ANOMALY$/m,
    );
    expect(stdout).toMatch(/ site\/machine\/mic ALARM active: machine: the sound is anomalous \(score /);
  });

  it('--dry-run says what would be done, or all that is wrong', async () => {
    const nats = { servers: ['nats://secret@one', 'nats://two'] };
    const sinks = { mqtt: { url: 'mqtt://me:secret@broker' }, nats, prometheus: null };
    write('good.json', configWith({ sinks, stateFile: 'state.json' }));
    const good = await runCli(['monitor', '--config', 'good.json', '--dry-run'], folder);
    expect([good.code, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toMatch(
      /^plant\/fan-3\/mic-1: machine \S+ by fan, mel-statistics; 4 s every 2 s; from standard input$/m,
    );
    expect(good.stdout).toMatch(
      /^MQTT mqtt:\/\/me:\*\*\*@broker\n {2}serial-oe\/plant\/fan-3\/mic-1\/state/m,
    );
    expect(good.stdout).toMatch(
      /^NATS nats:\/\/\*\*\*@one, nats:\/\/two\n {2}serial-oe\.plant\.fan-3\.mic-1\.state/m,
    );
    expect(good.stdout).not.toContain('secret');
    const sensors = [
      { ...SENSOR, machineId: '77', source: { command: 'no-such-program', sampleRate: 16000 } },
      { ...SENSOR, sensor: 'mic-2', source: { file: 'nowhere.wav' }, windowSeconds: 0.001 },
      { ...SENSOR, sensor: 'mic-3', model: 'other', source: STDIN },
    ];
    write('bad.json', configWith({ models: { fan: './fan-model', other: './nowhere' }, sensors }));
    const bad = await runCli(['monitor', '--config', 'bad.json', '--dry-run'], folder);
    expect([bad.code, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toMatch(/bad\.json: models\.other: .*nowhere/);
    expect(bad.stderr).toMatch(
      /bad\.json: sensors\[0\]\.source needs the program no-such-program, which is not installed/,
    );
    expect(bad.stderr).toMatch(
      /bad\.json: sensors\[0\]\.machineId must be one that the model fan knows \(\S+\), got 77/,
    );
    expect(bad.stderr).toMatch(
      /bad\.json: sensors\[1\]\.source\.file must be a recording that can be read, got .*nowhere\.wav/,
    );
    expect(bad.stderr).toMatch(/bad\.json: sensors\[1\]: .*windowSeconds must be at least one chunk/);
  });

  it.each([
    [
      ['--config', 'nowhere.yaml'],
      2,
      /--config must name a YAML or JSON file, got nowhere\.yaml: .*Check the path/,
    ],
    [[], 2, /--config FILE is needed, or --model MODEL and --source SOURCE/],
    [['--config', 'a.yaml', '--machine-id', '00'], 2, /--machine-id and --config cannot be given together/],
    [
      ['--model', 'fan-model', '--source', 'stdin', '--nats', 'broker'],
      1,
      /sinks\.nats\.servers must be an address such as nats:/,
    ],
    [
      ['--model', 'fan-model', '--source', 'stdin', '--mqtt', 'broker'],
      1,
      /sinks\.mqtt\.url must be an address such as mqtt:/,
    ],
  ])('%j is refused', async (args, code, message) => {
    const refused = await runCli(['monitor', ...args], folder);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringMatching(message)]);
  });

  it('a misspelt field is refused with the nearest name', async () => {
    write('misspelt.json', configWith({ hopSecond: 1 }));
    const { code, stderr } = await runCli(['monitor', '--config', 'misspelt.json'], folder);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^misspelt\.json:1: hopSecond is unknown\. Did you mean hopSeconds\?$/m),
    ]);
  });
});
