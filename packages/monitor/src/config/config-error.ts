/** A configuration that cannot be used. The message has a line a problem: the file, its line, the field's path, and what to do. */
export class MonitorConfigError extends Error {
  override name = 'MonitorConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
