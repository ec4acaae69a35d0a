import {
  CARD_FILE,
  CARD_TEXT_FILE,
  changeText,
  type ModelCard,
  readCard,
  toCardFiles,
} from '../src/contract';

const card: ModelCard = {
  model: {
    ...{ system: 'ensemble', members: ['mel-statistics', 'level'], machineType: 'fan', machineIds: ['00'] },
    ...{ trainedAt: '2026-01-02T03:04:05Z', software: 'serial-oe 1.2.3' },
  },
  data: {
    ...{ name: 'plant', licence: null },
    folders: [
      {
        ...{ folder: 'fan/train', machineType: 'fan', machineIds: ['00'], use: 'normal', nClips: 12 },
        sha256: 'ab'.repeat(32),
      },
    ],
  },
  intendedUse: 'To point at it.',
  limits: ['Few clips.', 'A | b'],
  decisions: [
    { machineId: '00', threshold: 2.5, falseAlarmRate: 0.01, nClips: 12, nSessions: 3, extrapolated: true },
  ],
  results: {
    ...{ measuredAt: '2026-02-03T00:00:00Z', data: 'plant', isOutdated: false },
    machines: [
      {
        ...{
          machineId: '00',
          nNormal: 28,
          nAnomalous: 4,
          auc: 0.91234,
          aucInterval: { lower: 0.8, upper: 1 },
        },
        ...{ pAuc: null, nFound: 3, nFalseAlarms: 1, falseAlarmInterval: null },
      },
    ],
  },
  weights: { type: null, change: null },
};
const text = (of: ModelCard) => new TextDecoder().decode(toCardFiles(of).get(CARD_TEXT_FILE));

describe('a model card', () => {
  it('reads back as it was written', () => {
    expect(readCard(toCardFiles(card).get(CARD_FILE)!)).toEqual(card);
  });

  it('says for people what its facts say', () => {
    const lines = text(card).split('\n');
    expect(lines[0]).toBe('# Model card: fan 00');
    expect(lines).toContain('| fan/train | fan | 00 | normal | 12 | `abababababababab` |');
    expect(lines).toContain(
      '| 00 | 2.5 | 1 % | 12 normal clips of 3 days or sessions | yes: smaller than so few clips can tell |',
    );
    expect(lines).toContain('| 00 | 0.9123, 0.80 to 1.00 | - | 3 of 4 (75 %) | 1 of 28 (3.6 %) |');
    expect(lines).toContain('- A \\| b');
    expect(text(card)).toContain('Licence of the recordings: unknown, nobody told it.');
    expect(text(card)).not.toContain('## Weights');
    expect(text({ ...card, results: null })).toContain('None yet: `serial-oe evaluate');
    expect(text({ ...card, results: { ...card.results!, isOutdated: true } })).toContain('set anew since');
  });

  it('states what float16 did', () => {
    const change = {
      ...{ nClips: 30, medianSeverity: 0.0123, largestSeverity: 0.4, medianScore: 0.001, largestScore: 0.02 },
      nTurned: 0,
    };
    const half = text({ ...card, weights: { type: 'float16', change } });
    expect(half).toContain(changeText(change));
    expect(changeText(change)).toBe(
      'Against float32, on 30 clips, it changes the severity by 0.012 in the median and 0.4 at most, and the score by 0.001 in the median and ' +
        '0.02 at most; 0 of 30 are called otherwise.',
    );
    expect(changeText({ ...change, medianSeverity: null, largestSeverity: null })).not.toContain('severity');
  });

  it('keeps names with line breaks on their line', () => {
    const odd = { ...card, data: { ...card.data, name: 'a\n# b' } };
    expect(
      text(odd)
        .split('\n')
        .filter((line) => line.startsWith('# ')),
    ).toHaveLength(1);
  });

  it.each([
    ['an altered one', (json: string) => json.replace('"plant"', '"field"'), /was altered/],
    ['no JSON', () => 'card', /JSON/],
    ['nothing', () => '{}', /altered/],
  ])('refuses %s', (_, change, message) => {
    const json = new TextDecoder().decode(toCardFiles(card).get(CARD_FILE));
    expect(() => readCard(new TextEncoder().encode(change(json)))).toThrow(message);
  });
});
