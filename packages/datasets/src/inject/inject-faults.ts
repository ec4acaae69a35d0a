import { checkOptions, type OptionNames, seededRandom } from '@serial-oe/foundation';
import { FAULT_KINDS, type FaultKind, injectFault } from './inject-fault';

export interface InjectFaultsOptions {
  /** Hz. */
  sampleRate: number;
  /** Default: all. */
  kinds?: readonly FaultKind[] | undefined;
  /** See `injectFault`. */
  severitiesDb: readonly number[];
  /** Decides every fault, each by itself: leaving some out changes none of the others. Default 0. */
  seed?: number | undefined;
  /** Tells recordings apart, so that they do not all get the same fault; such as the path. Default ''. */
  name?: string | undefined;
}

/** A recording with a fault in it. */
export interface FaultyRecording {
  kind: FaultKind;
  severityDb: number;
  waveform: Float32Array;
}

const OPTIONS: OptionNames<InjectFaultsOptions> = {
  sampleRate: true,
  kinds: true,
  severitiesDb: true,
  seed: true,
  name: true,
};

/**
 * Every kind of fault at every severity, one copy of the recording each. The parameters of a kind are the same at all severities,
 * so that these differ in severity alone.
 *
 * @param waveform mono samples of a healthy machine, as `injectFault` takes it
 * @throws as `injectFault`, at the first one
 */
export function* injectFaults(
  waveform: Float32Array,
  options: InjectFaultsOptions,
): Generator<FaultyRecording> {
  checkOptions('datasets.injectFaults', options, OPTIONS);
  const { sampleRate, kinds = FAULT_KINDS, severitiesDb, seed = 0, name = '' } = options;
  for (const kind of kinds) {
    for (const severityDb of severitiesDb) {
      const random = seededRandom(seed, 'fault', name, kind);
      yield { kind, severityDb, waveform: injectFault(waveform, { sampleRate, kind, severityDb, random }) };
    }
  }
}
