import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import {
  restoreWebAssembly,
  watchWebAssembly,
  withoutWebAssembly,
} from '@serial-oe/tooling/test-support/watch-web-assembly';
import fc from 'fast-check';
import { planFft } from '../src/fft-plan';
import { KERNEL_BINARY } from '../src/generated/kernel-binary';
import { MelSpectrogram, type MelSpectrogramOptions } from '../src/index';
import { createTypescriptCore, type MelCore, type MelCoreSetup } from '../src/mel-core';
import { melBands } from '../src/mel-filterbank';
import { createWasmCore, isForWasm } from '../src/wasm-core';
import { WindowedFrames } from '../src/windowed-frames';

const RUNS = { seed: 20_200_512, numRuns: 200, endOnFailure: false };

function signal(length: number, seed = 1): Float32Array {
  return Float32Array.from(formulaValues(`signal ${seed}`, length));
}

function setupOf(options: MelSpectrogramOptions): MelCoreSetup {
  const { nFft, hopLength, window } = new WindowedFrames('test', options);
  return { nFft, hopLength, window, bands: melBands('test', options), power: options.power ?? 1 };
}

/** Powers of four and others, hops that divide nothing, and numbers of frames around a block of 64. */
const problems = fc
  .record({
    nFft: fc.constantFrom(4, 8, 16, 32, 64, 128, 256, 512, 2048),
    hopShare: fc.double({ min: 0.01, max: 1, noNaN: true }),
    winShare: fc.double({ min: 0.1, max: 1, noNaN: true }),
    nFrames: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom(63, 64, 65, 127, 128, 129)),
    nMels: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.constantFrom(40, 224)),
    fMin: fc.constantFrom(0, 50, 3000),
    power: fc.constantFrom(1, 2),
    norm: fc.constantFrom(null, 'slaney' as const),
    scale: fc.constantFrom(1, 1e-30, 1e30, 0),
    seed: fc.nat(1000),
  })
  .map(({ hopShare, winShare, ...rest }) => ({
    ...rest,
    hopLength: Math.max(1, Math.floor(rest.nFft * hopShare)),
    winLength: Math.max(1, Math.floor(rest.nFft * winShare)),
  }));

describe('the WebAssembly core', () => {
  it('equals the TypeScript core bit for bit', () => {
    const property = fc.property(problems, ({ nFrames, scale, seed, ...options }) => {
      const setup = setupOf(options);
      const length = (nFrames - 1) * setup.hopLength + setup.nFft;
      const waveform = signal(length, seed).map((sample) => sample * scale);
      const other = signal(length, seed + 1);
      const run = (core: MelCore, samples: Float32Array) => {
        const out = new Float32Array(setup.bands.nMels * nFrames).fill(NaN);
        core(samples, nFrames, out);
        return out;
      };
      const wasm = createWasmCore(setup)!;
      const first = run(wasm, waveform);
      expect(first).toEqual(run(createTypescriptCore(setup), waveform));
      run(wasm, other);
      expect(run(wasm, waveform)).toEqual(first); // its tables are as they were
    });
    fc.assert(property, RUNS);
  });

  it('takes what it can do: two powers, frames that overlap or touch, sizes up to 65536', () => {
    expect(isForWasm(setupOf({}))).toBe(true);
    expect(isForWasm(setupOf({ power: 2, hopLength: 2048 }))).toBe(true);
    expect(isForWasm(setupOf({ power: 1.5 }))).toBe(false);
    expect(isForWasm(setupOf({ hopLength: 2049 }))).toBe(false);
    expect(isForWasm(setupOf({ nFft: 2 ** 17 }))).toBe(false);
  });

  it('imports a memory and nothing else, and compiles synchronously on any main thread', () => {
    const bytes = Buffer.from(KERNEL_BINARY, 'base64');
    expect(bytes.length).toBeLessThan(4096); // Chrome's limit up to version 113
    const module = new WebAssembly.Module(bytes);
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: 'env', name: 'memory', kind: 'memory' }]);
    const imports = { env: { memory: {} as WebAssembly.Memory } };
    expect(() => new WebAssembly.Instance(module, imports)).toThrow(WebAssembly.LinkError);
  });
});

it.each([2, 4, 8, 16, 32, 64, 128])('the plan of a transform of %i numbers is a DFT', (size) => {
  const { firstRadix, order, steps } = planFft(size);
  const input = formulaValues('numbers', 2 * size);
  const z = new Float64Array(2 * size);
  // The first step by the definition, reading in the plan's order.
  order.forEach((first, t) => {
    for (let k = 0; k < firstRadix; k++) {
      for (let n = 0; n < firstRadix; n++) {
        const from = 2 * (first + (n * size) / firstRadix);
        const angle = (-2 * Math.PI * k * n) / firstRadix;
        const at = 2 * (t * firstRadix + k);
        z[at]! += input[from]! * Math.cos(angle) - input[from + 1]! * Math.sin(angle);
        z[at + 1]! += input[from]! * Math.sin(angle) + input[from + 1]! * Math.cos(angle);
      }
    }
  });
  for (const { length, factors } of steps) {
    for (let start = 0; start < size; start += 4 * length) {
      for (let j = 0; j < length; j++) combine(z, start + j, length, factors.subarray(6 * j, 6 * j + 6));
    }
  }
  for (let k = 0; k < size; k++) {
    let real = 0;
    let imag = 0;
    for (let n = 0; n < size; n++) {
      const angle = (-2 * Math.PI * k * n) / size;
      real += input[2 * n]! * Math.cos(angle) - input[2 * n + 1]! * Math.sin(angle);
      imag += input[2 * n]! * Math.sin(angle) + input[2 * n + 1]! * Math.cos(angle);
    }
    expect(z[2 * k]).toBeCloseTo(real, 10);
    expect(z[2 * k + 1]).toBeCloseTo(imag, 10);
  }
});

/** Numbers at, at + length, .. times 1 and the three factors, then a transform of four, in place. */
function combine(z: Float64Array, at: number, length: number, factors: Float64Array): void {
  const turned = [0, 1, 2, 3].map((n): [number, number] => {
    const [real, imag] = [z[2 * (at + n * length)]!, z[2 * (at + n * length) + 1]!];
    const [cos, sin] = n === 0 ? [1, 0] : [factors[2 * n - 2]!, factors[2 * n - 1]!];
    return [real * cos - imag * sin, real * sin + imag * cos];
  });
  const powersOfMinusI = [
    [1, 0],
    [0, -1],
    [-1, 0],
    [0, 1],
  ] as const;
  for (let k = 0; k < 4; k++) {
    let sum: [number, number] = [0, 0];
    for (const [n, [real, imag]] of turned.entries()) {
      const [cos, sin] = powersOfMinusI[(k * n) % 4]!;
      sum = [sum[0] + real * cos - imag * sin, sum[1] + real * sin + imag * cos];
    }
    [z[2 * (at + k * length)], z[2 * (at + k * length) + 1]] = sum;
  }
}

describe('MelSpectrogram takes WebAssembly', () => {
  const options = { nFft: 64, hopLength: 16, nMels: 5 };
  const long = signal(16 * 32);
  const expected = new Float32Array(5 * 33);
  const setup = setupOf(options);
  const padded = new WindowedFrames('test', options).pad('test', long);
  createTypescriptCore(setup)(padded, 33, expected);

  afterEach(() => {
    restoreWebAssembly();
    jest.restoreAllMocks();
  });

  it('once an object, at the first long clip', () => {
    const made = watchWebAssembly('Module');
    const mel = new MelSpectrogram(options);
    mel.compute(long.subarray(0, 100));
    expect(made.count).toBe(0);
    expect(mel.compute(long).data).toEqual(expected);
    expect(mel.compute(long).data).toEqual(expected);
    expect(made.count).toBe(1);
  });

  it('and not where the kernels cannot do it', () => {
    const made = watchWebAssembly('Module');
    new MelSpectrogram({ ...options, power: 3 }).compute(long);
    expect(made.count).toBe(0);
  });

  it('and gives the same in an engine without SIMD', () => {
    jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const made = watchWebAssembly('Module');
    expect(new MelSpectrogram(options).compute(long).data).toEqual(expected);
    expect(made.count).toBe(0);
  });

  it('and gives the same in an engine without WebAssembly', () => {
    const { data } = withoutWebAssembly(() => new MelSpectrogram(options).compute(long));
    expect(data).toEqual(expected);
  });

  it.each([
    ["a page's policy forbids compiling", 'Module', new WebAssembly.CompileError('violates the policy')],
    ['no memory can be had', 'Memory', new RangeError('could not allocate memory')],
  ] as const)('and gives the same where %s', (_, member, failure) => {
    watchWebAssembly(member, failure);
    expect(new MelSpectrogram(options).compute(long).data).toEqual(expected);
  });

  it('and hides no other error', () => {
    watchWebAssembly('Module', new TypeError('out of the blue'));
    expect(() => new MelSpectrogram(options).compute(long)).toThrow('out of the blue');
  });
});
