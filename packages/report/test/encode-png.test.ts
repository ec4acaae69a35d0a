import { decode } from 'fast-png';
import { encodePng } from '../src/encode-png';

it.each([
  [1, 1],
  [3, 2],
  [257, 5],
])('another implementation reads the %i x %i pixels back', (width, height) => {
  const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 89) % 256);
  const image = decode(encodePng(pixels, { width, height }), { checkCrc: true });
  expect(image).toMatchObject({ width, height, channels: 3, depth: 8 });
  expect(image.data).toEqual(pixels);
});

it('compresses', () => {
  expect(encodePng(new Uint8Array(3 * 100 * 100), { width: 100, height: 100 }).length).toBeLessThan(200);
});
