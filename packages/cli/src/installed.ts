/** By which `@serial-oe/monitor/nats` speaks. */
export const NATS_PACKAGES = ['@nats-io/transport-node', '@nats-io/jetstream', '@nats-io/kv'] as const;

/**
 * What an optional package brings.
 * @param what needs it, for the message
 * @throws Error that names the package where it is not installed
 */
export async function installed<T>(
  what: string,
  { names, load }: { names: readonly string[]; load: () => Promise<T> },
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const isMissing = /MODULE_NOT_FOUND$/.test(code ?? '') && names.some((name) => message.includes(name));
    if (!isMissing) throw cause;
    const packages = names.length === 1 ? `the package ${names[0]}` : `the packages ${names.join(' and ')}`;
    const verb = names.length === 1 ? 'is' : 'are';
    throw new Error(
      `${what} needs ${packages}, which ${verb} not installed. Run "npm install ${names.join(' ')}" beside @serial-oe/cli.`,
      { cause },
    );
  }
}
