import { show } from '../src/index';

class Tensor {}

it.each([
  ['fan', "'fan'"],
  [3, '3'],
  [NaN, 'NaN'],
  [12n, '12'],
  [true, 'true'],
  [null, 'null'],
  [undefined, 'undefined'],
  [Symbol('x'), 'Symbol(x)'],
  [() => 1, 'a function'],
  [[1, 'a', [null]], "[1, 'a', [null]]"],
  [new Array(1000).fill(0), 'an array of 1000 values'],
  [{}, 'an object'],
  [Object.create(null), 'an object'],
  [{ constructor: 3 }, 'an object'],
  [new Float32Array(3), 'a Float32Array'],
  [new Int32Array(3), 'an Int32Array'],
  [new Map(), 'a Map'],
  [new Tensor(), 'a Tensor'],
])('shows %p as %s', (value, expected) => {
  expect(show(value)).toBe(expected);
});
