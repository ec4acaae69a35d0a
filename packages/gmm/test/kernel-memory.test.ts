import { instantiateSmallKernel } from '@serial-oe/foundation';
import fc from 'fast-check';
import { type CoreLayout, layoutCore, PANEL, PANEL_STRIDE } from '../src/core-layout';
import { compileKernels, type Kernels } from '../src/kernel-module';
import { BLOCK_ROWS } from '../src/weighted-blocks';
import { normals } from './fixtures';

const BYTES = Float64Array.BYTES_PER_ELEMENT;
const REGIONS = ['rows', 'roots', 'mean', 'block', 'tiles', 'squares'] as const;
type Region = (typeof REGIONS)[number];
/** Guard words before, between and behind the regions, a number that no kernel computes. */
const GUARD_LENGTH = 8;
const GUARD = -1.234567890123e-77;

/** The regions of a core, of the sizes that its layout gives them, with guard words around each. */
function guardedMemory(layout: CoreLayout) {
  const ends = [...REGIONS.slice(1).map((name) => layout[name]), layout.end];
  const total = layout.end + (REGIONS.length + 1) * GUARD_LENGTH;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((total * BYTES) / 65_536) });
  const values = new Float64Array(memory.buffer).fill(GUARD);
  const regions = REGIONS.map((name, i) => {
    const shift = (i + 1) * GUARD_LENGTH;
    return [name, values.subarray(layout[name] + shift, ends[i]! + shift)] as const;
  });
  const region = Object.fromEntries(regions) as Record<Region, Float64Array>;
  const guards = () => {
    let written = 0;
    let at = 0;
    for (const [, { byteOffset, length }] of regions) {
      for (; at < byteOffset / BYTES; at++) if (values[at] !== GUARD) written++;
      at += length;
    }
    for (; at < values.length; at++) if (values[at] !== GUARD) written++;
    return written;
  };
  return { memory, region, countWrittenGuards: guards };
}

const address = (region: Float64Array) => region.byteOffset;

describe('the kernels write their results and nothing else', () => {
  const module = compileKernels()!;
  const shapes = fc.record({
    count: fc.oneof(fc.integer({ min: 1, max: BLOCK_ROWS }), fc.constantFrom(1, 63, 64)),
    nCols: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 70 })),
  });

  it('for any number of rows and columns', () => {
    const check = fc.property(shapes, ({ count, nCols }) => {
      const { memory, region, countWrittenGuards } = guardedMemory(layoutCore(nCols));
      const { rows, roots, mean, block, tiles, squares } = region;
      const kernels = instantiateSmallKernel<Kernels>(module, memory);
      for (const [i, part] of Object.values(region).entries()) part.set(normals(i + nCols, part.length));
      const inputs = () => [rows, roots, mean].map((part) => Array.from(part));
      const before = inputs();
      const nGroups = Math.ceil(count / PANEL);
      const nPanels = Math.ceil(nCols / PANEL);
      const stride = PANEL_STRIDE * BYTES;

      kernels.packRows(address(rows), nGroups, nCols, address(mean), address(block));
      const packed = [Array.from(block), Array.from(tiles)];
      kernels.whitenedSquares(address(block), nGroups, address(tiles), nCols, address(squares));
      expect([Array.from(block), Array.from(tiles)]).toEqual(packed);
      kernels.packColumns(
        ...[address(rows), address(roots), count, nCols, address(mean), address(block)],
        ...[stride],
      );
      kernels.scatterTiles(address(block), nPanels, count, stride, address(tiles));

      expect(countWrittenGuards()).toBe(0);
      expect(inputs()).toEqual(before);
    });
    fc.assert(check, { seed: 20_200_512, numRuns: 200, endOnFailure: false });
  });
});
