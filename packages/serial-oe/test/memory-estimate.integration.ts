import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { resolveConfig } from '../src';
import { estimateHeapBytes } from '../src/training/memory-plan';

const SCRIPT = join(__dirname, '../../../tools/experiments/step-memory.mjs');
/** The estimate may lie below what is measured by this share of it, and above by the other one plus the bytes. */
const TOLERANCE = { below: 0.1, above: 0.4, bytes: 120 * 2 ** 20 };

describe('estimateHeapBytes', () => {
  it.each([
    ['wasm', 32, [224, 126]],
    ['wasm', 64, [128, 63]],
    ['tfjs', 8, [224, 126]],
    ['tfjs', 32, [128, 63]],
  ] as const)('is near the measured heap: %s, %i samples of %j', (ops, batch, inputShape) => {
    const args = ['--child', '--ops', ops, '--batch', String(batch), '--shape', inputShape.join('x')];
    const measured = JSON.parse(execFileSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' }));
    const estimate = estimateHeapBytes(batch, {
      config: resolveConfig('paper'),
      inputShape,
      nMachineIds: 4,
      operations: ops === 'tfjs' ? 'tfjs' : 'wasm-simd',
    });
    const { heapBytes } = measured as { heapBytes: number };
    expect(estimate).toBeGreaterThan((1 - TOLERANCE.below) * heapBytes);
    expect(estimate).toBeLessThan((1 + TOLERANCE.above) * heapBytes + TOLERANCE.bytes);
  });
});
