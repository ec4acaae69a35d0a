import { flatten, nest } from '../src/index';

const VALUES = Float64Array.of(0.1, -2, 3e-300, 4, 5, 6, 7, 8, 9, 10, 11, 1 / 3);

it.each([[[12]], [[3, 4]], [[2, 3, 2]], [[12, 1]]])(
  'values go into the shape %p and come back, through JSON',
  (shape) => {
    const nested = nest(VALUES, shape);
    expect(nested).toHaveLength(shape[0]!);
    expect(flatten('a.b: c', JSON.parse(JSON.stringify(nested)), shape)).toEqual(VALUES);
  },
);

it('typed arrays are lists too', () => {
  expect(flatten('a.b: c', [Float32Array.of(1, 2), Float64Array.of(3, 4)], [2, 2])).toEqual(
    Float64Array.of(1, 2, 3, 4),
  );
});

it.each([
  { values: [[1, 2], [3]], error: RangeError, message: 'shape [2, 2], got an array of 1 where 2 belong.' },
  { values: [[1, 2]], error: RangeError, message: 'got an array of 1 where 2 belong.' },
  { values: [1, 2], error: TypeError, message: 'a.b: c must be nested arrays of shape [2, 2], got 1.' },
  { values: null, error: TypeError, message: 'got null.' },
  { values: 'ab', error: TypeError, message: "got 'ab'." },
  {
    values: [
      [1, 2],
      [3, null],
    ],
    error: TypeError,
    message: 'a.b: c must hold numbers, got null.',
  },
  {
    values: [
      [1, 2],
      [3, '4'],
    ],
    error: TypeError,
    message: "must hold numbers, got '4'.",
  },
  {
    values: [
      [1, 2],
      [3, [4]],
    ],
    error: TypeError,
    message: 'must hold numbers, got [4].',
  },
  {
    values: [
      [1, 2],
      [3, NaN],
    ],
    error: RangeError,
    message: 'a.b: c must hold finite numbers, got NaN.',
  },
  {
    values: [
      [1, Infinity],
      [3, 4],
    ],
    error: RangeError,
    message: 'must hold finite numbers, got Infinity.',
  },
])('$values are refused', ({ values, error, message }) => {
  expect(() => flatten('a.b: c', values, [2, 2])).toThrow(error);
  expect(() => flatten('a.b: c', values, [2, 2])).toThrow(message);
});
