import { fileURLToPath } from 'node:url';

export const writingProcess = (): string => fileURLToPath(new URL('./writing-process.js', import.meta.url));
