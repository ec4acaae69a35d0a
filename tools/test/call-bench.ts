import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './repository';

interface Outcome {
  value?: unknown;
  error?: string;
}

/** The modules under test are ES modules, which jest's CommonJS cannot load: call them in a process of its own. */
export function callEach(module: string, name: string, calls: readonly unknown[][]): Outcome[] {
  const url = pathToFileURL(join(ROOT, 'bench', 'lib', `${module}.mjs`)).href;
  const code = `
    import { ${name} } from '${url}';
    const outcomes = JSON.parse(process.argv[1]).map((args) => {
      try { return { value: ${name}(...args) }; } catch (error) { return { error: error.message }; }
    });
    console.log(JSON.stringify(outcomes));`;
  const args = ['--input-type=module', '--eval', code, JSON.stringify(calls)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Outcome[];
}

export function call(module: string, name: string, ...args: unknown[]): unknown {
  const [outcome] = callEach(module, name, [args]);
  if (outcome?.error !== undefined) throw new Error(outcome.error);
  return outcome?.value;
}
