import { WavError } from '@serial-oe/audio-features';
import { DataLeakError, DatasetError, NotEnoughAnomaliesError } from '@serial-oe/datasets';
import * as errors from '../../errors';

/** An error as plain data: what goes between threads keeps its class and its fields in no other way. */
export interface PackedError {
  name: string;
  message: string;
  stack: string | undefined;
  /** What else its class holds, such as the `problem` of a BundleError. */
  fields: Record<string, unknown>;
  cause: PackedError | undefined;
}

/** By the `name` of their errors; what bundlers call a class is another matter. */
const CLASSES: ReadonlyMap<string, { prototype: Error }> = new Map<string, { prototype: Error }>(
  Object.entries({
    RangeError,
    TypeError,
    WavError,
    DataLeakError,
    DatasetError,
    NotEnoughAnomaliesError,
    ...errors,
  }),
);

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return packError(new Error(String(error)));
  const { name, message, stack, cause } = error;
  const fields = Object.fromEntries(Object.entries(error).filter(([, value]) => isPlain(value)));
  return { name, message, stack, fields, cause: cause === undefined ? undefined : packError(cause) };
}

/** An error of the same class, where it is one of the package's or of the language's; else an Error of that name. */
export function unpackError({ name, message, stack, fields, cause }: PackedError): Error {
  const error = new Error(message, cause && { cause: unpackError(cause) });
  const ofThatName = CLASSES.get(name);
  if (ofThatName) Object.setPrototypeOf(error, ofThatName.prototype);
  Object.assign(error, fields);
  if (error.name !== name) Object.defineProperty(error, 'name', { value: name, configurable: true });
  if (stack !== undefined) Object.defineProperty(error, 'stack', { value: stack, configurable: true });
  return error;
}

/** Whether it can be sent to another thread. */
function isPlain(value: unknown): boolean {
  return Array.isArray(value)
    ? value.every(isPlain)
    : !['function', 'object', 'symbol'].includes(typeof value);
}
