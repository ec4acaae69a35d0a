import { AdamW, OneCycleLR } from '../src/index';

const optimizer = new AdamW();
const state = optimizer.getState();

/** By the name of what refuses them: a call with options of which one is misspelt, and the rest of the error. */
const misspelt: [string, () => unknown, string][] = [
  ['AdamW', () => new AdamW({ lr: 1 } as never), "'lr'. There are 'learningRate', 'beta1',"],
  ['AdamW', () => new AdamW({ learningrate: 1 } as never), "'learningrate'. Did you mean 'learningRate'?"],
  ['AdamW', () => new AdamW({ weight_decay: 1 } as never), "'weight_decay'. Did you mean 'weightDecay'?"],
  [
    'AdamW.setState',
    () => optimizer.setState(state, { allowMisssing: true } as never),
    "'allowMisssing'. Did you mean 'allowMissing'?",
  ],
  [
    'OneCycleLR',
    () => new OneCycleLR(optimizer, { maxLearningRate: 1, totalSteps: 2, finalDivisor: 3 } as never),
    "'finalDivisor'. Did you mean 'finalDivFactor'?",
  ],
];

it.each(misspelt)('%s refuses an option that there is not', (name, run, message) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(`optimizers.${name}: unknown option ${message}`);
});
