import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { hasNatsServer, NatsServer } from '../../monitor/test/support/nats-server';
import { runCli } from './support/run-cli';

(hasNatsServer ? describe : describe.skip)('serial-oe fleet simulate', () => {
  let folder: string;
  let server: NatsServer;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-fleet-'));
    server = await NatsServer.start();
    const synth = ['--types', 'fan', '--ids', '1', '--train', '12', '--test', '2', '--seconds', '2'];
    expect((await runCli(['synth', '--out', 'sounds', ...synth], folder)).code).toBe(0);
    const train = ['--data', 'sounds', '--machine-type', 'fan', '--system', 'mel-statistics'];
    expect((await runCli(['train', ...train, '--out', 'fan-model'], folder)).code).toBe(0);
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  it('scores every window of its sensors, measures it, and leaves nothing on the server', async () => {
    const command = ['fleet', 'simulate', '--server', server.url, '--model', 'fan-model', '--json'];
    const length = ['--sensors', '4', '--seconds', '5', '--window', '2', '--hop', '1'];
    const { code, stdout, stderr } = await runCli([...command, ...length], folder);
    expect([code, stderr]).toEqual([0, expect.anything()]);
    const { latency, ...result } = JSON.parse(stdout);
    expect(result).toMatchObject({ nSensors: 4, nWindows: 16, nScored: 16, nMissing: 0, nPiecesDropped: 0 });
    expect(result.windowsPerSecond).toBeCloseTo(16 / 5);
    expect(latency.p50).toBeGreaterThan(0);
    expect(latency.p50).toBeLessThanOrEqual(latency.p95);
    expect(latency.p95).toBeLessThanOrEqual(latency.p99);
    expect(result.load).toBeGreaterThan(0);
    expect(result.cpuSecondsPerWindow).toBeCloseTo(result.cpuSeconds / 16);
    expect(result.sensorsPerProcessor).toBe(Math.floor((0.8 * 1) / result.cpuSecondsPerWindow));
    const connection = await connect({ servers: server.url });
    const streams = await (await jetstreamManager(connection)).streams.list().next();
    expect(streams).toEqual([]);
    await connection.close();
  });

  it('finds how many it carries, and stops at the first number that it does not', async () => {
    const command = ['fleet', 'simulate', '--server', server.url, '--model', 'fan-model', '--window', '2'];
    const curve = ['--seconds', '3', '--curve', '1,2', '--hop'];
    const { code, stdout } = await runCli([...command, ...curve, '1'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sensors {2}windows\/s {2}processor +p50 +p95 +p99 {2}missing +memory$/m);
    expect(stdout).toMatch(/^ +1 +0\.67 +\d+ % +\d+ ms +\d+ ms +\d+ ms +0 +\d+ MiB$/m);
    expect(stdout).toMatch(/^carried {5}[12] sensors: |^none of these numbers/m);
    expect(stdout).toMatch(/^estimate {4}about \d+ sensors a processor /m);
    const tight = await runCli([...command, '--json', ...curve, '0.01'], folder); // a hop that nobody keeps up with
    expect(JSON.parse(tight.stdout)).toHaveLength(1);
    const wrong = await runCli([...command, '--curve', '4,2'], folder);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/--curve must be rising whole numbers/),
    ]);
  });

  it('says where no server answers', async () => {
    const { code, stderr } = await runCli(
      ['fleet', 'simulate', '--server', 'nats://127.0.0.1:1', '--model', 'fan-model'],
      folder,
    );
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/refused/i);
  });
});
