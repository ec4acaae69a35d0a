export { load } from './node/backends/load-package';
export { loadTfjsNode } from './node/backends/load-tfjs-node';
export { BACKEND_NAMES, type BackendName, startBackend } from './node/backends/start-backend';
export { activeThreadBackend, startThreadBackend, type ThreadBackend } from './node/backends/thread-backend';
export { claimFolder, claimFolderFor, type FolderClaim } from './node/files/claim-folder';
export { checkWritable, createFileAccess, writeFileAtomically } from './node/files/file-access';
export { reasonOf } from './node/files/file-error';
export { removeLeftovers, removeLeftoversOf } from './node/files/temporary-files';
export { createNodePlatform } from './node/node-platform';
export { RequestThread, type RequestThreadOptions } from './node/threads/request-thread';
export { type RequestThreads, startRequestThreads } from './node/threads/request-threads';
export {
  createScoringThreads,
  type ScoringThreads,
  type ScoringThreadsOptions,
} from './node/threads/scoring-threads';
export { type RequestHandlers, serveRequests } from './node/threads/serve-requests';
export { type PackedError, packError, unpackError } from './node/threads/thread-errors';
