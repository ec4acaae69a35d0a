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
    const connection = await connect({ servers: server.url });
    const streams = await (await jetstreamManager(connection)).streams.list().next();
    expect(streams).toEqual([]);
    await connection.close();
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
