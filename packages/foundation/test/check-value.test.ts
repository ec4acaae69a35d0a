import * as fc from 'fast-check';
import {
  ABOVE_ZERO,
  AT_LEAST_ZERO,
  COUNT,
  checkKind,
  checkNumber,
  checkOneOf,
  checkRandom,
  checkThreadCount,
  FINITE,
  FRACTION,
  numberAbove,
  numberFrom,
  numberWithin,
  POSITIVE_COUNT,
  RATE,
  wholeNumber,
} from '../src/index';

const WHERE = 'pump.start: speed';

describe('checkNumber', () => {
  it.each([
    { title: 'FINITE', rule: FINITE, good: [0, -1e300, 5e-324], bad: [] },
    { title: 'ABOVE_ZERO', rule: ABOVE_ZERO, good: [5e-324, 1e300], bad: [0, -0, -1] },
    { title: 'AT_LEAST_ZERO', rule: AT_LEAST_ZERO, good: [0, -0, 1.5], bad: [-5e-324] },
    { title: 'FRACTION', rule: FRACTION, good: [0, 0.5, 1], bad: [-1e-9, 1 + 1e-9] },
    { title: 'RATE', rule: RATE, good: [0, 0.999], bad: [1, -1e-9] },
    { title: 'COUNT', rule: COUNT, good: [0, 1, 2 ** 53 - 1], bad: [-1, 0.5, 2 ** 53] },
    { title: 'POSITIVE_COUNT', rule: POSITIVE_COUNT, good: [1, 7], bad: [0, 1.5] },
    { title: 'wholeNumber(2, 4)', rule: wholeNumber(2, 4), good: [2, 3, 4], bad: [1, 5, 2.5] },
    { title: 'numberAbove(-2)', rule: numberAbove(-2), good: [-1.9], bad: [-2] },
    { title: 'numberFrom(-2)', rule: numberFrom(-2), good: [-2], bad: [-2.1] },
    { title: 'numberWithin(1, 2)', rule: numberWithin(1, 2), good: [1, 1.5, 2], bad: [0.9, 2.1] },
  ])('$title takes what obeys it alone, and neither NaN, infinities nor numeric text', (line) => {
    for (const value of line.good) expect(checkNumber(WHERE, value, line.rule)).toBe(value);
    for (const value of [...line.bad, NaN, Infinity, -Infinity]) {
      expect(() => checkNumber(WHERE, value, line.rule)).toThrow(RangeError);
    }
    for (const value of ['1', null, undefined, true, 1n, [1], {}]) {
      expect(() => checkNumber(WHERE, value, line.rule)).toThrow(TypeError);
    }
  });

  it('says where, the rule, the value and the remedy', () => {
    const message = (value: unknown, rule = POSITIVE_COUNT) => {
      try {
        checkNumber(WHERE, value, rule);
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing thrown';
    };
    expect(message(0)).toBe('pump.start: speed must be a whole number of at least 1, got 0.');
    expect(message('3')).toBe("pump.start: speed must be a whole number of at least 1, got '3'.");
    expect(message(9, wholeNumber(1, 8))).toBe(
      'pump.start: speed must be a whole number from 1 to 8, got 9.',
    );
    expect(message(2, { isValid: (x) => x < 1, rule: 'be slow', remedy: 'Brake.' })).toBe(
      'pump.start: speed must be slow, got 2. Brake.',
    );
  });
});

describe('checkOneOf', () => {
  it('takes the choices alone, and lists them', () => {
    expect(checkOneOf(WHERE, 'fast', ['slow', 'fast'])).toBe('fast');
    expect(checkOneOf(WHERE, 16, [8, 16])).toBe(16);
    expect(() => checkOneOf(WHERE, '16', [8, 16])).toThrow(
      new RangeError("pump.start: speed must be one of 8, 16, got '16'."),
    );
    expect(() => checkOneOf(WHERE, undefined, ['slow', 'fast'])).toThrow(
      new RangeError("pump.start: speed must be one of 'slow', 'fast', got undefined."),
    );
  });
});

describe('checkKind', () => {
  it('takes its kind alone', () => {
    const values = { boolean: false, function: () => 0, object: {}, string: '' };
    for (const kind of ['boolean', 'function', 'object', 'string'] as const) {
      for (const [other, value] of Object.entries(values)) {
        if (other === kind) expect(checkKind(WHERE, value, kind)).toBe(value);
        else expect(() => checkKind(WHERE, value, kind)).toThrow(TypeError);
      }
      for (const value of [null, undefined, 3, []]) {
        expect(() => checkKind(WHERE, value, kind)).toThrow(TypeError);
      }
    }
    expect(() => checkKind(WHERE, null, 'object')).toThrow('pump.start: speed must be an object, got null.');
    expect(() => checkKind(WHERE, 1, 'boolean')).toThrow('pump.start: speed must be a boolean, got 1.');
  });
});

describe('checkRandom', () => {
  it('takes a function, and says what to pass otherwise', () => {
    expect(checkRandom('a.b: random', Math.random)).toBe(Math.random);
    expect(() => checkRandom('a.b: random', 7)).toThrow(
      new TypeError(
        'a.b: random must be a function that returns numbers in [0, 1), got 7. Pass seededRandom(seed).',
      ),
    );
  });
});

it('any value can stand in a message', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withTypedArray: true, withBigInt: true }), (value) => {
      expect(() => checkOneOf(WHERE, value, [] as string[])).toThrow(RangeError);
    }),
  );
});

it('takes as many threads as a machine may have', () => {
  expect(checkThreadCount('here: workers', 8)).toBe(8);
  expect(checkThreadCount('here: workers', 0, 0)).toBe(0);
  expect(() => checkThreadCount('here: workers', 0)).toThrow(
    'here: workers must be a whole number of at least 1, got 0.',
  );
  expect(() => checkThreadCount('here: workers', -1, 0)).toThrow('at least 0, got -1.');
  expect(() => checkThreadCount('here: workers', 1e6)).toThrow(
    'must be a whole number from 1 to 1024, got 1000000.',
  );
  expect(() => checkThreadCount('here: workers', '2')).toThrow(TypeError);
});
