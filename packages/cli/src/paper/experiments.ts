import type { LabelNeeds, OmittedVariant, ScoringRecipe } from '@serial-oe/experiments';
import type { IdLossName } from '@serial-oe/serial-oe';
import { comparedVariants } from './compared-systems';
import { DETECTORS_COMPARED } from './detectors-compared';
import type { PaperExperiment, PaperTraining, PaperVariant } from './paper-experiment';

/** Serial-OE as the configuration has it. */
const FULL: PaperTraining = { config: {}, isPretrained: true };
const NO_IDS: PaperTraining = { config: { useMachineIds: false }, isPretrained: true };
const WITHOUT_MIXUP = { mixup: { schedule: 'never' } } as const;
const WITHOUT_TYPE_LOSS = { loss: { useTypeLoss: false } } as const;

const TESTED: LabelNeeds = { nMachineIds: 1, test: 'bothClasses', hasOtherTypes: true };
const MOVED: LabelNeeds = { ...TESTED, remedy: 'smaller numbers: --counts 0,1,2' };

const ID_LOSSES: readonly { id: string; title: string; idLoss: IdLossName }[] = [
  { id: 'bce', title: 'binary cross-entropy (Serial-OE)', idLoss: 'bce' },
  { id: 'cross-entropy', title: 'cross-entropy', idLoss: 'crossEntropy' },
  { id: 'scadacos', title: 'Sub-cluster AdaCos', idLoss: 'subClusterAdaCos' },
  { id: 'arcface', title: 'ArcFace', idLoss: 'arcFace' },
];

const idLossVariants = (): PaperVariant[] =>
  ID_LOSSES.map(({ id, title, idLoss }) => ({
    id,
    title,
    training: idLoss === 'bce' ? FULL : { ...FULL, config: { loss: { idLoss } } },
  }));

const AGGREGATIONS: readonly {
  id: string;
  title: string;
  aggregation: NonNullable<ScoringRecipe['aggregation']>;
}[] = [
  { id: 'upper-half-mean', title: 'mean of the upper half (Eq. 8)', aggregation: 'upperHalfMean' },
  { id: 'lower-half-mean', title: 'mean of the lower half', aggregation: 'lowerHalfMean' },
  { id: 'mean', title: 'mean', aggregation: 'mean' },
  { id: 'max', title: 'maximum', aggregation: 'max' },
  { id: 'median', title: 'median', aggregation: 'median' },
  { id: 'upper-q25', title: 'mean above the 0.25 quantile', aggregation: { upperQuantileMean: 0.25 } },
  { id: 'upper-q75', title: 'mean above the 0.75 quantile', aggregation: { upperQuantileMean: 0.75 } },
  { id: 'upper-q90', title: 'mean above the 0.9 quantile', aggregation: { upperQuantileMean: 0.9 } },
];

/** All experiments, in the order of the paper. */
export const PAPER_EXPERIMENTS: readonly PaperExperiment[] = [
  {
    name: 'main',
    title: 'Serial-OE',
    source: 'Tables 1 and 2',
    question: 'How well does the whole method tell anomalies from normal sounds?',
    needs: TESTED,
    baselines: 'rows',
    variants: () => [{ id: 'serial-oe', title: 'Serial-OE', training: FULL }],
  },
  {
    name: 'id-loss',
    title: 'Losses for the machine ID',
    source: 'Table 3',
    question: 'Which loss should tell the machine IDs apart?',
    needs: { ...TESTED, nMachineIds: 2 },
    baselines: 'rows',
    variants: idLossVariants,
  },
  {
    name: 'ablation',
    title: 'What each part buys',
    source: 'Table 4',
    question: 'What do L_type, the pretrained weights and Mixup add, alone and together?',
    needs: TESTED,
    baselines: 'rows',
    variants: ({ hasPretrained }) => ablationVariants(hasPretrained),
  },
  {
    name: 'no-id',
    title: 'Without machine IDs',
    source: 'Table 5',
    question: 'What if nobody knows which machine is heard, and does Mixup help then?',
    needs: TESTED,
    baselines: 'rowsWithIds',
    variants: () => [
      { id: 'no-id', title: 'without IDs', training: NO_IDS },
      {
        id: 'no-id-no-mixup',
        title: 'without IDs, without Mixup',
        training: { ...NO_IDS, config: { ...NO_IDS.config, ...WITHOUT_MIXUP } },
      },
    ],
  },
  {
    name: 'few-anomalies',
    title: 'A few known anomalies',
    source: 'Fig. 4 a, b',
    question: 'How much do a few known anomalies of each machine help?',
    needs: MOVED,
    baselines: 'rows',
    anchors: [
      'In the paper one known clip adds 2.4 points of aAUC, and at a ratio of 3.2 per cent Serial-OE without machine IDs reaches SCAdaCos with them.',
    ],
    xLabel: 'Known anomalous clips / normal clips of a machine ID, per cent',
    hasRatioAxis: true,
    variants: ({ counts }) => movedVariants(counts, 'anomaly'),
  },
  {
    name: 'contamination',
    title: 'Anomalies among the normal clips',
    source: 'Fig. 5 a, b',
    question: 'How much do the same clips harm when they hide among the normal ones?',
    needs: MOVED,
    baselines: 'curves',
    anchors: [
      'In the paper Serial-OE with 8 hidden clips (80 s) equals SCAdaCos; the same clips, labelled, would have added nearly 5 points.',
    ],
    xLabel: 'Hidden anomalous clips / normal clips of a machine ID, per cent',
    hasRatioAxis: true,
    variants: ({ counts }) => movedVariants(counts, 'normal'),
  },
  {
    name: 'embedding',
    title: 'Maps of the embeddings',
    source: 'Fig. 3',
    question: 'Where does each ID loss put the test clips?',
    needs: { ...TESTED, nMachineIds: 2, test: 'any' },
    hasMaps: true,
    variants: idLossVariants,
  },
  {
    name: 'detectors',
    title: 'Detectors on the same embeddings',
    source: 'reference implementation',
    question: 'Does it matter what scores the embeddings?',
    needs: TESTED,
    baselines: 'rows',
    variants: () =>
      DETECTORS_COMPARED.map(({ id, title, detector }) => ({
        id,
        title,
        training: FULL,
        scoring: { detector },
      })),
  },
  {
    name: 'aggregators',
    title: 'From chunk scores to the score of a clip',
    source: 'section 3.6',
    question: 'Which of the chunk scores should make the score of a clip?',
    needs: TESTED,
    variants: () =>
      AGGREGATIONS.map(({ id, title, aggregation }) => ({
        id,
        title,
        training: FULL,
        scoring: { aggregation },
      })),
  },
  {
    name: 'compare',
    title: 'Every system',
    source: 'Tables 1 and 2',
    question: 'Which system tells anomalies from normal sounds best, and at what cost?',
    needs: { ...TESTED, hasOtherTypes: false }, // a system that needs them says so, and the others are measured
    variants: ({ systems }) => comparedVariants(systems),
  },
];

/**
 * Without Mixup, but with L_id over outliers too. The published code's row without Mixup leaves them out of L_id (and its whole
 * method does not), so that it shows two changes at once: this one lies between, whatever `loss.normalization` says.
 */
const outliersInIdLoss = (hasPretrained: boolean): PaperVariant => ({
  id: 'id-type-weights-outliers',
  title: `L_id over outliers too + L_type${hasPretrained ? ' + pretrained weights' : ''}`,
  training: { config: { ...WITHOUT_MIXUP, loss: { normalization: 'all' } }, isPretrained: true },
});

/**
 * Of L_type, pretrained weights, Mixup: all eight, the whole method first and L_id alone last; and one that tells Mixup from the
 * outliers in L_id.
 */
function ablationVariants(hasPretrained: boolean): (PaperVariant | OmittedVariant)[] {
  const onOff = [true, false];
  const all = onOff.flatMap((type) =>
    onOff.flatMap((weights) => onOff.map((mixup) => ({ type, weights, mixup }))),
  );
  const nParts = (parts: (typeof all)[number]) => Object.values(parts).filter(Boolean).length;
  const combined = all
    .sort((a, b) => nParts(b) - nParts(a))
    .map(({ type, weights, mixup }) => {
      const parts = [
        ...(type ? [['type', 'L_type']] : []),
        ...(weights ? [['weights', 'pretrained weights']] : []),
        ...(mixup ? [['mixup', 'Mixup']] : []),
      ];
      const id = ['id', ...parts.map(([part]) => part)].join('-');
      const title = ['L_id', ...parts.map(([, name]) => name)].join(' + ');
      if (weights && !hasPretrained) {
        return { id, title, reason: 'needs pretrained weights: --weights FILE (docs/pretrained.md)' };
      }
      const config = { ...(type ? {} : WITHOUT_TYPE_LOSS), ...(mixup ? {} : WITHOUT_MIXUP) };
      return { id, title, training: { config, isPretrained: weights } };
    });
  return [...combined, outliersInIdLoss(hasPretrained)];
}

/** The curves of Fig. 4 and 5: with and without machine IDs. The largest number leaves the test at every point. */
function movedVariants(counts: readonly number[], as: 'anomaly' | 'normal'): PaperVariant[] {
  const nHeldOut = Math.max(...counts);
  const curves = [
    { id: 'ids', label: 'with machine IDs', recipe: FULL },
    { id: 'no-ids', label: 'without machine IDs', recipe: NO_IDS },
  ];
  return curves.flatMap(({ id, label, recipe }) =>
    counts.map((nPerId) => ({
      id: `${id}-${nPerId}`,
      title: `${label}, ${nPerId} ${as === 'anomaly' ? 'known' : 'hidden'}`,
      training: nPerId === 0 ? recipe : { ...recipe, moved: { nPerId, as } },
      nHeldOut,
      curve: { label, x: nPerId },
    })),
  );
}
