import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';

export interface Broker {
  kind: 'mosquitto' | 'aedes';
  url: string;
  stop(): Promise<void>;
}

/** Debian puts it where only the superuser looks. */
const MOSQUITTO = ['mosquitto', '/usr/sbin/mosquitto'].find(
  (path) => spawnSync(path, ['-h']).error === undefined,
);

/** A Mosquitto of its own where there is one; else a broker in this process. */
export async function startBroker(port?: number): Promise<Broker> {
  const own = port ?? (await freePort());
  return MOSQUITTO === undefined ? startAedes(own) : startMosquitto(MOSQUITTO, own);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** All messages under a topic from now on, retained ones first. */
export async function listenTo(
  url: string,
  topic = '#',
): Promise<{ client: MqttClient; messages: Message[] }> {
  const client = await connectAsync(url);
  const messages: Message[] = [];
  client.on('message', (topic, payload, { retain, qos }) => {
    messages.push({ topic, text: payload.toString(), retain, qos });
  });
  await client.subscribeAsync(topic, { qos: 1 });
  return { client, messages };
}

export interface Message {
  topic: string;
  text: string;
  retain: boolean;
  qos: number;
}

/** Waits for something to become true, ten seconds at most. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} has not come`);
}

async function startMosquitto(path: string, port: number): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-mosquitto-'));
  writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const child = spawn(path, ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const url = `mqtt://127.0.0.1:${port}`;
  await answering(url);
  return {
    ...{ kind: 'mosquitto', url },
    stop: async () => {
      child.kill();
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Waits until a broker answers. */
async function answering(url: string): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      const client = await connectAsync(url, { reconnectPeriod: 0 });
      return await client.endAsync();
    } catch (error) {
      if (i === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** A way to a broker that can be cut, without a word to either side. */
export async function cuttableWay(url: string): Promise<{ url: string; cut(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(Number(new URL(url).port), '127.0.0.1');
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => {});
    }
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `mqtt://127.0.0.1:${port}`,
    cut: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function startAedes(port: number): Promise<Broker> {
  const broker = await Aedes.createBroker();
  const server: Server = createServer(broker.handle);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    ...{ kind: 'aedes', url: `mqtt://127.0.0.1:${port}` },
    stop: async () => {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
