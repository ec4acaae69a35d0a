import type { Experiment, Variant } from '../src/experiment-types';
import type { NamedClip } from '../src/jobs/job-types';
import { missingLabels } from '../src/plan/check-labels';
import { listClips } from './support/list-clips';

const moved = (nHeldOut: number): Variant => ({
  ...{ id: 'moved', title: 'moved', system: 'any', scoring: { nHeldOut } },
  training: { config: {}, isPretrained: false },
});
const EXPERIMENTS = {
  main: { needs: { hasOtherTypes: true }, variants: [] },
  'id-loss': { needs: { nMachineIds: 2 }, variants: [] },
  'few-anomalies': { needs: { remedy: 'smaller numbers: --counts 0,1,2' }, variants: [moved(4)] },
} satisfies Record<string, Pick<Experiment, 'needs' | 'variants'>>;

describe('missingLabels', () => {
  const of = (clips: readonly NamedClip[], name: keyof typeof EXPERIMENTS) =>
    missingLabels(clips, 'fan', EXPERIMENTS[name]);

  it('is content with what is there', () => {
    expect(of(listClips(), 'few-anomalies')).toBeNull();
  });

  it.each([
    ['main', /label "anomaly" are missing/, listClips({ nAnomalous: 0 })],
    ['main', /label "normal" are missing/, listClips({ nNormal: 0 })],
    ['main', /no normal training clips/, listClips({ nTrain: 0 })],
    ['main', /no other machine type/, listClips().filter(({ machineType }) => machineType === 'fan')],
    ['id-loss', /machine IDs are missing.*all are of 00/, listClips({ ids: ['00'] })],
    ['few-anomalies', /more than 4 anomalous test clips.*00 has 3, 01 has 3/, listClips({ nAnomalous: 3 })],
  ] as const)('says what %s lacks: %s', (name, message, clips) => {
    expect(of(clips, name)).toMatch(message);
  });
});
