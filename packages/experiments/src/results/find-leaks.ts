import type { Job } from '../jobs/job-types';
import type { Cell } from '../plan/plan-jobs';

interface Share {
  nTested: number;
  nTrained: number;
}

/** What the published code's protocol tests on although it was trained on, by variant: a sentence each. */
export function findLeaks(jobs: readonly Job[], cells: readonly Cell[]): string[] {
  const leaky = new Map(jobs.filter(({ isLeaky }) => isLeaky).map((job) => [job.id, job]));
  const shares = new Map<string, Share[]>();
  for (const { variant, scores } of cells) {
    for (const { jobId, scoringKey } of scores) {
      const share = shareOf(leaky.get(jobId), scoringKey);
      if (share.nTested > 0) shares.set(variant.id, [...(shares.get(variant.id) ?? []), share]);
    }
  }
  return [...shares].map(([variant, ofVariant]) => {
    const total = (of: (share: Share) => number) => ofVariant.reduce((sum, share) => sum + of(share), 0);
    return (
      `${variant}: ${total(({ nTested }) => nTested)} of ${total(({ nTrained }) => nTrained)} known anomalies of ` +
      `${ofVariant.length} run(s) are tested on although they trained them (leaky-known-anomalies).`
    );
  });
}

function shareOf(job: Job | undefined, scoringKey: string): Share {
  if (job === undefined) return { nTested: 0, nTrained: 0 };
  const trained = new Set(job.moved);
  const scored = job.scorings.find(({ key }) => key === scoringKey)?.testClips ?? [];
  return { nTested: scored.filter((name) => trained.has(name)).length, nTrained: trained.size };
}
