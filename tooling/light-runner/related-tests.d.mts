/**
 * The unit tests that changed files may break: a test file itself, and those that import the file, however indirectly and over
 * the bounds of packages. Kernels count as the module that they are compiled to; what else is no TypeScript (a golden file)
 * concerns all tests of its package.
 *
 * @param root of the repository
 * @param changed paths, absolute or from the root
 * @returns absolute paths, sorted
 */
export function relatedTests(root: string, changed: readonly string[]): Promise<string[]>;
