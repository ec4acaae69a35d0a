import fc from 'fast-check';
import { toFloat16 } from '../src/float16';

/** The value of a float16, by the definition of IEEE 754's binary16. */
function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const [exponent, fraction] = [(bits >>> 10) & 0x1f, bits & 0x3ff];
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const bitsOf = (value: number) => toFloat16(Float32Array.of(value), 'x')[0]!;
/** All finite ones. */
const ALL = Array.from({ length: 2 ** 16 }, (_, bits) => bits).filter((bits) => (bits & 0x7c00) !== 0x7c00);

it('keeps every value that is a float16', () => {
  const values = Float32Array.from(ALL, fromFloat16);
  expect(Array.from(toFloat16(values, 'x'))).toEqual(ALL);
});

it('rounds to the nearest, and half way to the even one', () => {
  const positive = ALL.filter((bits) => bits < 0x7bff);
  for (const bits of positive) {
    const [below, above] = [fromFloat16(bits), fromFloat16(bits + 1)];
    const middle = (below + above) / 2; // exact in float32
    const wrong =
      bitsOf(middle) !== (bits % 2 === 0 ? bits : bits + 1) ||
      bitsOf(-middle) !== ((bits % 2 === 0 ? bits : bits + 1) | 0x8000);
    if (wrong) throw new Error(`half way above ${below}`);
  }
});

it('is never further away than half a unit', () => {
  fc.assert(
    fc.property(fc.float({ min: -65_000, max: 65_000, noNaN: true }), (value) => {
      const unit = Math.max(2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10), 2 ** -24);
      expect(Math.abs(fromFloat16(bitsOf(value)) - value)).toBeLessThanOrEqual(unit / 2);
    }),
  );
});

it.each([65_520, -70_000, Number.POSITIVE_INFINITY, Number.NaN])('refuses %p', (value) => {
  expect(() => toFloat16(Float32Array.of(0, value), 'conv.weight')).toThrow(
    /got (-?\d+|Infinity|NaN) in conv\.weight/,
  );
});

it('rounds up to the largest one just below the limit', () => {
  expect(bitsOf(65_519)).toBe(0x7bff);
});
