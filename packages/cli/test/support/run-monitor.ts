import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { MonitorEvent } from '@serial-oe/monitor';

const CLI = join(__dirname, '../../dist/cli.js');

/** A `serial-oe monitor` that runs. */
export interface RunningMonitor {
  child: ChildProcess;
  stderr(): string;
  /** The events so far, of a run with --json. */
  events(): MonitorEvent[];
  /** Waits for something to be told, a minute at most. */
  until(isTrue: () => boolean, what: string): Promise<void>;
  /** Exit code, or the signal that ended it. */
  ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts `serial-oe monitor` in a folder; its standard input stays open. */
export function startMonitor(
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = {},
): RunningMonitor {
  return startListening(['monitor', ...args], folder, env);
}

/** Starts a command that tells events. */
export function startListening(
  args: readonly string[],
  folder: string,
  env: NodeJS.ProcessEnv = {},
): RunningMonitor {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
  });
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (chunk) => {
      told[name] += chunk;
    });
  }
  child.stdin.on('error', () => {}); // it may be gone before all is written
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal)),
  );
  const lines = () =>
    told.stdout
      .slice(0, told.stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '');
  return {
    child,
    ended,
    stderr: () => told.stderr,
    events: () => lines().map((line) => JSON.parse(line) as MonitorEvent),
    async until(isTrue, what) {
      for (let i = 0; i < 3000; i++) {
        if (isTrue()) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`${what} has not come: ${told.stderr}`);
    },
  };
}
