import { join } from 'node:path';

/** What a demo writes into its folder, and nothing else. */
export const DEMO_FILES = {
  fans: 'fans',
  others: 'other-machines',
  model: 'fan-model',
  report: 'report.html',
} as const;

/** One command of a demo. */
export interface DemoStep {
  /** What it does, for somebody who sees it for the first time. */
  title: string;
  /** The command line, without the program's name. */
  argv: readonly string[];
}

/** How much is written and learnt; the same seed and size give the same figures. */
interface DemoSize {
  nTrain: number;
  nTest: number;
  nOther: number;
  nEpochs: number;
}

const WHOLE: DemoSize = { nTrain: 24, nTest: 20, nOther: 12, nEpochs: 20 };
/** A third of the time: the network learns less, and the intervals are wide. */
const QUICK: DemoSize = { nTrain: 12, nTest: 10, nOther: 6, nEpochs: 12 };

/** Few clips and epochs: machines and clips as unlike and as quiet as a first look needs. The defaults are as hard as recordings. */
const EASY = ['--id-spread', '10', '--clip-spread', '0', '--snr', '6'];

/** The main job on synthetic sounds, as a user would run it: write sounds, train on them, measure, write a report. */
export function demoSteps(folder: string, { seed, isQuick }: { seed: number; isQuick: boolean }): DemoStep[] {
  const { nTrain, nTest, nOther, nEpochs } = isQuick ? QUICK : WHOLE;
  const [fans, others, model, report] = [
    DEMO_FILES.fans,
    DEMO_FILES.others,
    DEMO_FILES.model,
    DEMO_FILES.report,
  ].map((name) => join(folder, name)) as [string, string, string, string];
  const seeded = ['--seed', String(seed)];
  return [
    {
      title: 'Writing the sounds of three fans, normal and faulty, in factory noise',
      argv: [
        ...['synth', '--out', fans, '--types', 'fan', '--ids', '3'],
        ...['--train', String(nTrain), '--test', String(nTest), '--severity', '1', ...EASY, ...seeded],
      ],
    },
    {
      title: 'Writing normal sounds of fifteen machines of five other types',
      argv: [
        ...['synth', '--out', others, '--types', 'pump,slider,valve,ToyCar,ToyConveyor', '--ids', '3'],
        ...['--train', String(nOther), '--test', '0', ...EASY, ...seeded],
      ],
    },
    {
      title:
        'Learning what the three fans sound like: an ensemble of a network, which learns to tell them from five other types, and of statistics',
      argv: [
        ...['train', '--data', fans, '--data', others, '--machine-type', 'fan', '--out', model],
        ...['--epochs', String(nEpochs), '--workers', '2', ...seeded],
      ],
    },
    {
      title: 'Scoring the test clips and measuring the ensemble, and each of its members alone',
      argv: ['evaluate', '--model', model, '--data', fans, '--report', report],
    },
  ];
}
