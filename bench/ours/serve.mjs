import { createInterface } from 'node:readline';

/**
 * Answers the orchestrator (see lib/contender.mjs) until stdin ends.
 *
 * @param check number that the same work gives in every contender
 * @param run the work that is timed
 * @param warmUp calls before the first answer
 */
export async function serve({ check, run, warmUp }) {
  for (let i = 0; i < warmUp; i++) await run();
  print({ check });
  for await (const line of createInterface({ input: process.stdin })) {
    const ms = [];
    for (let i = 0; i < Number(line); i++) {
      const start = performance.now();
      await run();
      ms.push(performance.now() - start);
    }
    print({ ms });
  }
  const kilobyte = 1024;
  print({ peakMB: (process.resourceUsage().maxRSS * kilobyte) / 1e6 });
}

function print(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
