// Of Node what needs no tfjs.
export { claimFolder } from './files/claim-folder';
export { checkWritable, createFileAccess, writeFileAtomically } from './files/file-access';
export { reasonOf } from './files/file-error';
export { removeLeftovers, removeLeftoversOf } from './files/temporary-files';
export { createNodePlatform } from './node-platform';
