import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** What tells a process from every other one, also from a later one of the same number. */
export interface ProcessIdentity {
  pid: number;
  host: string;
  /** When it started, as the system counts; null where the system does not say. */
  start: string | null;
  /** Within which process numbers are unique on that host: the running kernel and container; null where unknown. */
  space: string | null;
}

export type Liveness = 'alive' | 'gone' | 'unknown';

let own: ProcessIdentity | null = null;

/** This process. */
export function ownIdentity(): ProcessIdentity {
  own ??= { pid: process.pid, host: hostname(), start: startOf(process.pid), space: ownSpace() };
  return own;
}

/** Whether a process still runs; unknown where it is of another machine or container. */
export function livenessOf({ pid, host, start, space }: ProcessIdentity): Liveness {
  const here = ownIdentity();
  if (host !== here.host) return 'unknown';
  if (space !== null && here.space !== null && space !== here.space) return 'unknown';
  if (!hasProcess(pid)) return 'gone';
  const startNow = startOf(pid);
  return start === null || startNow === null || start === startNow ? 'alive' : 'gone';
}

/** Whether a process of that number runs on this machine. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || startOnLinux(pid) !== 'gone';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string | null {
  if (process.platform === 'linux') return startOnLinux(pid);
  if (process.platform === 'win32') return null;
  try {
    const env = { ...process.env, LC_ALL: 'C' };
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env });
    return text.trim() || null;
  } catch {
    return null;
  }
}

/**
 * Field 22 of proc(5)'s stat, ticks since the boot; its fields follow the last parenthesis, since names may hold any. 'gone' for
 * a process that has ended and waits for its parent to notice.
 */
function startOnLinux(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'gone' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function ownSpace(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${pidNamespace()}`;
  } catch {
    return null;
  }
}

/** Processes of two containers have the same numbers; empty where the system has no such thing. */
export function pidNamespace(): string {
  try {
    return process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  } catch {
    return '';
  }
}
