import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { createInterface } from 'node:readline';

/** Milliseconds: the wall's, or those of the processor, all threads together, which other work on the machine leaves alone. */
const CLOCKS = {
  wall: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  },
};

/**
 * Answers the orchestrator (see lib/contender.mjs) until stdin ends.
 *
 * @param check number that the same work gives in every contender
 * @param run the work that is timed
 * @param warmUp calls before the first answer
 */
export async function serve({ check, run, warmUp }) {
  const clock = CLOCKS[process.env.SERIAL_OE_BENCH_CLOCK ?? 'wall'];
  for (let i = 0; i < warmUp; i++) await run();
  const finishProfile = await startProfile();
  print({ check });
  for await (const line of createInterface({ input: process.stdin })) {
    const ms = [];
    for (let i = 0; i < Number(line); i++) {
      const start = clock();
      await run();
      ms.push(clock() - start);
    }
    print({ ms });
  }
  await finishProfile();
  const kilobyte = 1024;
  print({ peakMB: (process.resourceUsage().maxRSS * kilobyte) / 1e6 });
}

/** Profiles what follows where `bench/profile.mjs` asks for it; gives what ends that and writes the profile. */
async function startProfile() {
  const file = process.env.SERIAL_OE_BENCH_PROFILE;
  if (file === undefined) return () => {};
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    writeFileSync(file, JSON.stringify(profile));
  };
}

function print(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
