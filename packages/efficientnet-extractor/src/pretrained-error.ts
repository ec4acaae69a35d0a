/** What is wrong: the source file is not the one expected, the format is of another version, or the tensors were altered. */
export type PretrainedProblem = 'source' | 'version' | 'checksum';

/** A file of pretrained weights that is not what it should be, with what was expected and what was found. */
export class PretrainedError extends Error {
  override readonly name = 'PretrainedError';
  readonly problem: PretrainedProblem;
  readonly expected: string;
  readonly actual: string;
  /** Tensors whose values or shapes are not those of the import; empty where that cannot be said. */
  readonly tensors: readonly string[];

  constructor(
    problem: PretrainedProblem,
    message: string,
    { expected, actual, tensors = [] }: { expected: string; actual: string; tensors?: readonly string[] },
  ) {
    super(`efficientnet-extractor.${message}`);
    this.problem = problem;
    this.expected = expected;
    this.actual = actual;
    this.tensors = tensors;
  }
}
