// `node bench/training.mjs`: what trainings of Serial-OE reach, ours against the same method in PyTorch, at equal steps.
import { resolve } from 'node:path';
import { buildPackages } from '../tools/workspace/build-packages.mjs';
import { ensureInstalled } from '../tools/workspace/ensure-installed.mjs';
import { runAsMain } from '../tools/workspace/run-command.mjs';
import { describeMachine } from './lib/machine.mjs';
import { findPeerEnvironments } from './lib/peer-environments.mjs';
import { RunLog } from './lib/run-log.mjs';
import { renderComparison } from './lib/training-comparison.mjs';
import { parseTrainingOptions } from './lib/training-options.mjs';

const HELP = `node bench/training.mjs --data DIR [--data DIR] --machine-type T [OPTIONS]
Trains one extractor a seed by ours and by PyTorch, on the same recordings and for as many steps, and compares how well
both tell the test clips.
  --preset NAME    configuration to start from, default quick
  --config FILE    JSON with changes to it
  --epochs N       instead of the configuration's
  --seeds N,..     default 0,1,2,3,4
  --threads N      threads of each, default 1; ours then trains in shards
  --out FILE       keeps each run as it ends; runs that are in it already are not made again
  --no-build       the packages as they were built last
PyTorch, timm, scikit-learn and soundfile: bench/requirements.txt; docs/performance.md says where they are looked for.`;
const TOOLS = ['torch', 'timm', 'sklearn', 'soundfile'];

await runAsMain(async (args) => {
  const options = parseTrainingOptions(args);
  if (options.isHelp) {
    console.log(HELP);
    return 0;
  }
  if (options.isBuilt) {
    await ensureInstalled();
    await buildPackages('@serial-oe/cli');
  }
  const { python, label } = peerTools();
  const runs = await runAll(options, { python, label });
  const { pairedDifference } = await import('@serial-oe/evaluation');
  console.log(renderComparison(runs, { peer: label, pairedDifference }));
  return 0;
});

/** Where Python is, and what the peer is made of. */
function peerTools() {
  const { main } = findPeerEnvironments();
  const missing = TOOLS.filter((tool) => !main.versions[tool]);
  if (missing.length > 0) throw new Error(`bench: ${missing.join(', ')} must be installed. ${main.remedy}`);
  const { torch, timm, sklearn } = main.versions;
  return { python: main.python, label: `PyTorch ${torch}, timm ${timm}, scikit-learn ${sklearn}` };
}

/** Every seed by both contenders, in turns, so that a machine that slows down slows both. */
async function runAll(options, { python, label }) {
  // Loaded here, since they load the packages, which may have been built just now.
  const { resolveConfig } = await import('@serial-oe/serial-oe');
  const { readTrainingData } = await import('./lib/training-data.mjs');
  const { contenders, trainOnce } = await import('./lib/training-runs.mjs');
  const { machineType, preset, overrides, nEpochs, seeds, threads, outFile } = options;
  const { clips, summary } = readTrainingData(options.data, machineType);
  const optimization = { ...overrides.optimization, ...(nEpochs !== undefined && { nEpochs }) };
  const configOf = (seed) => resolveConfig(preset, { ...overrides, optimization, seed });
  const { seed: _, ...shared } = configOf(0);
  const log = new RunLog(outFile === undefined ? undefined : resolve(outFile), {
    machine: describeMachine(),
    peer: label,
    setting: { machineType, data: summary, threads, config: shared },
  });
  for (const seed of seeds) {
    for (const [contender, program] of Object.entries(contenders(python))) {
      if (log.has(contender, seed)) continue;
      const run = await trainOnce(program, { config: configOf(seed), machineType, clips }, threads);
      log.add({ contender, seed, ...run });
      console.error(`  ${contender}, seed ${seed}: ${describeRun(run)}`);
    }
  }
  return log.runs;
}

function describeRun({ figures, nSteps, seconds }) {
  const aAucs = Object.entries(figures).map(([name, { aAuc }]) => `${name} ${(100 * aAuc).toFixed(1)}`);
  return `${nSteps} steps, aAUC ${aAucs.join(', ')}, ${(seconds.train + seconds.score).toFixed(0)} s`;
}
