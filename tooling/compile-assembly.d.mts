/**
 * Brings the generated module of kernels up to date, as `"assembly"` in the package's package.json asks for; does nothing
 * when nothing has changed.
 *
 * @param packageFolder holds package.json and assembly/; the current folder when left out
 * @throws Error when package.json has no `"assembly"`, or when the kernels do not compile
 */
export function compileAssembly(packageFolder?: string): Promise<void>;

/** Does the same for each package in `packages/` that has an `"assembly"`. */
export function compileEveryAssembly(): Promise<void>;

/** Whether the package in that folder has kernels: an `"assembly"` in its package.json. */
export function hasAssembly(packageFolder: string): boolean;
