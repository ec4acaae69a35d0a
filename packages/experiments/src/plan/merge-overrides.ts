/** Overrides with others on top: objects are merged field by field, everything else is replaced. */
export function mergeOverrides(...parts: readonly object[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(part)) {
      const before = merged[name];
      merged[name] = isPlain(before) && isPlain(value) ? mergeOverrides(before, value) : value;
    }
  }
  return merged;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
