import type { Clip } from '@serial-oe/datasets';
import { measureScores } from '@serial-oe/runtime/contract';
import { evaluationText } from '../src/evaluate/evaluation-text';
import { figuresSection } from '../src/evaluation-report/figures-section';

const clip = (i: number, domain: Clip['domain']): Clip => ({
  ...{ path: `${i}.wav`, machineType: 'fan', machineId: '00', split: 'test', domain },
  label: i % 2 === 0 ? 'normal' : 'anomaly',
});
const measure = (domainOf: (i: number) => Clip['domain']) => {
  const clips = Array.from({ length: 8 }, (_, i) => clip(i, domainOf(i)));
  const scores = clips.map(({ label }, i) => ({
    ...{ anomalyScore: label === 'normal' ? i : 5, threshold: 4, isAnomaly: false },
    chunkScores: new Float64Array(0),
  }));
  return measureScores({ clips, unknownMachineIds: {}, nHeldOut: 0 }, scores, { machineType: 'fan' });
};

describe('test clips with domains', () => {
  it('have the official figure beside the others', () => {
    const evaluation = measure((i) => (i < 4 ? 'source' : 'target'));
    // Normal scores 0 and 2 in the source domain, 4 and 6 in the target domain; all anomalies 5.
    expect(evaluation.domains?.perSection[0]).toMatchObject({ sourceAuc: 1, targetAuc: 0.5 });
    const text = evaluationText(evaluation, [], { self: { systems: ['mel-statistics'] } } as never);
    expect(text).toMatch(/section +AUC, source +AUC, target +pAUC +official/);
    expect(text).toMatch(/00 +1\.0000 +0\.5000/);
    expect(text).toContain('DCASE2022 to 2025');
    const table = figuresSection(evaluation).tables?.find(({ caption }) => caption?.startsWith('Domains'));
    expect(table?.rows[0]?.slice(0, 3)).toEqual(['fan 00', 1, 0.5]);
  });

  it('have none where a clip tells no domain', () => {
    const evaluation = measure((i) => (i < 7 ? 'source' : undefined));
    expect(evaluation.domains).toBeUndefined();
    expect(figuresSection(evaluation).tables).toHaveLength(2);
    expect(evaluationText(evaluation, [], {} as never)).not.toContain('section');
  });
});
