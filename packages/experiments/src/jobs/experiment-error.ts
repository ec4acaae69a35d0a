/** An experiment cannot be run: labels that it needs are missing, or its folder is not what it should be. */
export class ExperimentError extends Error {
  override readonly name: string = 'ExperimentError';
}
