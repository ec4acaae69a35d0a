export { createBrowserPlatform as createPlatform } from './browser-platform';
