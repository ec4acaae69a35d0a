import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Plays a file; what it is given is stopped by `stop`. */
export interface Player {
  /** As it is called. */
  name: string;
  /** Starts; a recording that still plays is stopped. Resolves to why it could not be played, or null, once it has ended. */
  play(path: string): Promise<string | null>;
  stop(): void;
}

/** Players that play a WAV file and end, the usual ones of Linux, macOS and of FFmpeg and SoX. */
const PLAYERS: readonly (readonly string[])[] = [
  ['aplay', '-q'],
  ['paplay'],
  ['afplay'],
  ['ffplay', '-nodisp', '-autoexit', '-loglevel', 'error'],
  ['play', '-q'],
];

/**
 * The player that was asked for (a command, to which the file is added), or the first that is installed.
 * @returns null where there is none, or none is wanted (`none`)
 */
export function findPlayer(asked: string | undefined, path = process.env.PATH ?? ''): Player | null {
  if (asked === 'none') return null;
  if (asked !== undefined) return playerOf(asked.split(/\s+/).filter((word) => word !== ''));
  const found = PLAYERS.find(([name]) => isInstalled(name!, path));
  return found === undefined ? null : playerOf(found);
}

/** Those that are looked for, in words. */
export const PLAYER_NAMES = PLAYERS.map(([name]) => name).join(', ');

function isInstalled(name: string, path: string): boolean {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, process.platform === 'win32' ? `${name}.exe` : name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function playerOf([name = '', ...args]: readonly string[]): Player {
  let stop = () => {};
  return {
    name,
    play(path) {
      stop();
      const child = spawn(name, [...args, path], { stdio: ['ignore', 'ignore', 'pipe'] });
      let isStopped = false;
      let told = '';
      child.stderr.on('data', (chunk) => {
        told += chunk;
      });
      stop = () => {
        isStopped = true;
        child.kill();
      };
      return new Promise((resolve) => {
        child.on('error', (error) => resolve(`${name}: ${error.message}`));
        child.on('close', (code) =>
          resolve(
            code === 0 || isStopped ? null : `${name}: ${told.trim().split('\n')[0] || `exit code ${code}`}`,
          ),
        );
      });
    },
    stop: () => stop(),
  };
}
