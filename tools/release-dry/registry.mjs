// A registry on this machine: ours are published to it, third-party packages come through it from the one that npm is set to.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { npm, ROOT } from '../workspace/run-command.mjs';

/** The last that runs in Node 20. It comes with 300 packages, which nobody needs who does not release. */
const VERDACCIO = '6.8.0';
const INSTALLED = join(ROOT, 'node_modules', '.cache', `verdaccio-${VERDACCIO}`);
const START_TIMEOUT_MS = 60_000;

/** Starts the registry with its configuration, storage and log in a folder; resolves with its address and how to stop it. */
export async function startRegistry(folder) {
  await installVerdaccio();
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.yaml'); // every JSON is YAML
  writeFileSync(config, JSON.stringify(configuration(folder, await configured('registry')), null, 2));
  const url = `http://127.0.0.1:${await freePort()}/`;
  const script = join(INSTALLED, 'node_modules', 'verdaccio', 'bin', 'verdaccio');
  const authority = await configured('cafile');
  const output = openSync(join(folder, 'output.log'), 'w');
  const child = spawn(process.execPath, [script, '--config', config, '--listen', url], {
    cwd: folder,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...(authority && { NODE_EXTRA_CA_CERTS: authority }) },
  });
  closeSync(output); // the child has it
  const stopped = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGKILL'); // it holds nothing that is wanted
    await stopped;
  };
  try {
    await waitFor(url, child);
  } catch (error) {
    await stop();
    throw new Error(`${error.message}\n${readFileSync(join(folder, 'output.log'), 'utf8')}`);
  }
  return { url, token: `//${new URL(url).host}/:_authToken`, stop };
}

async function installVerdaccio() {
  if (existsSync(join(INSTALLED, 'node_modules', '.package-lock.json'))) return; // npm writes it last
  console.log(`Installing verdaccio ${VERDACCIO} ...`);
  mkdirSync(INSTALLED, { recursive: true });
  const manifest = {
    private: true,
    dependencies: { verdaccio: VERDACCIO },
    overrides: { 'node-fetch': '2.7.0' }, // asked for by a tag, which mirrors of the registry lack
  };
  writeFileSync(join(INSTALLED, 'package.json'), JSON.stringify(manifest));
  await npm(['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'], {
    cwd: INSTALLED,
  });
}

function configuration(folder, uplink) {
  return {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { configured: { url: uplink, timeout: '60s', max_fails: 10, maxage: '1h' } },
    packages: {
      '@serial-oe/*': { access: '$all', publish: '$all', unpublish: '$all' },
      '**': { access: '$all', proxy: 'configured' },
    },
    max_body_size: '100mb',
    web: { enable: false },
    log: { type: 'file', path: join(folder, 'registry.log'), level: 'warn', format: 'json' },
  };
}

/** A setting of npm, undefined where there is none. */
async function configured(key) {
  const value = (await npm(['config', 'get', key])).trim();
  return value === 'null' || value === 'undefined' ? undefined : value;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function waitFor(url, child) {
  const end = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null)
      throw new Error(`The registry ended with exit code ${child.exitCode} before it answered.`);
    const isUp = await fetch(`${url}-/ping`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return;
    await sleep(100);
  }
  throw new Error(`The registry did not answer at ${url} within ${START_TIMEOUT_MS / 1000} s.`);
}
