import { WavError } from '@serial-oe/audio-features';
import { DatasetError } from '@serial-oe/datasets';
import * as errors from '../src/errors';
import { BundleError, TrainingDivergedError, UnknownMachineIdError } from '../src/errors';
import { packError, unpackError } from '../src/node/threads/thread-errors';

const sent = (error: unknown) => unpackError(structuredClone(packError(error)));

describe('an error that goes from thread to thread', () => {
  it.each([
    new Error('plain'),
    new RangeError('too large'),
    new TypeError('another kind'),
    new DatasetError('no such clip'),
    new WavError('truncated', 'cut'),
    new BundleError('checksum', 'altered'),
    new TrainingDivergedError('NaN', { epoch: 3, step: 4 }),
    new UnknownMachineIdError('which?', '77', ['00', '01']),
  ])('keeps its class and its fields: $name', (error) => {
    const received = sent(error);
    expect(received).toBeInstanceOf(error.constructor);
    expect(received).toBeInstanceOf(Error);
    expect({ ...received }).toEqual({ ...error });
    expect([received.name, received.message, received.stack]).toEqual([
      error.name,
      error.message,
      error.stack,
    ]);
  });

  it.each(Object.entries(errors))(
    'is a %s again, whichever class of the package it is',
    (name, ErrorClass) => {
      const error = Object.setPrototypeOf(
        new Error('x'),
        (ErrorClass as { prototype: Error }).prototype,
      ) as Error;
      Object.defineProperty(error, 'name', { value: name });
      expect(sent(error)).toBeInstanceOf(ErrorClass);
    },
  );

  it('keeps its causes, and the fields of system errors', () => {
    const cause = Object.assign(new Error('ENOENT'), { code: 'ENOENT', errno: -2, path: 'a.wav' });
    const received = sent(new DatasetError('unreadable', { cause }));
    expect(received.cause).toBeInstanceOf(Error);
    expect(received.cause).toMatchObject({ message: 'ENOENT', code: 'ENOENT', errno: -2, path: 'a.wav' });
  });

  it('keeps the name of a class that is not known, and leaves out what cannot be sent', () => {
    class OddError extends Error {
      override readonly name = 'OddError';
      readonly callback = () => {};
    }
    const received = sent(new OddError('odd'));
    expect(received.name).toBe('OddError');
    expect(received).not.toHaveProperty('callback');
  });

  it('may be anything that was thrown', () => {
    expect(sent('just a text')).toEqual(new Error('just a text'));
  });
});
