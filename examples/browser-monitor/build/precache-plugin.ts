import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

/** What the service worker's source says in place of the list. */
const MARK = '"%PRECACHE%"';
/** Fetched when the demo is first played, and kept from then on. */
const NOT_AT_ONCE = /\.map$/;

/** A file that is copied into the page as it is. */
export interface CopiedFile {
  /** In the page. */
  name: string;
  path: string;
}

/**
 * Copies files into the page, and tells the service worker which files there are, by which it keeps them for being offline. A page with
 * one changed byte has another version, and so another cache.
 */
export function precachePlugin(copied: readonly CopiedFile[]): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      for (const { name, path } of copied) {
        this.emitFile({ type: 'asset', fileName: name, source: readFileSync(path) });
      }
      const worker = Object.values(bundle).find(({ fileName }) => fileName === 'service-worker.js');
      if (worker?.type !== 'chunk') throw new Error('precache: the build must have service-worker.js.');
      const files = Object.values(bundle).filter(
        (each) => each !== worker && !NOT_AT_ONCE.test(each.fileName),
      );
      const hash = createHash('sha256');
      for (const each of files.sort((a, b) => (a.fileName < b.fileName ? -1 : 1))) {
        hash.update(each.fileName).update(each.type === 'chunk' ? each.code : each.source);
      }
      const list = { version: hash.digest('hex').slice(0, 12), files: files.map(({ fileName }) => fileName) };
      if (!worker.code.includes(MARK)) throw new Error(`precache: service-worker.js must hold ${MARK}.`);
      worker.code = worker.code.replace(MARK, JSON.stringify(list));
    },
  };
}
