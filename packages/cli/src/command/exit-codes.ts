/** Exit codes of the command. */
export const EXIT = { done: 0, failure: 1, usage: 2, anomaly: 3, interrupted: 130 } as const;
