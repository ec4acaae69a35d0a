export function checkCount(where: string, name: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1) return;
  throw new RangeError(`${where}: ${name} must be an integer of at least 1, got ${String(value)}.`);
}

export function checkPositive(where: string, name: string, value: unknown): void {
  if (Number.isFinite(value) && (value as number) > 0) return;
  throw new RangeError(`${where}: ${name} must be a finite number above 0, got ${String(value)}.`);
}

export function checkOneOf(where: string, name: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return;
  const list = choices.map((choice) => `'${choice}'`).join(', ');
  throw new RangeError(`${where}: ${name} must be one of ${list}, got ${String(value)}.`);
}
