// An experiment over two workers and one queue, of which one worker is killed on the way; then the same on one machine.
// npm start -w examples/two-machines-one-queue            (a Redis at REDIS_URL, or redis-server, which it starts; else shares without a server)
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeMachineSounds } from '@serial-oe/datasets/node';

const COMMAND = fileURLToPath(
  new URL('bin/serial-oe.js', import.meta.resolve('@serial-oe/cli/package.json')),
);
const SYSTEMS = ['mel-statistics', 'twfr-gmm', 'level'];

const folder = mkdtempSync(join(tmpdir(), 'serial-oe-two-machines-'));
const sounds = join(folder, 'sounds'); // a folder that every machine sees at the same path
const running = new Set<ChildProcess>();

function start(command: string, args: string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  child.stdout.resume(); // a pipe that nobody reads fills up
  return child;
}
const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve));
const says = (child: ChildProcess, text: string) =>
  new Promise<void>((resolve) => {
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (part) => {
        said += part;
        if (said.includes(text)) resolve();
      });
    }
  });

/** The experiment's table on standard output; what it says beside goes nowhere. */
async function experiment(out: string, ...flags: string[]): Promise<void> {
  const args = ['experiment', 'compare', '--data', sounds, '--types', 'fan', '--seeds', '3', '--out', out];
  const child = start(process.execPath, [COMMAND, ...args, '--systems', SYSTEMS.join(','), ...flags]);
  let problem = '';
  child.stderr?.on('data', (part) => {
    problem += part;
  });
  if ((await ended(child)) !== 0) throw new Error(problem);
}

/** Its address, or undefined where there is none and none can be started. */
async function findServer(): Promise<string | undefined> {
  if (process.env.REDIS_URL) return process.env.REDIS_URL;
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined;
  const port = await new Promise<number>((resolve) => {
    const probe = createServer().listen(0, () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  await says(start('redis-server', settings), 'Ready to accept connections');
  return `redis://127.0.0.1:${port}`;
}

async function withWorkers(queue: string): Promise<void> {
  const worker = async (name: string) => {
    const child = start(process.execPath, [
      COMMAND,
      'worker',
      '--queue',
      queue,
      '--queue-name',
      folder.slice(-6),
    ]);
    await says(child, 'waiting for trainings');
    console.log(`${name} waits for trainings`);
    return child;
  };
  const [first, second] = [await worker('machine 1'), await worker('machine 2')];
  const begun = says(first, 'begins').then(() => {
    first.kill('SIGKILL');
    console.log('machine 1 is gone in the middle of a training; machine 2 takes it over');
  });
  await Promise.all([
    begun,
    experiment(join(folder, 'two'), '--queue', queue, '--queue-name', folder.slice(-6)),
  ]);
  second.kill('SIGTERM');
  await ended(second);
}

try {
  const shape = { nIds: 2, nTrain: 12, nTest: 12, durationSeconds: 3 };
  await writeMachineSounds(sounds, { machineTypes: ['fan', 'valve'], ...shape });
  const queue = await findServer();
  if (queue !== undefined) await withWorkers(queue);
  else {
    console.log('no Redis here: two shares without a server, as in a job array');
    for (const shard of ['0/2', '1/2']) await experiment(join(folder, 'two'), '--shard', shard);
  }
  await experiment(join(folder, 'one'));
  const figures = (out: string) => readFileSync(join(folder, out, 'compare/results.csv'), 'utf8');
  console.log(
    figures('two')
      .split('\n')
      .filter((row) => /,(type|scope),/.test(row))
      .join('\n'),
  );
  console.log(
    figures('two') === figures('one')
      ? 'every figure is that of one machine'
      : 'the figures differ from those of one machine',
  );
} finally {
  for (const child of running) child.kill('SIGKILL');
  await Promise.all([...running].map(ended));
  rmSync(folder, { recursive: true, maxRetries: 5 });
}
