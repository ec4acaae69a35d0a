// Where the peers' tools are: Python interpreters, asked once what they can import.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageError } from './options.mjs';

const BENCH = fileURLToPath(new URL('..', import.meta.url));

/** Each environment: the variable that names its Python, the Python without it, and how to get its tools. */
const ENVIRONMENTS = [
  {
    name: 'main',
    variable: 'SERIAL_OE_BENCH_PYTHON',
    python: join(BENCH, '.venv', 'bin', 'python'),
    remedy: 'python3 -m venv bench/.venv && bench/.venv/bin/pip install -r bench/requirements.txt',
  },
  {
    name: 'system',
    variable: 'SERIAL_OE_BENCH_SYSTEM_PYTHON',
    python: '/usr/bin/python3',
    remedy: 'apt-get install python3-torch python3-sklearn (PyTorch 1.13.1 in Debian 12)',
  },
  {
    name: 'torchaudio',
    variable: 'SERIAL_OE_BENCH_TORCHAUDIO_PYTHON',
    python: join(BENCH, '.venv', 'bin', 'python'), // for a release of it that goes with the PyTorch there
    remedy: 'pip install torch==2.9.1 torchaudio==2.9.1 into an environment of its own',
  },
];

/**
 * The interpreters, with the version of each tool that they can import (null for one that they cannot).
 * @returns name -> { python, versions, remedy }; no versions where there is no such Python
 * @throws where a variable names a Python that does not run
 */
export function findPeerEnvironments(env = process.env) {
  return Object.fromEntries(
    ENVIRONMENTS.map(({ name, variable, python, remedy }) => {
      const chosen = env[variable] ?? python;
      const versions = probe(chosen);
      if (versions === null && env[variable] !== undefined) {
        throw usageError(`${variable} must name a Python that runs, got ${env[variable]}.`);
      }
      return [
        name,
        {
          python: chosen,
          versions: versions ?? {},
          remedy: `To have it: ${remedy}; or name another Python in ${variable}.`,
        },
      ];
    }),
  );
}

/** What a contender's process sees: one number of threads for every library, and OpenBLAS as it tunes itself. */
export function contenderEnvironment(threads, env = process.env) {
  const { OPENBLAS_CORETYPE, OPENBLAS_L2_SIZE, ...rest } = env;
  const counts = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'NUMBA_NUM_THREADS'];
  return { ...rest, ...Object.fromEntries(counts.map((name) => [name, String(threads)])) };
}

function probe(python) {
  const { status, stdout } = spawnSync(python, [join(BENCH, 'peers', 'probe.py')], {
    encoding: 'utf8',
    env: contenderEnvironment(1),
  });
  return status === 0 ? JSON.parse(stdout) : null;
}
