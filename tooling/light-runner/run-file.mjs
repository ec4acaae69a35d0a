// The thread in which one compiled test file runs.
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { addEventHandler, getState } from 'jest-circus';

const { globalConfig, projectConfig, file } = workerData;
process.setSourceMapsEnabled(true); // errors name the lines of the sources

const lightRunner = import.meta.resolve('jest-light-runner'); // its worker is no entry of the package
const { default: run, setWorkerData } = await import(new URL('./worker-runner.js', lightRunner));
setWorkerData({
  globalConfig,
  projectConfig: {
    ...projectConfig,
    snapshotResolver: fileURLToPath(new URL('./resolve-snapshot.cjs', import.meta.url)),
  },
  runtime: 'worker_threads',
});
addEventHandler(countSkippedTests);
const printed = [];
globalThis.console = new Console(collecting(printed));
const result = await run(file);
if (result.numFailingTests > 0 && printed.length > 0) {
  result.failureMessage += `\nPrinted by the file:\n${printed.join('')}`;
}
parentPort.postMessage(result);

function collecting(texts) {
  return new Writable({
    decodeStrings: false,
    write(text, _, done) {
      texts.push(text);
      done();
    },
  });
}

/**
 * jest-light-runner counts a `describe.skip` as one test, jest each test in it. Its tests know that they are skipped, so it is
 * enough that the block itself no longer says so; its hooks must not run.
 */
function countSkippedTests(event) {
  if (event.name !== 'finish_describe_definition') return;
  const block = getState().currentDescribeBlock.children.at(-1);
  if (block?.type !== 'describeBlock' || block.mode !== 'skip') return;
  block.mode = undefined;
  block.hooks.length = 0;
}
