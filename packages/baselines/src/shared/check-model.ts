import { checkKind, checkNumber, FINITE, POSITIVE_COUNT, RATE, show } from '@serial-oe/foundation';
import type { MachineThreshold } from '@serial-oe/runtime/contract';
import type { MachineDetector } from './fit-machine';
import { LogMel, MIN_SECONDS } from './log-mel';
import type { Choice, VectorConfig, VectorMethod } from './vector-method';
import type { VectorProvenance } from './vector-model';

/** What a model's file must hold beside its detectors. @throws RangeError or TypeError naming the field */
export function checkFacts({
  machineType,
  provenance,
}: {
  machineType: string;
  provenance: VectorProvenance;
}): void {
  checkText('machineType', machineType);
  const { dataset, heldOutClips, fingerprint } = checkKind(
    'provenance',
    provenance,
    'object',
  ) as VectorProvenance;
  if (dataset !== null) checkText('provenance.dataset', dataset);
  if (!Array.isArray(heldOutClips)) throw new TypeError('provenance.heldOutClips must be a list.');
  for (const key of heldOutClips) checkText('provenance.heldOutClips', key);
  checkText('provenance.fingerprint', fingerprint);
}

/** @throws RangeError or TypeError where it is none of the method's choices */
export function checkChoice<Config extends VectorConfig>(
  choice: Choice,
  { method, config }: { method: VectorMethod<Config>; config: Config },
): void {
  checkKind('choice', choice, 'object');
  const possible = method.choices(config).map((each) => JSON.stringify(each));
  if (possible.includes(JSON.stringify(choice))) return;
  throw new RangeError(`choice must be one of ${possible.join(', ')}, got ${JSON.stringify(choice)}.`);
}

/**
 * @param detector one that takes vectors of the method
 * @throws RangeError or TypeError naming what is wrong with the machine
 */
export function checkMachine<Config extends VectorConfig>(
  machineId: string,
  { detector, threshold, calibration }: MachineDetector,
  { method, config, choice }: { method: VectorMethod<Config>; config: Config; choice: Choice },
): void {
  checkThreshold(machineId, { threshold, calibration });
  const { sampleRate } = config.frontEnd;
  const silence = new Float32Array(Math.ceil(MIN_SECONDS * sampleRate));
  const spectrogram = new LogMel(config.frontEnd).compute(silence, { sampleRate, name: 'silence' });
  const [vector] = method.describe(spectrogram, config, [choice]);
  detector.scoreSamples({ data: vector!, nRows: 1, nCols: vector!.length }); // says where the lengths differ
}

/** @throws RangeError or TypeError naming what is wrong with the threshold of a machine */
export function checkThreshold(machineId: string, { threshold, calibration }: MachineThreshold): void {
  checkText('machineId', machineId);
  checkNumber(`the threshold of ${machineId}`, threshold, FINITE);
  checkKind(`the calibration of ${machineId}`, calibration, 'object');
  checkText(`calibration.method of ${machineId}`, calibration.method);
  checkNumber(`calibration.nClips of ${machineId}`, calibration.nClips, POSITIVE_COUNT);
  checkNumber(`calibration.falseAlarmRate of ${machineId}`, calibration.falseAlarmRate, RATE);
}

export function checkText(where: string, text: unknown): void {
  if (typeof text !== 'string' || text === '')
    throw new TypeError(`${where} must be text, got ${show(text)}.`);
}
