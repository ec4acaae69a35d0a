export { seededRandom } from '@serial-oe/foundation';
export type { Clip, Dataset, Label, Split } from './clip';
export { type ClipLoader, ClipStore, type ClipStoreOptions } from './clip-store';
export {
  DCASE2020_MACHINE_TYPES,
  DCASE2020_SPLITS,
  type Dcase2020MachineType,
} from './dcase/dcase2020-splits';
export { type DcaseFileName, parseDcaseFileName } from './dcase/parse-dcase-file-name';
export { scanDcase2020 } from './dcase/scan-dcase2020';
export type { ScanDcase2020Options } from './dcase/scan-dcase2020-with';
export { DataLeakError, DatasetError, NotEnoughAnomaliesError } from './errors';
export { FAULT_KINDS, type FaultKind, type InjectFaultOptions, injectFault } from './inject/inject-fault';
export { type FaultyRecording, type InjectFaultsOptions, injectFaults } from './inject/inject-faults';
export { checkFinite, loadMemoryClip } from './memory-clip';
export { mergeDatasets } from './merge-datasets';
export { isDateName } from './names/date-name';
export { findMachineId, isMarkedIdName, markedMachineIdIn, normalizeMachineId } from './names/machine-id';
export { KNOWN_MACHINE_TYPES, mentionedMachineTypes } from './names/machine-types';
export { type Domain, type NamedSplit, type NameFacts, readName, type Stage } from './names/read-name';
export { type NameForm, type RecordingName, readRecordingName } from './names/recording-name';
export { sessionOf } from './names/session';
export { assertNoLeak } from './sampling/assert-no-leak';
export { contaminate } from './sampling/contaminate';
export { type CrossFitFoldsOptions, crossFitFolds } from './sampling/cross-fit-folds';
export type { HeldOutAnomaliesOptions } from './sampling/hold-out-anomalies';
export { type SelectKnownAnomaliesOptions, selectKnownAnomalies } from './sampling/select-known-anomalies';
export { type SplitValidationOptions, splitValidation } from './sampling/split-validation';
export {
  type KnownAnomaliesOptions,
  type WithKnownAnomalies,
  withKnownAnomalies,
} from './sampling/with-known-anomalies';
export type { ResolvedSynthesizeOptions, SynthesizeOptions } from './synth/synthesis-options';
export {
  anomalyKindsOf,
  countMachineSounds,
  generateMachineSounds,
  type SyntheticClip,
  synthesizeMachineSounds,
} from './synth/synthesize-machine-sounds';
