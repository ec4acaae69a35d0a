// Makes one of the empty projects, installs into it from the registry, and runs it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCommand, ROOT } from '../workspace/run-command.mjs';
import { checkLines, SkippedError } from './apps.mjs';
import { NPM_WARNING, runQuietly } from './run-quietly.mjs';

/** Deno takes no version of the last 24 hours otherwise. */
const DENO_FLAGS = ['--minimum-dependency-age=0'];
const TOOL_VERSIONS = { bun: '1.4.5', deno: '2.9.6' };

/** @throws ComplaintError for anything that fails or warns, SkippedError for what this machine cannot check */
export async function tryApp(app, { folder, registry, env, version, isRebuilt }) {
  mkdirSync(folder, { recursive: true });
  const files = {
    'package.json': JSON.stringify({
      name: `try-${app.name}`,
      private: true,
      ...(app.name === 'cjs' ? {} : { type: 'module' }),
    }),
    '.npmrc': `registry=${registry.url}\n`,
    ...app.files,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const tool = app.tool && (await installTool(app.tool));
  const run = (program, args, options = {}) => runQuietly(program, args, { cwd: folder, env, ...options });
  await install(app, { folder, tool, run, env, version });
  const lines = await app.run({
    ...{ folder, version, isRebuilt },
    node: (file, ...args) => run(process.execPath, [file, ...args], { isSilent: true }),
    bin: (name, command, ...args) => run(process.execPath, [binOf(folder, name, command), ...args]),
    tool: (...args) => run(tool, args),
    npx: (name, ...args) =>
      npmIn(folder, ['exec', '--yes', '--', name, ...args], { env, warning: NPM_WARNING }),
  });
  checkLines(lines);
}

async function install({ tool: kind, packages }, { folder, tool, run, env, version }) {
  if (packages.length === 0) return;
  if (kind === 'deno') await run(tool, ['add', ...DENO_FLAGS, ...packages.map((name) => `npm:${name}`)]);
  else if (tool) await run(tool, ['add', ...packages]);
  else await npmIn(folder, ['install', ...packages], { env });
  checkInstalled(folder, version);
}

/** `npm <args>` in a folder, without a warning. */
function npmIn(folder, args, { env = {}, warning } = {}) {
  const [program, prefix] = npmCommand();
  return runQuietly(program, [...prefix, ...args], { cwd: folder, env, warning });
}

/** Every package of ours that was installed is of the version just published, with its licence and its changes. */
function checkInstalled(folder, version) {
  const scope = join(folder, 'node_modules', '@serial-oe');
  for (const name of readdirSync(scope)) {
    const manifest = JSON.parse(readFileSync(join(scope, name, 'package.json'), 'utf8'));
    if (manifest.version !== version)
      throw new Error(`${manifest.name} must be ${version}, got ${manifest.version}.`);
    const missing = ['LICENSE', 'README.md', 'CHANGELOG.md'].filter(
      (file) => !existsSync(join(scope, name, file)),
    );
    if (missing.length > 0) throw new Error(`${manifest.name} was published without ${missing.join(', ')}.`);
  }
}

function binOf(folder, name, command) {
  const home = join(folder, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return join(home, typeof bin === 'string' ? bin : bin[command]);
}

/** Bun and Deno are npm packages that bring their program along; where none is for this machine, the app is skipped. */
async function installTool(name) {
  const version = TOOL_VERSIONS[name];
  const folder = join(ROOT, 'node_modules', '.cache', `${name}-${version}`);
  const program = join(folder, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);
  try {
    if (!existsSync(program)) {
      console.log(`Installing ${name} ${version} ...`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ private: true, allowScripts: { [name]: true } }),
      );
      await npmIn(folder, ['install', '--no-audit', '--no-fund', `${name}@${version}`]);
    }
    await runQuietly(program, ['--version'], { cwd: folder });
    return program;
  } catch (error) {
    throw new SkippedError(
      `${name} ${version} cannot be installed here: ${error.message.split('\n').slice(0, 3).join(' ')}`,
    );
  }
}
