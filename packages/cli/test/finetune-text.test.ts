import { finetuneText } from '../src/finetune/finetune-text';

const result = {
  ...{ system: 'mel-statistics', machineType: 'fan', out: 'new', comparison: null, isReplaced: false },
  data: { nAnomalies: 5, nNormals: 3, nPutAside: 0 },
};

describe('finetuneText', () => {
  it.each([
    [true, 'fan model tuned with 5 known anomalies and 3 further normal recordings, saved in new\n'],
    [
      false,
      'fan model fitted anew with 3 further normal recordings (it learns nothing of 5 known anomalies), saved in new\n',
    ],
  ])('says what the recordings have taught; of anomalies: %s', (learnsAnomalies, text) => {
    expect(finetuneText({ ...result, learnsAnomalies })).toBe(text);
  });
});
