import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './repository';

const SCRIPT = `
  import '@tensorflow/tfjs-backend-wasm';
  import { readFileSync } from 'node:fs';
  import { readWav } from '@serial-oe/audio-features/node';
  import { level, melStatistics, modulationStatistics } from '@serial-oe/baselines';
  import { StreamScorer } from '@serial-oe/monitor';
  import { loadModel } from '@serial-oe/runtime/contract';
  import { createNodePlatform } from '@serial-oe/runtime/node/files';
  import { serialOeSystem, useBackend } from '@serial-oe/serial-oe';

  const [bundle, recording] = JSON.parse(process.argv.at(-1));
  await useBackend('wasm');
  const systems = [serialOeSystem, melStatistics, modulationStatistics, level];
  const scorer = await loadModel(readFileSync(bundle), { systems, platform: createNodePlatform() });
  const { channels, sampleRate } = await readWav(recording);
  const stream = new StreamScorer(scorer, { hopSeconds: 1, maxPendingSeconds: 600 });
  stream.push(channels[0], sampleRate);
  stream.close();
  const windows = [];
  for await (const { time, anomalyScore } of stream) windows.push({ time, anomalyScore });
  console.log(JSON.stringify(windows));
`;

/** Runs Node and waits without blocking, since the test may be a server too. */
export async function runNode(
  args: readonly string[],
  { cwd, input = '' }: { cwd: string; input?: string },
): Promise<string> {
  const child = spawn(process.execPath, args, { cwd });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (text) => {
    output.stdout += text;
  });
  child.stderr.on('data', (text) => {
    output.stderr += text;
  });
  child.stdin.end(input);
  const status = await new Promise((resolve) => child.on('close', resolve));
  if (status !== 0) throw new Error(`node ${args[0]} ended with ${status}: ${output.stderr}`);
  return output.stdout;
}

/** Windows of a recording, a second apart, as the built packages score them in a process of their own. */
export async function scoreInNode(
  bundle: string,
  recording: string,
): Promise<{ time: number; anomalyScore: number }[]> {
  const args = ['--input-type=module', '-', JSON.stringify([bundle, recording])];
  return JSON.parse(await runNode(args, { cwd: join(ROOT, 'packages/cli'), input: SCRIPT }));
}
