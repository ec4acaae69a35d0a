import { allocateKernelMemory, compileSmallKernel, instantiateSmallKernel } from '../src/index';

/** (module (import "env" "memory" (memory 1)) (func (export "load") (param i32) (result i32) local.get 0 i32.load)) */
const LOAD = Buffer.from(
  '0061736d01000000' + // magic, version
    '0106016001' +
    '7f017f' + // type: i32 -> i32
    '020f01' +
    '03656e76' +
    '066d656d6f7279' +
    '020001' + // import env.memory
    '03020100' + // function 0 of type 0
    '070801' +
    '046c6f6164' +
    '0000' + // export load
    '0a09010700' +
    '20002802000b', // local.get 0, i32.load align 2
  'hex',
).toString('base64');

describe('compileSmallKernel', () => {
  afterEach(() => jest.restoreAllMocks());

  it('compiles a kernel that runs on a given memory', () => {
    const memory = allocateKernelMemory(100);
    new Int32Array(memory.buffer)[2] = 77;
    const module = compileSmallKernel(LOAD)!;
    const { load } = instantiateSmallKernel<{ load(address: number): number }>(module, memory);
    expect(load(8)).toBe(77);
  });

  it('is undefined where the engine cannot run it', () => {
    jest.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    expect(compileSmallKernel(LOAD)).toBeUndefined();
  });

  it("is undefined where a page's policy forbids compiling", () => {
    jest.spyOn(WebAssembly, 'Module').mockImplementation(() => {
      throw new WebAssembly.CompileError('blocked by CSP');
    });
    expect(compileSmallKernel(LOAD)).toBeUndefined();
  });

  it('is undefined where there is no WebAssembly', () => {
    const { WebAssembly: held } = globalThis;
    try {
      Reflect.deleteProperty(globalThis, 'WebAssembly');
      expect(compileSmallKernel(LOAD)).toBeUndefined();
    } finally {
      globalThis.WebAssembly = held;
    }
  });

  it('passes other errors on', () => {
    jest.spyOn(WebAssembly, 'Module').mockImplementation(() => {
      throw new RangeError('out of memory');
    });
    expect(() => compileSmallKernel(LOAD)).toThrow('out of memory');
  });
});

describe('allocateKernelMemory', () => {
  it.each([
    [1, 65_536],
    [65_536, 65_536],
    [65_537, 131_072],
  ])('of %d bytes has %d', (nBytes, expected) => {
    expect(allocateKernelMemory(nBytes).buffer.byteLength).toBe(expected);
  });

  it('refuses what no memory of WebAssembly holds', () => {
    expect(() => allocateKernelMemory(2 ** 32 + 1)).toThrow(
      new RangeError('foundation.allocateKernelMemory: nBytes must be at most 4294967296, got 4294967297.'),
    );
  });
});
