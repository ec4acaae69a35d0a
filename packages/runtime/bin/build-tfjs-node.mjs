#!/usr/bin/env node
// Makes @tensorflow/tfjs-node usable where its download host (storage.googleapis.com) is blocked: compiles its binding
// against the TensorFlow C library in PyPI's tensorflow-cpu wheel. Needs npm and PyPI (or a wheel at hand), python3
// and g++; Linux.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const TFJS_NODE = '@tensorflow/tfjs-node@4.22.0';
/** The first with libtensorflow_cc.so.2, nearest to the 2.9 that tfjs-node is made for; its tags, whatever Python is here. */
const WHEEL = 'tensorflow-cpu==2.12.0';
const WHEEL_TAGS = ['--python-version', '3.11', '--platform', 'manylinux2014_x86_64'];
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** What the binding includes, by where TensorFlow 2.12 to 2.20 keep it. */
const HEADER_FOLDERS = ['tensorflow/c', 'tensorflow/core/platform', 'tensorflow/tsl', 'tsl', 'xla/tsl'];

const USAGE = `Usage: serial-oe-build-tfjs-node FOLDER [--wheel FILE]

Installs ${TFJS_NODE} in FOLDER without its download, and compiles its binding against the TensorFlow C library
of ${WHEEL} from PyPI. FOLDER is made where it is not there; one that holds tfjs-node already gets its binding.

  --wheel FILE   a tensorflow-cpu wheel for Linux fetched before, instead of a download by pip
`;

class BuildError extends Error {}

function main() {
  const { folder, wheel } = readArguments();
  checkMachine();
  const packageFolder = installPackage(folder);
  const scratch = mkdtempSync(join(tmpdir(), 'tfjs-node-'));
  try {
    const deps = join(packageFolder, 'deps');
    unpack(wheel ?? downloadWheel(scratch), deps);
    compile(packageFolder, deps, nodeHeaders(scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  verify(folder);
  say(`\ntfjs-node is ready. Tell serial-oe where it is:\n  export SERIAL_OE_TFJS_NODE=${folder}`);
}

function readArguments() {
  let parsed;
  try {
    const options = { wheel: { type: 'string' }, help: { type: 'boolean', short: 'h' } };
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new BuildError(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  if (positionals.length !== 1)
    throw new BuildError(`one FOLDER is needed, got ${positionals.length}.\n\n${USAGE}`);
  const wheel = values.wheel && resolve(values.wheel);
  if (wheel && !existsSync(wheel))
    throw new BuildError(`--wheel must name a file, got ${wheel}, which is not there.`);
  return { folder: resolve(positionals[0]), wheel };
}

function checkMachine() {
  if (process.platform !== 'linux') {
    throw new BuildError(
      `this recipe is for Linux, got ${process.platform}. Elsewhere: npm install ${TFJS_NODE}`,
    );
  }
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 23) {
    throw new BuildError(
      `tfjs-node 4.22 runs on Node 22 at most, got ${process.version}. Run "nvm install 22".`,
    );
  }
  need('g++', ['--version'], 'install it, on Debian and Ubuntu by "apt install g++"');
  need('python3', ['--version'], 'install it, on Debian and Ubuntu by "apt install python3"');
}

function need(command, args, mend) {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
  } catch {
    throw new BuildError(`${command} must be there, and is not: ${mend}.`);
  }
}

/** The folder of tfjs-node, installed without its install step, which would download. */
function installPackage(folder) {
  mkdirSync(folder, { recursive: true });
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  const packageFolder = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  if (!existsSync(packageFolder)) {
    run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', TFJS_NODE], { cwd: folder });
  }
  return packageFolder;
}

function downloadWheel(scratch) {
  const mend =
    `Fetch it where PyPI can be reached, by "pip download ${WHEEL} --no-deps --only-binary=:all: ${WHEEL_TAGS.join(' ')}", ` +
    'and give it by --wheel FILE.';
  if (process.arch !== 'x64')
    throw new BuildError(`${WHEEL} is for x64, got ${process.arch}. Give a wheel by --wheel FILE.`);
  need('python3', ['-m', 'pip', '--version'], `pip for python3 ("apt install python3-pip"). Or: ${mend}`);
  const args = ['download', WHEEL, '--no-deps', '--only-binary=:all:', ...WHEEL_TAGS, '--dest', scratch];
  run('python3', ['-m', 'pip', ...args], { mend });
  return join(
    scratch,
    readdirSync(scratch).find((name) => name.endsWith('.whl')),
  );
}

/** Takes the C library and its headers out of the wheel: deps/lib and deps/include, where tfjs-node looks for them. */
function unpack(wheel, deps) {
  say(`unpacking ${wheel}`);
  rmSync(deps, { recursive: true, force: true });
  const script = `
import os, shutil, sys, zipfile
wheel, deps, libraries, headers = sys.argv[1], sys.argv[2], sys.argv[3].split(), sys.argv[4].split()
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        inside = name[len('tensorflow/include/'):] if name.startswith('tensorflow/include/') else ''
        if name.startswith('tensorflow/lib') and name[len('tensorflow/'):] in libraries:
            target = os.path.join(deps, 'lib', name[len('tensorflow/'):])
        elif name.endswith('.h') and any(inside.startswith(folder + '/') for folder in headers):
            target = os.path.join(deps, 'include', inside)
        else:
            continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, 'wb') as out:
            shutil.copyfileobj(source, out)
`;
  const mend = 'Is it a tensorflow-cpu wheel for Linux, and is there 1 GB of disk space?';
  run('python3', ['-c', script, wheel, deps, LIBRARIES.join(' '), HEADER_FOLDERS.join(' ')], { mend });
  const files = [...LIBRARIES.map((name) => `lib/${name}`), 'include/tensorflow/c/eager/c_api.h'];
  const missing = files.filter((file) => !existsSync(join(deps, file)));
  if (missing.length > 0) {
    throw new BuildError(
      `${wheel} must hold TensorFlow's C library, but lacks ${missing.join(', ')}. ${WHEEL} is known to work.`,
    );
  }
}

/** The folder of node_api.h: beside this Node, or from npm. The binding needs no other header of Node. */
function nodeHeaders(scratch) {
  const own = join(dirname(process.execPath), '..', 'include', 'node');
  if (existsSync(join(own, 'node_api.h'))) return own;
  run('npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefix',
    scratch,
    'node-api-headers@1',
  ]);
  return join(scratch, 'node_modules', 'node-api-headers', 'include');
}

/** As binding.gyp compiles it, to where @mapbox/node-pre-gyp finds it. */
function compile(packageFolder, deps, headers) {
  const { binary } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const version = Math.max(...binary.napi_versions.filter((each) => each <= Number(process.versions.napi)));
  const out = join(packageFolder, 'lib', `napi-v${version}`);
  mkdirSync(out, { recursive: true });
  say('compiling the binding');
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(packageFolder, 'binding', name));
  const flags = [
    '-std=c++17',
    '-O2',
    '-fPIC',
    '-shared',
    `-DNAPI_VERSION=${version}`,
    '-DBUILDING_NODE_EXTENSION',
  ];
  const libraries = [
    `-L${join(deps, 'lib')}`,
    ...LIBRARIES.map((name) => `-l:${name}`),
    '-Wl,-rpath,$ORIGIN/../../deps/lib',
  ];
  const target = join(out, 'tfjs_binding.node');
  run('g++', [
    ...flags,
    `-I${headers}`,
    `-I${join(deps, 'include')}`,
    ...sources,
    ...libraries,
    '-o',
    target,
  ]);
}

/** Loads it in a fresh process and multiplies two matrices. */
function verify(folder) {
  const script = `
const tf = require('@tensorflow/tfjs-node');
const product = Array.from(tf.matMul([[1, 2], [3, 4]], [[5, 6], [7, 8]]).dataSync());
console.log(JSON.stringify({ product, backend: tf.getBackend(), version: tf.backend().binding.TF_Version }));
`;
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1' };
  let output;
  try {
    const options = { cwd: folder, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] };
    output = JSON.parse(execFileSync(process.execPath, ['-e', script], options));
  } catch (error) {
    throw new BuildError(`the binding was compiled but does not load: ${error.message}`);
  }
  if (output.backend !== 'tensorflow' || String(output.product) !== '19,22,43,50') {
    throw new BuildError(
      `a product of two matrices must be 19,22,43,50 on tensorflow, got ${JSON.stringify(output)}.`,
    );
  }
  say(`verified: TensorFlow ${output.version} multiplies matrices`);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a command, its output shown. */
function run(command, args, { cwd, mend = '' } = {}) {
  try {
    execFileSync(command, args, { cwd, stdio: 'inherit' });
  } catch (error) {
    const what = [command, ...args.slice(0, 3)].join(' ').split('\n')[0];
    throw new BuildError(`"${what} ..." failed (${error.status ?? error.code}). ${mend}`);
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
