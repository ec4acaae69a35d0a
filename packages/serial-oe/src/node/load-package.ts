import { BackendError } from '../errors';

/**
 * Imports a package that the user may not have installed.
 * @throws BackendError with the command that installs it
 */
export async function load(module: string, importModule: () => Promise<unknown>): Promise<unknown> {
  try {
    return await importModule();
  } catch (cause) {
    const isMissing = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(
      (cause as NodeJS.ErrnoException).code ?? '',
    );
    throw new BackendError(
      isMissing
        ? `serial-oe: ${module} must be installed for this backend. Run "npm install ${module}".`
        : `serial-oe: ${module} is installed but cannot be loaded: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** Keeps bundlers and the type checker away from packages that need not be there. */
export function importOptional(module: string): Promise<unknown> {
  return import(module);
}
