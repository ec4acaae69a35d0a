import { spawn } from 'node:child_process';

const TIMEOUT_MS = 600_000;
/** What installers, compilers, bundlers and runtimes call a warning; "0 warnings" is none. */
export const ANY_WARNING = /\bwarn(?:ing)?s?\b|deprecat|\(!\)/i;

/** What npm itself warns of. */
export const NPM_WARNING = /\bnpm warn/i;

/** A command that failed, or that warned; the message holds what it wrote. */
export class ComplaintError extends Error {
  constructor(what, output) {
    super(`${what}\n${output.trim()}`);
    this.name = 'ComplaintError';
  }
}

/**
 * Runs a program without a shell and resolves with what it wrote to stdout.
 * @throws ComplaintError for another exit code than 0, for every line that looks like a `warning`, and for anything on
 * stderr where it has to be silent there (`isSilent`)
 */
export async function runQuietly(program, args, { cwd, env = {}, isSilent = false, warning = ANY_WARNING }) {
  const { stdout, stderr, exitCode } = await collect(program, args, { cwd, env: { ...process.env, ...env } });
  const all = `${stdout}${stderr}`;
  const command = [program.split(/[\\/]/).at(-1), ...args].join(' ');
  if (exitCode !== 0) throw new ComplaintError(`"${command}" ended with ${exitCode}:`, all);
  const warnings = all.split('\n').filter((line) => warning.test(line.replaceAll(/\b0 warnings/g, '')));
  if (warnings.length > 0) throw new ComplaintError(`"${command}" warned:`, all);
  if (isSilent && stderr.trim() !== '') throw new ComplaintError(`"${command}" wrote to stderr:`, stderr);
  return stdout;
}

function collect(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      timeout: TIMEOUT_MS,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        output[name] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ ...output, exitCode: code ?? signal }));
  });
}
