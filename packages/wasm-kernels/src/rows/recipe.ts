import type { TensorInfo } from '@tensorflow/tfjs-core';
import { ACTIVATION_CODES, type Address } from '../runtime/kernel-exports';
import { sizeOf, type WasmRuntime } from '../runtime/wasm-runtime';
import type { RowRange } from './row-range';

/** What follows BatchNorm. */
type Activation = keyof typeof ACTIVATION_CODES;

/** act(norm(x)) gate: the output of BatchNorm, or of squeeze-excite after it. */
export interface ActivationRecipe {
  readonly kind: 'activation';
  /** `[batch, h, w, channels]` */
  readonly x: TensorInfo;
  /** `[4, channels]`, with PReLU `[5, channels]`: see assembly/batch-norm.ts */
  readonly norm: TensorInfo;
  readonly activation: Activation;
  /** `[batch, channels]` */
  readonly gate: TensorInfo | null;
}

/** The gradient of BatchNorm for its input. */
export interface NormGradientRecipe {
  readonly kind: 'norm-gradient';
  /** Gradient of the normalised values, before the activation, `[batch, h, w, channels]`. */
  readonly dz: TensorInfo;
  /** Input of BatchNorm, same shape. */
  readonly x: TensorInfo;
  /** `[4, channels]`, see assembly/batch-norm-gradient.ts */
  readonly coefficients: TensorInfo;
}

/** How values that are not stored follow from values that are: cheap enough to be computed at each use, in the cache. */
export type Recipe = ActivationRecipe | NormGradientRecipe;

/** Everything that a recipe reads. */
export function partsOf(recipe: Recipe): TensorInfo[] {
  if (recipe.kind === 'norm-gradient') return [recipe.dz, recipe.x, recipe.coefficients];
  return recipe.gate ? [recipe.x, recipe.norm, recipe.gate] : [recipe.x, recipe.norm];
}

/** The same recipe reading its parts, in the order of {@link partsOf}, from elsewhere. */
export function withParts<T extends Recipe>(recipe: T, parts: readonly TensorInfo[]): T {
  const [first, second, third] = parts;
  return recipe.kind === 'norm-gradient'
    ? { ...recipe, dz: first!, x: second!, coefficients: third! }
    : { ...recipe, x: first!, norm: second!, gate: third ?? null };
}

/** Computes rows of the values that a recipe describes, to `target`. */
export function evaluateRows(
  runtime: WasmRuntime,
  recipe: Recipe,
  { first, count, target }: RowRange & { target: Address },
): void {
  const { kernels } = runtime;
  const nChannels = recipe.x.shape[3]!;
  const rowBytes = 4 * nChannels;
  const x = runtime.addressOf(recipe.x) + first * rowBytes;
  if (recipe.kind === 'norm-gradient') {
    const dz = runtime.addressOf(recipe.dz) + first * rowBytes;
    kernels.normInputGradient(dz, x, count, nChannels, runtime.addressOf(recipe.coefficients), target);
    return;
  }
  const norm = runtime.addressOf(recipe.norm);
  const activation = ACTIVATION_CODES[recipe.activation];
  if (!recipe.gate) {
    kernels.normalize(x, count, nChannels, norm, activation, 0, target);
    return;
  }
  const gates = runtime.addressOf(recipe.gate);
  const rowsPerImage = recipe.x.shape[1]! * recipe.x.shape[2]!;
  for (let done = 0; done < count; ) {
    const image = Math.floor((first + done) / rowsPerImage);
    const n = Math.min(count - done, (image + 1) * rowsPerImage - first - done);
    const offset = done * rowBytes;
    const gate = gates + image * rowBytes;
    kernels.normalize(x + offset, n, nChannels, norm, activation, gate, target + offset);
    done += n;
  }
}

/** All values that a recipe describes. */
export function evaluate(runtime: WasmRuntime, recipe: Recipe): Float32Array {
  const size = sizeOf(recipe.x.shape);
  return runtime.withScratch([4 * size], ([target]) => {
    evaluateRows(runtime, recipe, { first: 0, count: size / recipe.x.shape[3]!, target });
    return runtime.floats(target, size).slice();
  });
}
