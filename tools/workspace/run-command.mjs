// Starts child processes the same way on every platform. Plain Node, because it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const USAGE_EXIT_CODE = 2;

/** A child process that ended with another exit code than 0. */
export class CommandError extends Error {
  constructor(label, exitCode, output = '') {
    super(`"${label}" failed with exit code ${exitCode}.${output && `\n${output}`}`);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/**
 * Runs `node <args>` and resolves with its exit code (128 + signal number when a signal ended it). The child shares the terminal.
 * On Ctrl-C this process waits for the child, which gets the same signal from the terminal and may still want to save.
 */
export async function runNode(args, options = {}) {
  const { exitCode } = await spawnAndWait(process.execPath, args, { stdio: 'inherit', ...options });
  return exitCode;
}

/** Runs `npm <args>`; resolves with what it wrote to stdout, rejects with a {@link CommandError} that holds all it wrote. */
export async function npm(args, options = {}) {
  const [command, prefix] = npmCommand();
  const result = await spawnAndWait(command, [...prefix, ...args], { stdio: 'pipe', ...options });
  if (result.exitCode !== 0) {
    throw new CommandError(
      `npm ${args.join(' ')}`,
      result.exitCode,
      `${result.stdout}${result.stderr}`.trim(),
    );
  }
  return result.stdout;
}

/** Runs the `main` of a script and ends the process with the exit code that it returns, or with the one of the command that failed. */
export async function runAsMain(main) {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const isUsage = String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(error instanceof CommandError || isUsage ? error.message : error);
    process.exitCode = error instanceof CommandError ? error.exitCode : isUsage ? USAGE_EXIT_CODE : 1;
  }
}

function spawnAndWait(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, windowsHide: true, ...options });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name]?.setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    const waitForChild = () => {};
    process.on('SIGINT', waitForChild);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', waitForChild);
      resolve({ exitCode: code ?? 128 + (constants.signals[signal] ?? 1), ...output });
    });
  });
}

/** npm as a script for this Node, so that no shell is needed (on Windows npm itself is a batch file). */
export function npmCommand() {
  const besideNode = dirname(process.execPath);
  const script = [
    process.env.npm_execpath?.endsWith('npm-cli.js') && process.env.npm_execpath,
    join(besideNode, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(besideNode, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((path) => path && existsSync(path));
  return script ? [process.execPath, [script]] : ['npm', []];
}
