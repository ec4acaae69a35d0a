/** An address in the backend's memory, in bytes. */
export type Address = number;
/** 0 or 1: WebAssembly has no booleans. */
type Flag = number;

/** Activations by their numbers in assembly/batch-norm.ts. */
export const ACTIVATION_CODES = { none: 0, swish: 1, prelu: 2 } as const;
type ActivationCode = (typeof ACTIVATION_CODES)[keyof typeof ACTIVATION_CODES];

/**
 * The functions of assembly/, where each is described. Matrices are row-major float32; `[rows, channels]` is an NHWC
 * tensor seen as one row of channels a pixel. Addresses that may be absent are 0 then.
 */
export interface KernelExports {
  packRight(b: Address, packed: Address, rows: number, n: number): void;
  packRightTransposed(b: Address, packed: Address, rows: number, n: number): void;
  packLeft(x: Address, packed: Address, rows: number, n: number): void;
  multiply(a: Address, packedB: Address, c: Address, m: number, k: number, n: number): void;
  finishRows(c: Address, rows: number, n: number, bias: Address, residual: Address, isSwish: Flag): void;
  multiplyTransposed(
    packedA: Address,
    packedB: Address,
    c: Address,
    rows: number,
    k: number,
    n: number,
  ): void;
  multiplyBiased(
    a: Address,
    packedB: Address,
    c: Address,
    m: number,
    k: number,
    n: number,
    bias: Address,
    residual: Address,
  ): void;
  scalePanels(packed: Address, factor: Address, scaled: Address, rows: number, n: number): void;

  depthwise(x: Address, filter: Address, y: Address, geometry: Address, channels: number): void;
  depthwiseSwish(
    x: Address,
    filter: Address,
    bias: Address,
    y: Address,
    sums: Address,
    nLines: number,
    width: number,
    lineBytes: number,
    channels: number,
    kernelSize: number,
    stride: number,
  ): void;
  padLines(
    x: Address,
    y: Address,
    nLines: number,
    lineLength: number,
    yLineBytes: number,
    isSwish: Flag,
  ): void;
  depthwiseInputGradient(
    dy: Address,
    filter: Address,
    dx: Address,
    geometry: Address,
    channels: number,
  ): void;
  depthwiseFilterGradient(
    x: Address,
    dy: Address,
    dFilter: Address,
    geometry: Address,
    channels: number,
  ): void;
  convolve(
    x: Address,
    packedB: Address,
    c: Address,
    nPixels: number,
    outWidth: number,
    lineBytes: number,
    lineStep: number,
    pixelStep: number,
    kernelHeight: number,
    runLength: number,
    n: number,
  ): void;
  turnFilter(filter: Address, turned: Address, nTaps: number, nIn: number, nOut: number): void;
  convolveGradient(
    x: Address,
    dy: Address,
    dFilter: Address,
    nLines: number,
    outWidth: number,
    lineBytes: number,
    lineStep: number,
    pixelStep: number,
    kernelHeight: number,
    runLength: number,
    n: number,
  ): void;
  maxPoolGradient(
    x: Address,
    y: Address,
    dy: Address,
    dx: Address,
    geometry: Address,
    channels: number,
  ): void;
  unfold(
    x: Address,
    patches: Address,
    geometry: Address,
    channels: number,
    firstPixel: number,
    nPixels: number,
  ): void;
  fold(
    patches: Address,
    x: Address,
    geometry: Address,
    channels: number,
    firstPixel: number,
    nPixels: number,
  ): void;

  winogradInput(
    x: Address,
    lineBytes: number,
    tileColumns: number,
    first: number,
    count: number,
    channels: number,
    target: Address,
    planeBytes: number,
    octetBytes: number,
    quadBytes: number,
    tileBytes: number,
    buffer: Address,
  ): void;
  winogradGradient(
    dy: Address,
    lineBytes: number,
    tileColumns: number,
    first: number,
    count: number,
    channels: number,
    target: Address,
    planeBytes: number,
    octetBytes: number,
    quadBytes: number,
    tileBytes: number,
    buffer: Address,
  ): void;
  winogradOutput(
    products: Address,
    planeBytes: number,
    tileColumns: number,
    first: number,
    count: number,
    channels: number,
    y: Address,
    height: number,
    width: number,
    buffer: Address,
  ): void;
  winogradMultiply(
    a: Address,
    aBytes: number,
    packedB: Address,
    bBytes: number,
    c: Address,
    cBytes: number,
    m: number,
    k: number,
    n: number,
  ): void;
  winogradMultiplyTransposed(
    packedA: Address,
    aBytes: number,
    packedB: Address,
    bBytes: number,
    c: Address,
    cBytes: number,
    rows: number,
    k: number,
    n: number,
  ): void;
  winogradFilter(
    filter: Address,
    target: Address,
    planeBytes: number,
    nIn: number,
    nOut: number,
    buffer: Address,
  ): void;
  winogradFilterGradient(
    gradient: Address,
    planeBytes: number,
    dFilter: Address,
    size: number,
    buffer: Address,
  ): void;

  gatherStatistics(x: Address, rows: number, channels: number, state: Address): void;
  finishStatistics(state: Address, channels: number, mean: Address, variance: Address): void;
  makeNorm(
    mean: Address,
    variance: Address,
    gamma: Address,
    beta: Address,
    channels: number,
    epsilon: number,
    slope: Address,
    norm: Address,
  ): void;
  normalize(
    x: Address,
    rows: number,
    channels: number,
    norm: Address,
    activation: ActivationCode,
    gate: Address,
    y: Address,
  ): void;
  normalizeWithSlope(
    x: Address,
    rows: number,
    channels: number,
    norm: Address,
    y: Address,
    slope: Address,
  ): void;
  gatherNormGradient(
    dy: Address,
    x: Address,
    rows: number,
    channels: number,
    norm: Address,
    activation: ActivationCode,
    dz: Address,
    state: Address,
  ): void;
  gatherScaledGradient(
    dy: Address,
    slope: Address,
    x: Address,
    rows: number,
    channels: number,
    norm: Address,
    dz: Address,
    state: Address,
  ): void;
  finishNormGradient(
    state: Address,
    rows: number,
    channels: number,
    norm: Address,
    dGamma: Address,
    dBeta: Address,
    dSlope: Address,
    coefficients: Address,
  ): void;
  normInputGradient(
    dz: Address,
    x: Address,
    rows: number,
    channels: number,
    coefficients: Address,
    dx: Address,
  ): void;

  addRows(x: Address, rows: number, channels: number, sums: Address): void;
  addRowProducts(x: Address, y: Address, rows: number, channels: number, sums: Address): void;
  scaleRows(x: Address, rows: number, channels: number, factor: Address, offset: Address, y: Address): void;
  repeatRow(x: Address, rows: number, channels: number, factor: number, y: Address): void;

  addValues(a: Address, b: Address, y: Address, n: number): void;
  scaleValues(x: Address, factor: number, y: Address, n: number): void;
  swishValues(x: Address, y: Address, n: number): void;
  sigmoidValues(x: Address, y: Address, n: number): void;
  swishGradient(dy: Address, x: Address, dx: Address, n: number): void;
  sigmoidGradient(dy: Address, y: Address, dx: Address, n: number): void;

  adamW(
    p: Address,
    gradient: Address,
    m: Address,
    v: Address,
    nextP: Address,
    nextM: Address,
    nextV: Address,
    n: number,
    beta1: number,
    gain1: number,
    beta2: number,
    gain2: number,
    decay: number,
    rate: number,
    epsilon: number,
  ): void;
}

/** Bytes of the state of `gatherStatistics`, zeros at the start. */
export const statisticsBytes = (channels: number): number => 8 + 28 * channels;

/** Float64 sums a channel with which the state of `gatherNormGradient` begins. */
export const N_NORM_GRADIENT_SUMS = 3;

/** Bytes of the state of `gatherNormGradient`, zeros at the start. */
export const normGradientBytes = (channels: number): number => 12 * N_NORM_GRADIENT_SUMS * channels;

/** Bytes of n columns packed by `packRight` or `packRightTransposed`. */
export const packedRightBytes = (rows: number, n: number): number => 32 * rows * Math.ceil(n / 8);

/** Bytes of n columns packed by `packLeft`. */
export const packedLeftBytes = (rows: number, n: number): number => 16 * rows * Math.ceil(n / 4);
