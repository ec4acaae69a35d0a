import { printable, printableLine, show } from '../src';

it.each<[string, string]>([
  ['pump 00/clip.wav', 'pump 00/clip.wav'],
  ['Pumpe ä, насос, 泵, مضخة, \u{1F600}', 'Pumpe ä, насос, 泵, مضخة, \u{1F600}'],
  ['\u001b[2J\u001b[1;1Hnormal', '\\u001b[2J\\u001b[1;1Hnormal'], // clears the screen
  ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'], // names the window
  ['\u009b31mred', '\\u009b31mred'], // CSI in one letter
  ['\u009d0;x\u009c', '\\u009d0;x\\u009c'],
  ['a\bb\u007f', 'a\\u0008b\\u007f'],
  ['real.wav\rfake.wav', 'real.wav\\u000dfake.wav'],
  ['a\0b', 'a\\u0000b'],
  ['clip\u202evaw.exe', 'clip\\u202evaw.exe'], // right to left
  ['\u2066a\u2069\u200f\u061c', '\\u2066a\\u2069\\u200f\\u061c'],
  ['a\u2028b', 'a\\u2028b'],
  ['می\u200cخواهم \u{1F469}\u200d\u{1F527}', 'می\u200cخواهم \u{1F469}\u200d\u{1F527}'], // joiners are letters
  ['lines\nand\ttabs\r\n', 'lines\nand\ttabs\r\n'],
  ['', ''],
])('printable(%j) is %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('puts a name on one line', () => {
  expect(printableLine('clip\n0 problems\tfound\r\n.wav')).toBe(
    'clip\\u000a0 problems\\u0009found\\u000d\\u000a.wav',
  );
  expect(show('clip\n\u001b[2J')).toBe("'clip\\u000a\\u001b[2J'");
});

it('leaves JSON the same JSON', () => {
  const value = { 'name\u009b': 'a\u202eb\u001b\n"\\', list: ['\u007f\u2029'] };
  for (const text of [JSON.stringify(value), JSON.stringify(value, null, 1)]) {
    expect(printable(text)).not.toMatch(/[\u0080-\u009f\u202e]/);
    expect(JSON.parse(printable(text))).toEqual(value);
  }
});

it('shows long and deep values in short', () => {
  expect(show('x'.repeat(1000))).toBe(`'${'x'.repeat(300)}..' of 1000 letters`);
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  expect(show(deep)).toBe('[[[an array]]]');
});
