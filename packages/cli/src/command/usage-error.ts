/** The command line is wrong; exit code 2. The message names the flag; the frame puts the command before it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}
