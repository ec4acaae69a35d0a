// Digits as someone might write them: strokes through a few points, slanted, stretched, moved and blurred at random.
import { seededRandom } from '@serial-oe/datasets';

export const IMAGE_SIZE = 28;
export const N_CLASSES = 10;

export interface Digits {
  /** `[n, 28, 28]`, 0 is paper and 1 is ink, with noise. */
  pixels: Float32Array;
  /** Which digit, `[n]`. */
  labels: Int32Array;
}

type Point = readonly [x: number, y: number];

/** Points of each digit's stroke in the unit square, y downwards. */
// biome-ignore format: a table
const STROKES: readonly (readonly Point[])[] = [
  [[0.5, 0], [0.15, 0.25], [0.15, 0.75], [0.5, 1], [0.85, 0.75], [0.85, 0.25], [0.5, 0]],
  [[0.3, 0.2], [0.55, 0], [0.55, 1]],
  [[0.15, 0.25], [0.4, 0], [0.8, 0.15], [0.8, 0.4], [0.15, 1], [0.85, 1]],
  [[0.2, 0.05], [0.8, 0.1], [0.45, 0.45], [0.85, 0.7], [0.5, 1], [0.15, 0.9]],
  [[0.65, 1], [0.65, 0], [0.1, 0.65], [0.9, 0.65]],
  [[0.8, 0], [0.25, 0], [0.2, 0.45], [0.7, 0.45], [0.85, 0.7], [0.6, 1], [0.15, 0.95]],
  [[0.7, 0], [0.3, 0.4], [0.15, 0.75], [0.45, 1], [0.8, 0.8], [0.6, 0.5], [0.2, 0.65]],
  [[0.1, 0], [0.85, 0], [0.4, 1]],
  [[0.5, 0.45], [0.2, 0.25], [0.5, 0], [0.8, 0.25], [0.5, 0.45], [0.15, 0.75], [0.5, 1], [0.85, 0.75], [0.5, 0.45]],
  [[0.8, 0.35], [0.5, 0.5], [0.2, 0.25], [0.5, 0], [0.8, 0.2], [0.75, 0.6], [0.5, 1]],
];

/** Draws n digits, each class equally often, in random order. */
export function drawDigits(n: number, seed: number): Digits {
  const random = seededRandom(seed);
  const size = IMAGE_SIZE ** 2;
  const digits: Digits = { pixels: new Float32Array(n * size), labels: new Int32Array(n) };
  const order = Array.from({ length: n }, (_, i) => ({ digit: i % N_CLASSES, key: random() }));
  order.sort((a, b) => a.key - b.key);
  for (const [i, { digit }] of order.entries()) {
    digits.labels[i] = digit;
    draw(STROKES[digit]!, random, digits.pixels.subarray(i * size, (i + 1) * size));
  }
  return digits;
}

function draw(stroke: readonly Point[], random: () => number, image: Float32Array): void {
  const between = (low: number, high: number) => low + (high - low) * random();
  const [width, height, slant] = [between(9, 15), between(15, 21), between(-0.35, 0.35)];
  const [centreX, centreY, thickness] = [between(11, 16), between(12, 15), between(0.8, 1.7)];
  const points = stroke.map(([x, y]): Point => {
    const [right, down] = [x - 0.5 + between(-0.05, 0.05), y - 0.5 + between(-0.05, 0.05)];
    return [centreX + width * (right - slant * down), centreY + height * down];
  });
  for (let i = 0; i < image.length; i++) {
    const pixel: Point = [i % IMAGE_SIZE, Math.floor(i / IMAGE_SIZE)];
    const distances = points.slice(1).map((end, j) => distanceToSegment(pixel, points[j]!, end));
    const ink = Math.min(1, Math.max(0, thickness + 0.5 - Math.min(...distances)));
    image[i] = ink + between(-0.25, 0.25);
  }
}

function distanceToSegment([x, y]: Point, [x0, y0]: Point, [x1, y1]: Point): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
