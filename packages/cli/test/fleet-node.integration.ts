import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScoreEvent } from '@serial-oe/monitor';
import { hasNatsServer, NatsServer } from '../../monitor/test/support/nats-server';
import { runCli } from './support/run-cli';
import { type RunningMonitor, startListening } from './support/run-monitor';

(hasNatsServer ? describe : describe.skip)('serial-oe fleet node and publish', () => {
  let folder: string;
  let server: NatsServer;
  const nodes: RunningMonitor[] = [];
  const recording = () =>
    join('sounds', 'fan', 'test', readdirSync(join(folder, 'sounds', 'fan', 'test')).sort()[0]!);
  const publish = (...names: string[]) => {
    const to = ['--server', server.url, '--source', recording(), '--site', 'plant'];
    return runCli(['fleet', 'publish', ...to, '--asset', names[0]!, '--sensor', names[1]!], folder);
  };
  const startNode = async (...flags: string[]) => {
    const node = startListening(['fleet', 'node', '--config', 'fleet.json', '--json', ...flags], folder);
    nodes.push(node);
    await node.until(() => node.stderr().includes('partitions '), 'the start');
    return node;
  };
  const scoresOf = (...from: RunningMonitor[]) =>
    from.flatMap((node) => node.events()).filter((event): event is ScoreEvent => event.kind === 'score');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-fleet-node-'));
    server = await NatsServer.start();
    const synth = ['--types', 'fan', '--ids', '1', '--train', '12', '--test', '2', '--seconds', '4'];
    expect((await runCli(['synth', '--out', 'sounds', ...synth], folder)).code).toBe(0);
    const train = ['--data', 'sounds', '--machine-type', 'fan', '--system', 'mel-statistics'];
    expect((await runCli(['train', ...train, '--out', 'fan-model'], folder)).code).toBe(0);
    const config = {
      nats: { servers: server.url, nPartitions: 4, ackWaitSeconds: 4 },
      models: { fan: './fan-model' },
      sensors: [{ site: 'plant', asset: 'fan-*', model: 'fan', hopSeconds: 2 }],
      windowSeconds: 4,
      sinks: { prometheus: { port: 0 } },
    };
    writeFileSync(join(folder, 'fleet.json'), JSON.stringify(config));
  });
  afterAll(async () => {
    for (const node of nodes) node.child.kill('SIGKILL');
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('two nodes share the sensors, tell the score of the file, and one that stops hands its sensors over', async () => {
    const [first, second] = [await startNode(), await startNode()];
    const sent = await publish('fan-1', 'mic-1');
    expect([sent.code, sent.stderr]).toEqual([0, expect.stringMatching(/4 pieces sent, 0 dropped/)]);
    await Promise.all(['mic-2', 'mic-3', 'mic-4', 'mic-5'].map((sensor) => publish('fan-1', sensor)));
    await first.until(() => scoresOf(first, second).length === 5, 'five scores');
    const { stdout } = await runCli(['score', '--model', 'fan-model', '--json', recording()], folder);
    const [{ anomalyScore, threshold }] = JSON.parse(stdout);
    for (const event of scoresOf(first, second)) {
      expect(event.anomalyScore).toBeCloseTo(anomalyScore, 3); // samples have travelled with 16 bits
      expect(event.threshold).toBeCloseTo(threshold, 9);
      expect(event.name).toMatchObject({ site: 'plant', asset: 'fan-1' });
    }
    const [, url = ''] = /metrics: (\S+)/.exec(first.stderr())!;
    const metrics = await (await fetch(url)).text();
    expect(metrics).toMatch(/^serialoe_fleet_partitions 2$/m);
    const told = [...metrics.matchAll(/^serialoe_windows_total\{.*\} (\d)$/gm)].map(([, n]) => Number(n));
    expect(told.reduce((sum, n) => sum + n, 0)).toBe(scoresOf(first).length);
    if (told.length > 0)
      expect(metrics).toMatch(/^serialoe_window_lag_seconds_count\{.*site="plant".*\} 1$/m);
    first.child.kill('SIGTERM');
    expect([await first.ended, first.stderr()]).toEqual([
      0,
      expect.stringMatching(/stopping: the sensors are handed over/),
    ]);
    await Promise.all(
      ['mic-1', 'mic-2', 'mic-3', 'mic-4', 'mic-5'].map((sensor) => publish('fan-1', sensor)),
    );
    await second.until(() => scoresOf(first, second).length === 10, 'ten scores');
    await publish('pump-1', 'mic-1');
    const isTold = () => second.stderr().includes('plant/pump-1/mic-1: no rule of sensors fits');
    await second.until(isTold, 'the word about a sensor that no rule fits');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
  });

  it.each([
    [['node'], 2, /--config FILE is needed, or --server URL and --model MODEL/],
    [['node', '--config', 'fleet.json', '--model', 'x'], 2, /--model and --config cannot be given together/],
    [
      ['node', '--config', 'wrong.json'],
      1,
      /^error: .*wrong\.json: sensors\[0\]\.machineId must be one that/m,
    ],
    [
      ['node', '--config', 'misspelt.json'],
      1,
      /misspelt\.json:1: sensors\[0\]\.modle is unknown\. There are site, asset, /,
    ],
    [['publish', '--server', 'nats://localhost', '--source', 'nowhere.wav'], 2, /--asset is needed/],
    [
      ['publish', '--server', 'nats://x', '--source', 'nowhere.wav', '--asset', 'a', '--sensor', 's'],
      2,
      /fleet publish\.source\.file must be a recording that can be read, got nowhere\.wav/,
    ],
  ])('%j is refused', async (args, code, message) => {
    const config = { nats: { servers: 'nats://localhost' }, models: { fan: './fan-model' } };
    const write = (name: string, sensor: object) =>
      writeFileSync(join(folder, name), JSON.stringify({ ...config, sensors: [sensor] }));
    write('wrong.json', { machineId: '77', model: 'fan' });
    write('misspelt.json', { modle: 'fan' });
    const refused = await runCli(['fleet', ...args], folder);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringMatching(message)]);
  });
});
