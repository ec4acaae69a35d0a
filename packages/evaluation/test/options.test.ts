import {
  bootstrapInterval,
  pairedBootstrap,
  pairedDifference,
  pairsNeeded,
  rocAuc,
  rocCurve,
  summarize,
} from '../src/index';

const labels = [0, 0, 1, 1];
const scores = [1, 2, 3, 4];
const rows = [{ machineType: 'fan', machineId: '00', label: 0, anomalyScore: 1 }];

/** By the name of what refuses them: a call with options of which one is misspelt, and the one that was meant. */
const misspelt: [string, () => unknown, string][] = [
  ['rocAuc', () => rocAuc(labels, scores, { max_fpr: 0.1 } as never), 'maxFpr'],
  ['rocCurve', () => rocCurve(labels, scores, { drop_intermediate: false } as never), 'dropIntermediate'],
  ['summarize', () => summarize(rows, { maxfpr: 0.1 } as never), 'maxFpr'],
  [
    'bootstrapInterval',
    () => bootstrapInterval({ labels, scores, random: Math.random, nResample: 10 } as never),
    'nResamples',
  ],
  [
    'pairedBootstrap',
    () =>
      pairedBootstrap({ strata: ['a'], statistics: () => [1], random: Math.random, nResample: 10 } as never),
    'nResamples',
  ],
  ['pairedDifference', () => pairedDifference([1, 2], [1, 2], { confidenze: 0.9 } as never), 'confidence'],
  ['pairsNeeded', () => pairsNeeded({ std: 1, difference: 1, powr: 0.8 } as never), 'power'],
];

it.each(misspelt)('%s names the option that was meant', (name, run, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(`evaluation.${name}: unknown option '`);
  expect(run).toThrow(`Did you mean '${meant}'?`);
});
