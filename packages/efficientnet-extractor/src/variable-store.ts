import { normalValues, seededRandom, uniformValues } from '@serial-oe/foundation';
import type { WeightArray, WeightMap } from '@serial-oe/safetensors';
import { engine, type Tensor, tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { checkFinite, checkWeights } from './check-weights';
import type { Initializer, ParameterSpec } from './parameters';

export interface VariableStoreOptions {
  /** Of the initial values, an integer >= 0. */
  seed: number;
  /** What the network is called in the names of its variables. */
  networkName: string;
  /** The package that speaks in messages. */
  packageName: string;
  /** Values of all tensors, in place of drawn ones. */
  weights?: ReadonlyMap<string, WeightArray> | undefined;
}

/** The tensors of one network as tf.Variables, by the names of {@link ParameterSpec}. */
export class VariableStore {
  readonly specs: readonly ParameterSpec[];
  readonly #packageName: string;
  /** Put before each name, so that several networks can live in one engine. */
  readonly prefix: string;
  readonly #variables = new Map<string, Variable>();

  /** @throws WeightMismatchError or RangeError for weights that are not those of the network */
  constructor(
    specs: readonly ParameterSpec[],
    { seed, networkName, packageName, weights }: VariableStoreOptions,
  ) {
    this.specs = specs;
    this.#packageName = packageName;
    this.prefix = freePrefix(networkName, specs);
    if (weights !== undefined) this.#check('createExtractor', weights, specs);
    const random = seededRandom(seed, 'weights');
    try {
      for (const { name, shape, initializer, isTrainable } of specs) {
        const values = weights?.get(name)?.data.slice() ?? initialValues(shape, initializer, random);
        const create = () =>
          variable(tensor(values, shape, 'float32'), isTrainable, `${this.prefix}/${name}`);
        this.#variables.set(name, tidy(create));
      }
    } catch (error) {
      this.dispose(); // of a network that does not fit into the memory nothing stays there
      throw error;
    }
  }

  /** The variable of that name. */
  get<T extends Tensor>(name: string): T & Variable {
    const found = this.#variables.get(name);
    if (found === undefined) throw new Error(`${this.#packageName}: no variable named ${name}`);
    return found as unknown as T & Variable;
  }

  /** Trainable variables or running statistics, in the order of the forward pass. */
  list(isTrainable: boolean): Variable[] {
    return this.specs.filter((spec) => spec.isTrainable === isTrainable).map(({ name }) => this.get(name));
  }

  toWeights(): WeightMap {
    return new Map(
      this.specs.map(({ name, shape }) => [
        name,
        { shape: [...shape], data: Float32Array.from(this.get(name).dataSync()) },
      ]),
    );
  }

  async toWeightsAsync(): Promise<WeightMap> {
    const entries = this.specs.map(async ({ name, shape }): Promise<[string, WeightArray]> => {
      const data = Float32Array.from(await this.get(name).data());
      return [name, { shape: [...shape], data }];
    });
    return new Map(await Promise.all(entries));
  }

  /** Sets the tensors that `selected` picks, all or none, from weights with exactly those names. */
  load(caller: string, weights: ReadonlyMap<string, WeightArray>, selected = this.specs): void {
    this.#check(caller, weights, selected);
    tidy(() => {
      for (const { name, shape } of selected) {
        this.get(name).assign(tensor(weights.get(name)!.data.slice(), shape, 'float32'));
      }
    });
  }

  #check(
    caller: string,
    weights: ReadonlyMap<string, WeightArray>,
    selected: readonly ParameterSpec[],
  ): void {
    const where = `${this.#packageName}.${caller}`;
    checkWeights(where, new Map(selected.map(({ name, shape }) => [name, shape])), weights);
    checkFinite(where, weights);
  }

  dispose(): void {
    for (const each of this.#variables.values()) each.dispose();
    this.#variables.clear();
  }
}

/** The first of `name`, `name_1`, `name_2`, ... that no living variable uses. */
function freePrefix(networkName: string, specs: readonly ParameterSpec[]): string {
  const taken = engine().state.registeredVariables;
  const first = specs[0]!.name;
  for (let i = 0; ; i++) {
    const prefix = i === 0 ? networkName : `${networkName}_${i}`;
    if (taken[`${prefix}/${first}`] === undefined) return prefix;
  }
}

function initialValues(shape: number[], initializer: Initializer, random: () => number): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  switch (initializer.kind) {
    case 'normal':
      return normalValues(length, initializer.std, random);
    case 'uniform':
      return uniformValues(length, initializer.bound, random);
    case 'constant':
      return new Float32Array(length).fill(initializer.value);
  }
}
