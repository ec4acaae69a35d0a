export { createNodePlatform as createPlatform } from './node/node-platform';
