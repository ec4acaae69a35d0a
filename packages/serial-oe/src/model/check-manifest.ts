import { show } from '@serial-oe/foundation';
import type { Manifest } from './write-bundle';

/** Far more than machines of one type; each is a row of the ID head. */
const MAX_OUTPUTS = 65_536;

/** What is wrong with the fields of a manifest beside its configuration and its detectors' insides. */
export function manifestProblems(manifest: Readonly<Record<string, unknown>>): string[] {
  const { amplitude, machineType, machineIds, nHeadOutputs, detectors, provenance, checksums } =
    manifest as Partial<Manifest>;
  const problems = [
    isName(machineType) ? '' : 'machineType must be a name',
    Number.isFinite(amplitude?.mean) && isFinitePositive(amplitude?.std)
      ? ''
      : 'amplitude must hold a mean and a positive std',
    isCount(nHeadOutputs) && nHeadOutputs! <= MAX_OUTPUTS
      ? ''
      : `nHeadOutputs must be a whole number from 0 to ${MAX_OUTPUTS}`,
    isObject(detectors) && Object.keys(detectors).length > 0 ? '' : 'detectors must hold at least one',
    isObject(detectors) && isSameSet(machineIds, Object.keys(detectors))
      ? ''
      : 'machineIds must name the detectors',
    isObject(checksums) ? '' : 'checksums must hold those of the files',
    ...(isObject(detectors) ? Object.entries(detectors).map(([id, each]) => detectorProblem(id, each)) : []),
    ...provenanceProblems(provenance),
  ];
  return problems.filter((problem) => problem !== '');
}

const METHODS: readonly unknown[] = ['validation', 'crossFit', 'unseen', 'inSample', 'borrowed'];

function detectorProblem(id: string, stored: unknown): string {
  if (!isObject(stored)) return `the detector of ${id} must be an object, got ${show(stored)}`;
  const { detector, threshold, calibration, unit } = stored;
  if (!isObject(detector))
    return `the detector of ${id} must be what a detector writes, got ${show(detector)}`;
  if (!Number.isFinite(threshold)) return `the threshold of ${id} must be finite, got ${show(threshold)}`;
  if (unit !== 'chunk' && unit !== 'clip')
    return `the unit of ${id} must be 'chunk' or 'clip', got ${show(unit)}`;
  const isCalibration =
    isObject(calibration) &&
    METHODS.includes(calibration.method) &&
    isCount(calibration.nClips) &&
    Number.isFinite(calibration.falseAlarmRate);
  return isCalibration ? '' : `the calibration of ${id} must hold method, nClips and falseAlarmRate`;
}

const TEXTS = ['trainedAt', 'version', 'backend', 'operations', 'dataset'] as const;
const COUNTS = [
  ...(['workers', 'microBatchSize', 'nMicroBatches', 'nNormalClips', 'nPseudoAnomalousClips'] as const),
  ...(['nKnownAnomalies', 'nValidationClips', 'nSteps', 'selectedEpoch'] as const),
];

function provenanceProblems(provenance: unknown): string[] {
  if (
    !isObject(provenance) ||
    !Array.isArray(provenance.heldOutClips) ||
    !Array.isArray(provenance.history)
  ) {
    return ['provenance must hold heldOutClips and history'];
  }
  const { heldOutClips, history, selectedEpoch, pretrainedWeights, fingerprint, effectiveRank } = provenance;
  const { validationClips = [], finetunedFrom } = provenance;
  const isEpoch = (each: unknown) => isObject(each) && Number.isFinite(each.loss);
  return [
    ...TEXTS.map((key) => (typeof provenance[key] === 'string' ? '' : `provenance.${key} must be text`)),
    ...COUNTS.map((key) => (isCount(provenance[key]) ? '' : `provenance.${key} must be a count`)),
    isListOfText(heldOutClips) ? '' : 'provenance.heldOutClips must hold names',
    isListOfText(validationClips) ? '' : 'provenance.validationClips must hold names',
    finetunedFrom === undefined || isStart(finetunedFrom)
      ? ''
      : 'provenance.finetunedFrom must hold trainedAt, nSteps and weights',
    history.every(isEpoch) ? '' : 'provenance.history must hold the loss of each epoch',
    Number(selectedEpoch) <= history.length ? '' : 'provenance.selectedEpoch must be one of the history',
    pretrainedWeights === null || typeof pretrainedWeights === 'string'
      ? ''
      : 'provenance.pretrainedWeights must be a checksum or null',
    effectiveRank === undefined || Number.isFinite(effectiveRank)
      ? ''
      : 'provenance.effectiveRank must be finite',
    fingerprint === undefined || typeof fingerprint === 'string' ? '' : 'provenance.fingerprint must be text',
  ];
}

function isListOfText(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isStart(value: unknown): boolean {
  if (!isObject(value)) return false;
  return typeof value.trainedAt === 'string' && typeof value.weights === 'string' && isCount(value.nSteps);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFinitePositive(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) > 0;
}

function isSameSet(names: unknown, others: readonly string[]): boolean {
  if (!Array.isArray(names) || names.length !== others.length) return false;
  const set = new Set<unknown>(names);
  return set.size === others.length && others.every((other) => set.has(other));
}
