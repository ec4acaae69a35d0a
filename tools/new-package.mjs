// `npm run new-package NAME`: a package in the shape that all have, which builds and passes its tests. All of it or nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageFiles } from './new-package/package-files.mjs';
import { ROOT, runAsMain } from './workspace/run-command.mjs';

const HELP = `npm run new-package NAME     a package in packages/NAME, with its install-smoke file and its changeset

NAME is kebab-case, without the scope: "alarm-sinks" is @serial-oe/alarm-sinks.`;
const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const USAGE_EXIT_CODE = 2;

await runAsMain((args) => {
  const { values, positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const [name, ...rest] = positionals;
  const refusal = rest.length > 0 ? `takes one name, got ${positionals.join(' ')}` : reasonToRefuse(name);
  if (refusal) {
    console.error(`new-package: ${refusal}.\n\n${HELP}`);
    return USAGE_EXIT_CODE;
  }
  makePackage(name);
  console.log(nextSteps(name));
  return 0;
});

function reasonToRefuse(name) {
  if (name === undefined) return 'NAME must be given, got none';
  if (!NAME.test(name)) return `NAME must be kebab-case, got "${name}"`;
  if (name === 'tooling')
    return 'NAME must be a new one, got "tooling", which is a workspace of this repository';
  const taken = [`packages/${name}`, `tools/install-smoke/${name}.ts`, `.changeset/${name}.md`].find((path) =>
    existsSync(join(ROOT, path)),
  );
  return taken && `NAME must be a new one, got "${name}": ${taken} exists`;
}

/** Writes all files beside their places and then moves them there; what fails leaves nothing behind. */
function makePackage(name) {
  const folder = mkdtempSync(join(ROOT, '.new-package-'));
  const moved = [];
  try {
    const files = packageFiles(name, { licence: readFileSync(join(ROOT, 'LICENSE'), 'utf8') });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    format(folder);
    const places = [...files.keys()].filter((path) => !path.startsWith('packages/'));
    for (const place of [`packages/${name}`, ...places]) {
      renameSync(join(folder, place), join(ROOT, place));
      moved.push(join(ROOT, place));
    }
  } catch (error) {
    for (const path of moved) rmSync(path, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The formatter knows where a line with the new name breaks. */
function format(folder) {
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = ['check', '--write', '--vcs-enabled=false', `--config-path=${ROOT}`, folder];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [biome, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0)
    throw new Error(`new-package: biome ${args.join(' ')} failed.\n${stdout}${stderr}`, { cause: error });
}

function nextSteps(name) {
  return `Made packages/${name}, tools/install-smoke/${name}.ts and .changeset/${name}.md.

Next:
  1. npm install --package-lock-only && npm install     the lockfile and node_modules get the workspace
  2. FLOORS in tools/test/imports.test.ts               the floor that it stands on
  3. tools/test/size-budgets.ts                         what it may weigh in a page
  4. README.md and docs/README.md                       a line in their tables of packages
  5. range.ts, its test, README, changeset              give way to what the package is for
Then npm test -- ${name} package-shape imports size-budget passes.`;
}
