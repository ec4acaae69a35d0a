/** Brings the generated module up to date. */
export function compileAssembly(): Promise<void>;
