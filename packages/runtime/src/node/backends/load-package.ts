import { BackendError } from '../../errors';

/**
 * Imports a package that the user may not have installed.
 *
 * @param importModule brings it from elsewhere than `import(module)`
 * @param mend turns what was thrown into the message of the error; undefined for the usual one
 * @throws BackendError with the command that installs it
 */
export async function load(
  module: string,
  importModule: () => unknown = () => importOptional(module),
  mend: (cause: Error) => string | undefined = () => undefined,
): Promise<unknown> {
  try {
    return await importModule();
  } catch (thrown) {
    const cause = thrown as Error;
    const usual = isMissing(module, cause)
      ? `${module} must be installed for this backend. Run "npm install ${module}".`
      : `${module} is installed but cannot be loaded: ${cause.message}`;
    throw new BackendError(`serial-oe: ${mend(cause) ?? usual}`, { cause });
  }
}

/** Whether the package itself is not there, rather than one that it needs. */
export function isMissing(module: string, error: Error): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return (
    ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(code) &&
    // ESM: Cannot find package 'x' imported from ...; CommonJS: Cannot find module 'x'
    error.message.split('\n', 1)[0]!.includes(`'${module}'`)
  );
}

/** Keeps bundlers and the type checker away from packages that need not be there. */
function importOptional(module: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ module);
}
