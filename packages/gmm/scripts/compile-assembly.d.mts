export function compileAssembly(): Promise<void>;
