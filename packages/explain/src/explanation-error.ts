/** A clip could not be explained because its scorer failed on a sound made from it; `cause` is what the scorer threw, if it threw. */
export class ExplanationError extends Error {
  override readonly name: string = 'ExplanationError';
}
