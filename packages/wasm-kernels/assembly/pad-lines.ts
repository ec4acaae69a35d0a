// Lines of an image, put with or without an activation into an image that has zeros around it.
import { FLOAT } from './simd';
import { swishRun } from './swish-run';

/** Each of nLines lines of x, `lineLength` values, to y, whose lines are yLineBytes apart: swish(x), or x alone. y may be x. */
export function padLines(
  x: usize,
  y: usize,
  nLines: i32,
  lineLength: i32,
  yLineBytes: usize,
  isSwish: bool,
): void {
  const xLineBytes = <usize>lineLength * FLOAT;
  let source = x;
  let target = y;
  for (let line = 0; line < nLines; line++) {
    if (isSwish) swishRun(source, target, lineLength);
    else memory.copy(target, source, xLineBytes);
    source += xLineBytes;
    target += yLineBytes;
  }
}
