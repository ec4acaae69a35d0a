import type { EpochSelection, SerialOeConfigOverrides } from './config';
import type { ExperimentProtocol } from './protocol';

/** One way in which the published Python code differs from the paper. */
export type ReferenceDifference = {
  /** In kebab-case. */
  name: string;
  /** What the paper does. */
  paper: string;
  /** What the published code does. */
  reference: string;
  /** Where docs/method.md speaks of it. */
  section: string;
} & (
  | { kind: 'config'; changes: SerialOeConfigOverrides }
  | { kind: 'protocol'; changes: Partial<ExperimentProtocol> }
  /** The code keeps several results and does not say which it reports: no preset can copy it, `values` are what to choose from. */
  | { kind: 'choice'; field: 'validation.selection'; values: readonly EpochSelection[] }
);

type Kind = ReferenceDifference['kind'];

/**
 * Every known difference between the paper and its published code. The preset `reference` is the preset `paper` with the
 * changes of the kind 'config', its protocol the paper's with those of the kind 'protocol'.
 */
export const REFERENCE_DIFFERENCES = [
  {
    name: 'id-loss-samples',
    paper:
      'L_id is averaged over the samples by their share of normal sound (of the readings of Eq. 3, docs/method.md)',
    reference: 'over the normal samples in a step without Mixup, over all samples in a step with it',
    section: 'Loss and training',
    kind: 'config',
    changes: { loss: { normalization: 'reference' } },
  },
  {
    name: 'mixup-cosine',
    paper: 'Mixup at every step',
    reference: 'with a probability that grows from 0 to 1 by half of the training, as half a cosine',
    section: 'Loss and training',
    kind: 'config',
    changes: { mixup: { schedule: 'cosine' } },
  },
  {
    name: 'skipped-groups',
    paper: 'an epoch shows every normal clip once',
    reference:
      'the sampler skips every second group of normal clips, so that an epoch shows about half of them',
    section: 'Loss and training',
    kind: 'config',
    changes: { batch: { skipEverySecondGroup: true } },
  },
  {
    name: 'unfinished-schedule',
    paper: 'the learning rate is annealed to the end of its schedule',
    reference:
      'the schedule is made for about twice the steps that the sampler gives, so that training ends half-way, at 0.80 of the maximum',
    section: 'Loss and training',
    kind: 'config',
    changes: { optimization: { scheduleLength: 'twice' } },
  },
  {
    name: 'validation-split',
    paper: 'every normal training clip trains',
    reference:
      "a sixth of each ID's are held out (one of int(1 / 0.15) folds), and the validation loss is measured every 5 epochs",
    section: 'Loss and training',
    kind: 'config',
    changes: { validation: { fraction: 1 / 6 } },
  },
  {
    name: 'snapshots',
    paper: 'the weights after the last epoch are the model',
    reference:
      'weights are kept after epochs 50 and 100 and at the best validation loss; which of them score is not known',
    section: 'Loss and training',
    kind: 'choice',
    field: 'validation.selection',
    values: [50, 'last', 'best'],
  },
  {
    name: 'detector-on-validation',
    paper: 'the mixtures are fitted on all normal training clips',
    reference: 'on the held-out clips alone (needs validation-split)',
    section: 'Detector and score',
    kind: 'config',
    changes: { detector: { fitOn: 'validation' } },
  },
  {
    name: 'lower-half-mean',
    paper: 'the clip score is the mean of the upper half of the chunk scores',
    reference: 'the mean of the lower half: the largest log-likelihoods are averaged, then negated',
    section: 'Detector and score',
    kind: 'config',
    changes: { decision: { aggregation: 'lowerHalfMean' } },
  },
  {
    name: 'z-scored-chunks',
    paper: 'chunk scores are aggregated as they are',
    reference: "each ID's chunk scores are first z-scored over the set being evaluated",
    section: 'Detector and score',
    kind: 'protocol',
    changes: { scoreNormalization: 'perIdZScore' },
  },
  {
    name: 'leaky-known-anomalies',
    paper: 'the known anomalies leave the test set',
    reference:
      'sets of known anomalies are independent draws and only the set of 32 leaves the test set, so that smaller sets are tested on',
    section: 'Figures',
    kind: 'protocol',
    changes: { knownAnomalies: 'reference' },
  },
  {
    name: 'contaminated-extractor-only',
    paper: 'contaminating clips count as normal for the extractor and for the detectors',
    reference: 'for the extractor alone',
    section: 'Figures',
    kind: 'protocol',
    changes: { contamination: 'extractorOnly' },
  },
] as const satisfies readonly ReferenceDifference[];

/** Name of a difference. */
export type ReferenceDifferenceName = (typeof REFERENCE_DIFFERENCES)[number]['name'];

/** What to do with a difference of that kind, where one of another kind was asked for. */
const PLACE: Readonly<Record<Kind, string>> = {
  config: 'which changes the configuration. Pass it to withReferenceDifferences, or to `serial-oe train`.',
  protocol: 'which changes how results are evaluated. It belongs to `serial-oe experiment`.',
  choice: "which is a choice. Set validation.selection to 50, 'last' or 'best'.",
};

/**
 * The differences of one kind by name.
 * @throws RangeError for an unknown name, or that of a difference of another kind
 */
export function differencesNamed<K extends Kind>(
  caller: string,
  names: readonly string[],
  kind: K,
): Extract<ReferenceDifference, { kind: K }>[] {
  return names.map((name) => {
    const found: ReferenceDifference | undefined = REFERENCE_DIFFERENCES.find((each) => each.name === name);
    if (found === undefined) {
      throw new RangeError(
        `serial-oe.${caller}: names must be known differences, some of ` +
          `${REFERENCE_DIFFERENCES.map((each) => each.name).join(', ')}, got ${JSON.stringify(name)}.`,
      );
    }
    if (!isOfKind(found, kind)) {
      throw new RangeError(
        `serial-oe.${caller}: names must be of the kind '${kind}', got ${name}, ${PLACE[found.kind]}`,
      );
    }
    return found;
  });
}

function isOfKind<K extends Kind>(
  difference: ReferenceDifference,
  kind: K,
): difference is Extract<ReferenceDifference, { kind: K }> {
  return difference.kind === kind;
}
