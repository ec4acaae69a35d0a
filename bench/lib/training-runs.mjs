// One training of a contender in a process of its own.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { summarize } from '@serial-oe/evaluation';
import { contenderEnvironment } from './peer-environments.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** Name of a contender -> its program; both take the files JOB and RESULT. */
export function contenders(python) {
  return {
    ours: { command: process.execPath, program: join(BENCH, 'ours', 'train-and-score.mjs') },
    peer: { command: python, program: join(BENCH, 'peers', 'train_and_score.py') },
  };
}

/**
 * Trains and scores once.
 *
 * @param job `{ config, machineType, clips }`
 * @returns `{ nSteps, seconds, cpuSeconds, loss, figures }`, figures by back end: `{ aAuc, auc, perId }`
 */
export async function trainOnce({ command, program }, job, threads) {
  const folder = mkdtempSync(join(tmpdir(), 'serial-oe-training-'));
  try {
    const [jobFile, resultFile] = [join(folder, 'job.json'), join(folder, 'result.json')];
    writeFileSync(jobFile, JSON.stringify(job));
    await runProgram(command, { args: [program, jobFile, resultFile], env: contenderEnvironment(threads) });
    const { scores, ...rest } = JSON.parse(readFileSync(resultFile, 'utf8'));
    return { ...rest, figures: figuresOf(scores, job) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function figuresOf(scores, { clips, machineType }) {
  const test = clips.filter((clip) => clip.split === 'test' && clip.machineType === machineType);
  const entries = Object.entries(scores).map(([backEnd, ofClips]) => {
    const results = test.map(({ machineId, label }, i) => {
      return { machineType, machineId, label, anomalyScore: ofClips[i] };
    });
    const { perId, perType } = summarize(results);
    const [{ aAuc, auc }] = perType;
    return [backEnd, { aAuc, auc, perId: Object.fromEntries(perId.map((id) => [id.machineId, id.auc])) }];
  });
  return Object.fromEntries(entries);
}

function runProgram(command, { args, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      errors = (errors + text).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`bench: ${args[0]} ended with ${code ?? signal}.\n${errors.trim()}`));
    });
  });
}
