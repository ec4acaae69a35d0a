import { isFloat32Array, show, uniformValues } from '@serial-oe/foundation';
import { engine, type Tensor2D, tensor2d, tidy, type Variable, variable } from '@tensorflow/tfjs-core';

/** What {@link ClassCentres} is made of. */
export interface ClassCentresOptions {
  nCentres: number;
  embeddingSize: number;
  random: () => number;
  isTrainable: boolean;
  /** The variable becomes `<name>/weight`, or `<name>_1/weight` and so on where that is taken. */
  name: string;
}

/** The directions that an ID loss on embeddings compares with: one variable `[nCentres, embeddingSize]`. */
export class ClassCentres {
  readonly weight: Variable;
  /** The name that was free. */
  readonly name: string;

  constructor({ nCentres, embeddingSize, random, isTrainable, name }: ClassCentresOptions) {
    this.name = unusedName(name);
    const bound = Math.sqrt(6 / (nCentres + embeddingSize)); // Glorot and Bengio, 2010
    const values = uniformValues(nCentres * embeddingSize, bound, random);
    this.weight = tidy(() =>
      variable(tensor2d(values, [nCentres, embeddingSize]), isTrainable, `${this.name}/weight`),
    );
  }

  /** A copy, row-major. */
  read(): Float32Array {
    return Float32Array.from(this.weight.dataSync());
  }

  /** As {@link read}, for backends that can only read asynchronously. */
  async readAsync(): Promise<Float32Array> {
    return Float32Array.from(await this.weight.data());
  }

  /** Throws unless the values are as many as the centres need, and finite. */
  check(where: string, values: unknown): asserts values is Float32Array {
    const isFit =
      isFloat32Array(values) && values.length === this.weight.size && values.every(Number.isFinite);
    if (!isFit) {
      const length = isFloat32Array(values) ? ` of length ${values.length}` : '';
      throw new RangeError(
        `${where}: weight must hold ${this.weight.size} finite values in a Float32Array, got ${show(values)}${length}.`,
      );
    }
  }

  write(values: Float32Array): void {
    tidy(() => {
      const restored: Tensor2D = tensor2d(values.slice(), this.weight.shape as [number, number]);
      this.weight.assign(restored);
    });
  }

  dispose(): void {
    this.weight.dispose();
  }
}

/** tfjs wants each variable name once in a process; numbers in order of construction are the same in every run. */
function unusedName(name: string): string {
  const isTaken = (candidate: string) => `${candidate}/weight` in engine().registeredVariables;
  let candidate = name;
  for (let i = 1; isTaken(candidate); i++) candidate = `${name}_${i}`;
  return candidate;
}
