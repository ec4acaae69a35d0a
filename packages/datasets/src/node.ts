export type { FolderLayout } from './layout/name-layout';
export type { DatasetProblem, DatasetProblemKind, Machine } from './node/check/dataset-problem';
export type { MachineSummary } from './node/check/summarize-machines';
export { type CheckDatasetOptions, checkDataset, type DatasetCheck } from './node/check-dataset';
export { type ListedRecordings, listRecordings } from './node/list-recordings';
export { type LoadedRecording, loadClip, loadRecording } from './node/load-clip';
export { readManifest } from './node/read-manifest';
export { type ScanDatasetOptions, type ScannedDataset, scanDataset } from './node/scan-dataset';
export { scanDcase2020 } from './node/scan-dcase2020';
export { type FoldersDataset, type ScanFoldersOptions, scanFolders } from './node/scan-folders';
export {
  type SynthesisManifest,
  type WriteMachineSoundsOptions,
  type WriteMachineSoundsProgress,
  type WrittenMachineSounds,
  writeMachineSounds,
} from './node/write-machine-sounds';
