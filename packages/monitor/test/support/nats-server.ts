import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { freePort } from './broker';

/** Debian puts it where only the superuser looks. */
const NATS_SERVER = ['nats-server', '/usr/sbin/nats-server'].find(
  (path) => spawnSync(path, ['--version']).status === 0,
);

export const hasNatsServer = NATS_SERVER !== undefined;
if (!hasNatsServer) {
  process.stderr.write('SKIPPED: no nats-server on this machine: what needs JetStream is not tested\n');
}

/** A server of a test's own, with JetStream in a folder of its own. */
export class NatsServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  #child: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.#port = port;
    this.#folder = folder;
    this.url = `nats://127.0.0.1:${port}`;
  }

  /** @param settings further lines of the server's configuration */
  static async start(settings = '', port?: number): Promise<NatsServer> {
    const own = port ?? (await freePort());
    const folder = mkdtempSync(join(tmpdir(), 'serial-oe-nats-'));
    const config = `listen: "127.0.0.1:${own}"\njetstream { store_dir: "${folder}/store" }\n${settings}\n`;
    writeFileSync(join(folder, 'nats.conf'), config);
    const server = new NatsServer(own, folder);
    await server.startAgain();
    return server;
  }

  async startAgain(): Promise<void> {
    this.#child = spawn(NATS_SERVER!, ['-c', join(this.#folder, 'nats.conf')], { stdio: 'ignore' });
    for (let i = 0; ; i++) {
      try {
        const connection = await connect({ servers: `127.0.0.1:${this.#port}`, reconnect: false });
        return await connection.close();
      } catch (error) {
        if (i === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child!;
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    await closed;
  }

  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    rmSync(this.#folder, { recursive: true });
  }
}
