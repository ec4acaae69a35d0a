import type { BullWorkerEvent } from '@serial-oe/experiments/bullmq';
import type { Command, CommandContext, CommandSpec } from '../command/command';
import { EXIT } from '../command/exit-codes';
import { integerFlag, required } from '../command/flag';
import { BACKEND, QUEUE, QUEUE_NAME, QUIET } from '../flags/shared-flags';
import { systemsModule } from '../systems-module';

const flags = {
  queue: required(QUEUE),
  queueName: QUEUE_NAME,
  concurrency: integerFlag('N', 'Trainings side by side, each a process with its own memory; default 1.', {
    min: 1,
  }),
  backend: BACKEND,
  quiet: QUIET,
};

const spec: CommandSpec<typeof flags> = {
  name: 'worker',
  summary: 'does trainings of "experiment --queue", on as many machines as you like',
  usage: '--queue URL [flags]',
  examples: [
    ['serial-oe worker --queue redis://head:6379 --concurrency 2', 'on each machine, until Ctrl-C'],
    [
      'serial-oe experiment ablation --data /share/sounds --out /share/out --queue redis://head:6379',
      'whose trainings they do',
    ],
  ],
  flags,
  words: { min: 0, max: 0, needed: 'no other words are taken.' },
  notes: [
    'Data and results must lie on a folder that all machines see at the same path; --backend must be that of the experiment. Needs the packages bullmq and ioredis ' +
      '(redis://, rediss://, valkey://) or pg (postgres://), which you install beside.',
    'A training is a process of its own. Where a worker is killed or its machine is gone, another goes on from the last checkpoint, an epoch old at most; one that is told to end ' +
      '(Ctrl-C, SIGTERM) saves its trainings and gives them back at once.',
  ],
  stopping: 'giving running trainings back once they have saved their state',
};

export const command: Command<typeof flags> = { spec, run };

async function run({ args, progress, signal }: CommandContext<typeof flags>): Promise<number> {
  const { loadBullmq } = await import('../experiment/queue-packages');
  const { runBullWorker } = await loadBullmq(args.queue);
  let last: string | null = null;
  await runBullWorker({
    ...{
      connection: args.queue,
      name: args.queueName,
      concurrency: args.concurrency,
      backend: args.backend,
      signal,
    },
    systemsModule: systemsModule(),
    onEvent: (event) => {
      const text = textOf(event);
      if (text !== null && text !== last) progress.message(text); // a server that is away is told once
      last = text ?? last;
    },
  });
  return EXIT.done;
}

function textOf(event: BullWorkerEvent): string | null {
  switch (event.kind) {
    case 'ready':
      return 'waiting for trainings';
    case 'problem':
      return event.message;
    case 'failed':
      return `${event.jobId} failed${event.isFinal ? '' : ', and is tried again'}: ${event.error.message}`;
    case 'finished':
      return `${event.jobId} is finished`;
    case 'returned':
      return `${event.jobId} went back to the queue`;
    case 'job': {
      const { event: of } = event;
      if (of.kind === 'started') return `${event.jobId} begins`;
      return of.kind === 'training' && of.event.kind === 'epoch'
        ? `${event.jobId} epoch ${of.event.epoch + 1}/${of.event.nEpochs}  loss ${of.event.loss.toFixed(4)}`
        : null;
    }
  }
}
