/** The part of Node that the scanners need; given, so that the main entry loads in a browser. */
export interface FileSystem {
  fs: Pick<typeof import('node:fs'), 'readdirSync' | 'statSync' | 'realpathSync'>;
  path: Pick<typeof import('node:path'), 'resolve' | 'join' | 'basename' | 'dirname'>;
}
