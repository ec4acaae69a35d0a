import type { Options } from 'tsup';

/**
 * The build of a package: ES modules and CommonJS with types for both, in dist/. Compiles the package's kernels first, where
 * its package.json has an `"assembly"`.
 *
 * @param options `entry`, and what differs from the others
 */
export function packageBuild(options: Options & Required<Pick<Options, 'entry'>>): () => Promise<Options>;
