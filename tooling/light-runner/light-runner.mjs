// Runs test files in bare Node, by jest-light-runner: compiled by esbuild, all of a package at once, and each in a thread of its
// own. jest's own runner gives each file a vm context instead, in which everything that touches a global is several times slower.
// What the light runner lacks: `jest.mock`, `jest.isolateModules`, coverage. A test file that needs those begins with the comment
// `/** @jest-runner jest-runner */` and gets jest's own.
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { extract, parse } from 'jest-docblock';
import JestRunner from 'jest-runner';
import { compileTests } from './compile-tests.mjs';

/** A loaded machine is no failure; a hang is. */
const FILE_TIMEOUT_MS = 900_000;

// biome-ignore lint/style/noDefaultExport: jest takes a runner by it
export default class LightRunner {
  #globalConfig;

  constructor(globalConfig) {
    this.#globalConfig = globalConfig;
  }

  /** What jest asks of a runner: run all tests and tell what became of each. */
  async runTests(tests, watcher, ...[onStart, onResult, onFailure, options]) {
    const heavy = tests.filter(asksForJestRunner);
    const light = tests.filter((test) => !heavy.includes(test));
    await this.#runLight(light, watcher, { onStart, onResult, onFailure });
    if (heavy.length === 0) return;
    const runner = new JestRunner(this.#globalConfig, {});
    runner.on('test-file-start', ([test]) => onStart(test));
    runner.on('test-file-success', ([test, result]) => onResult(test, result));
    runner.on('test-file-failure', ([test, error]) => onFailure(test, error));
    await runner.runTests(heavy, watcher, options);
  }

  async #runLight(tests, watcher, { onStart, onResult, onFailure }) {
    const compiled = new Map(); // package folder -> what came of its compilation
    const waiting = [...tests];
    const work = async () => {
      for (let test = waiting.shift(); test && !watcher.isInterrupted(); test = waiting.shift()) {
        const { rootDir } = test.context.config;
        if (!compiled.has(rootDir)) {
          const ofPackage = tests.filter(({ context }) => context.config.rootDir === rootDir);
          compiled.set(
            rootDir,
            compileTests(
              rootDir,
              ofPackage.map(({ path }) => path),
            ),
          );
        }
        await onStart(test);
        try {
          const { fileOf } = await compiled.get(rootDir);
          await onResult(test, await this.#run(test, fileOf(test.path)));
        } catch (error) {
          await onFailure(test, error);
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: this.#globalConfig.maxWorkers }, work));
    } finally {
      for (const compilation of await Promise.allSettled(compiled.values())) compilation.value?.remove();
    }
  }

  /** Runs one file in a thread. The result is the one of jest-light-runner, under the name of the source file. */
  async #run(test, file) {
    const worker = new Worker(new URL('./run-file.mjs', import.meta.url), {
      workerData: { globalConfig: this.#globalConfig, projectConfig: test.context.config, file },
      env: process.stderr.isTTY ? { FORCE_COLOR: '1', ...process.env } : process.env,
    });
    try {
      const result = await resultOf(worker);
      return { leaks: false, openHandles: [], numTodoTests: 0, ...result, testFilePath: test.path };
    } finally {
      await worker.terminate();
    }
  }
}

function asksForJestRunner({ path }) {
  return parse(extract(readFileSync(path, 'utf8')))['jest-runner'] === 'jest-runner';
}

function resultOf(worker) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`The test file ${why}.`));
    const timer = setTimeout(() => fail(`has run for ${FILE_TIMEOUT_MS / 60_000} minutes`), FILE_TIMEOUT_MS);
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) =>
      fail(`ended its thread before its tests had ended, with exit code ${code}`),
    );
    worker.once('exit', () => clearTimeout(timer));
  });
}
