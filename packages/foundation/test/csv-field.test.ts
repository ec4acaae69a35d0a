import { csvField } from '../src';

it.each<[string | number | boolean, string]>([
  ['plain', 'plain'],
  ['a,b "c"', '"a,b ""c"""'],
  ['two\nlines', '"two\nlines"'],
  ['return\r', '"return\r"'],
  [0.5, '0.5'],
  [true, 'true'],
  ['', ''],
  // formulas, as people and attackers have them in file names
  ['=1+1', "'=1+1"],
  ["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['+49 30 1234.wav', "'+49 30 1234.wav"],
  ['-pump-.wav', "'-pump-.wav"],
  ['-2+3+cmd', "'-2+3+cmd"],
  ['-', "'-"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['\n=1', '"\'\n=1"'],
  ['  =1', "'  =1"],
  ['\uff1d1+1', "'\uff1d1+1"],
  ['\uff20x', "'\uff20x"],
  ['a=b', 'a=b'],
  ['./=x.wav', './=x.wav'],
  // numbers, also as text
  [-3.2, '-3.2'],
  ['-3.2', '-3.2'],
  ['+7', '+7'],
  ['-1.5e-7', '-1.5e-7'],
  ['-.5', '-.5'],
  [-Infinity, '-Infinity'],
  ['-1e', "'-1e"],
  ['--1', "'--1"],
])('csvField(%j) is %j', (value, field) => {
  expect(csvField(value)).toBe(field);
});
