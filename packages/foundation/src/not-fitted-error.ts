/** A model was asked for results before `fit`. */
export class NotFittedError extends Error {
  constructor(where: string) {
    super(`${where}: the model must be fitted, got one that is not. Call fit(X) first.`);
    this.name = 'NotFittedError';
  }
}

/** The state of a fitted model. @throws NotFittedError where there is none. */
export function fitted<State>(where: string, state: State | undefined): State {
  if (state === undefined) throw new NotFittedError(where);
  return state;
}
