import { packageBuild } from '@serial-oe/tooling/tsup';

export default packageBuild({
  entry: { bullmq: 'src/bullmq.ts', index: 'src/index.ts', 'job-entry': 'src/jobs/job-entry.ts' },
  dts: { entry: { bullmq: 'src/bullmq.ts', index: 'src/index.ts' } },
  shims: true, // import.meta.url in CommonJS, by which the entry of a job's process is found
  splitting: true, // the entries share their error classes, in CommonJS too
});
