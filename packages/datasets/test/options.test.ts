import {
  type Clip,
  contaminate,
  countMachineSounds,
  generateMachineSounds,
  scanDcase2020,
  seededRandom,
  selectKnownAnomalies,
  splitValidation,
  synthesizeMachineSounds,
  withKnownAnomalies,
} from '../src/index';
import {
  checkDataset,
  scanDataset,
  scanDcase2020 as scanDcase2020InNode,
  scanFolders,
  writeMachineSounds,
} from '../src/node';

const clips: Clip[] = [];
const random = seededRandom(0);
const draw = { nPerId: 1, random };
const type = { machine_type: 'fan' } as never;

/** By the name of what refuses them: a call with options of which one is misspelt, and the one that was meant. */
const misspelt: [string, () => unknown, string][] = [
  ['splitValidation', () => splitValidation(clips, { fractions: 0.1, random } as never), 'fraction'],
  [
    'selectKnownAnomalies',
    () => selectKnownAnomalies(clips, { ...draw, n_held_out: 2 } as never),
    'nHeldOut',
  ],
  ['contaminate', () => contaminate(clips, { ...draw, heldOut: 2 } as never), 'nHeldOut'],
  [
    'withKnownAnomalies',
    () => withKnownAnomalies({ clips }, { nPerId: 1, seed: 0, machinetype: 'fan' } as never),
    'machineType',
  ],
  ['synthesizeMachineSounds', () => synthesizeMachineSounds({ nID: 1 } as never), 'nIds'],
  ['generateMachineSounds', () => generateMachineSounds({ sample_rate: 1 } as never), 'sampleRate'],
  ['countMachineSounds', () => countMachineSounds({ nTests: 1 } as never), 'nTest'],
  ['scanDcase2020', () => scanDcase2020('.', type), 'machineType'],
  ['scanDcase2020', () => scanDcase2020InNode('.', type), 'machineType'],
  ['scanFolders', () => scanFolders('.', type), 'machineType'],
  ['scanDataset', () => scanDataset('.', type), 'machineType'],
];

it.each(misspelt)('%s names the option that was meant', (name, run, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(`datasets.${name}: unknown option '`);
  expect(run).toThrow(`Did you mean '${meant}'?`);
});

const misspeltLater: [string, () => Promise<unknown>, string][] = [
  ['checkDataset', () => checkDataset({ clips }, { minSecond: 1 } as never), 'minSeconds'],
  [
    'writeMachineSounds',
    () => writeMachineSounds('nowhere', { isOverwritten: true } as never),
    'isOverwriting',
  ],
];

it.each(misspeltLater)('%s names the option that was meant', async (name, run, meant) => {
  await expect(run()).rejects.toThrow(`datasets.${name}: unknown option '`);
  await expect(run()).rejects.toThrow(`Did you mean '${meant}'?`);
});
