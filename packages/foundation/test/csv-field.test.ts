import { csvField } from '../src';

it.each<[string | number | boolean, string]>([
  ['plain', 'plain'],
  ['a,b "c"', '"a,b ""c"""'],
  ['two\nlines', '"two\nlines"'],
  ['return\r', '"return\r"'],
  [0.5, '0.5'],
  [true, 'true'],
  ['', ''],
])('csvField(%j) is %j', (value, field) => {
  expect(csvField(value)).toBe(field);
});
