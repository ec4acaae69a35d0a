import '@tensorflow/tfjs-backend-wasm';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import {
  engine,
  mean,
  memory,
  ones,
  setBackend,
  slice,
  square,
  type Tensor4D,
  tidy,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import {
  createExtractor,
  type Extractor,
  type ExtractorOptions,
  importPretrained,
  inferenceNetwork,
  inspectPretrained,
  WeightMismatchError,
} from '../src/index';
import { formulaExtractor, formulaInput, golden, probe, probeGradients } from './parity-support';
import { isSameWeights } from './same-weights';

const INPUT_SHAPE = [64, 32] as const;
const open: Extractor[] = [];

function create(options: Partial<ExtractorOptions> = {}): Extractor {
  const extractor = createExtractor({ nMachineIds: 3, inputShape: INPUT_SHAPE, ...options });
  open.push(extractor);
  return extractor;
}

beforeAll(() => setBackend('wasm'));
afterEach(() => {
  for (const extractor of open.splice(0)) extractor.dispose();
});

const small = golden.cases.small;

describe('createExtractor', () => {
  it('has the sizes of EfficientNet-B0, neck and heads', () => {
    const extractor = create({ nMachineIds: 7 });
    const count = (variables: { size: number }[]) => variables.reduce((total, { size }) => total + size, 0);
    // timm counts 4,007,548 without classifier for RGB; the stem has 3 * 3 * 32 for each of two more channels.
    const backbone = 4_007_548 - 2 * 288;
    const neck = 1280 * 128 + 128 + 2 * 128 + 1 + 128 * 128 + 128;
    expect(count(extractor.variables)).toBe(backbone + neck + 2 + 128 * 7);
    expect(extractor.stateVariables).toHaveLength(2 * 50);
    expect(extractor.variables.every((variable) => variable.trainable)).toBe(true);
    expect(extractor.stateVariables.some((variable) => variable.trainable)).toBe(false);
  });

  it('starts the type head where it is told to, and nothing else elsewhere', () => {
    const [drawn, started] = [create({ seed: 4 }), create({ seed: 4, typeHeadStart: 3 })];
    const [before, after] = [drawn.toWeights(), started.toWeights()];
    const isSame = (name: string) =>
      isSameWeights(new Map([[name, before.get(name)!]]), new Map([[name, after.get(name)!]]));
    const changed = [...after.keys()].filter((name) => !isSame(name));
    expect(changed).toEqual(['type_head.weight', 'type_head.bias']);
    tidy(() => {
      const { embedding, typeLogits } = started.forward(
        formulaInput({ inputShape: [2, ...INPUT_SHAPE, 1] }),
        { training: false },
      );
      const squares = mean(square(embedding), 1).arraySync() as number[];
      expectAllClose(
        typeLogits.dataSync(),
        squares.map((each) => 3 * (each - 1)),
        { rtol: 1e-5, atol: 1e-5 },
      );
    });
    expect(() => create({ typeHeadStart: 0 })).toThrow(
      /typeHeadStart must be a finite number above 0, got 0/,
    );
  });

  it('names its variables alike in every process, and apart from those of another extractor', () => {
    const first = create();
    const second = create();
    expect(first.variables[0]!.name).toBe('extractor/conv_stem.weight');
    expect(second.variables[0]!.name).toBe('extractor_1/conv_stem.weight');
    first.dispose();
    expect(create().variables[0]!.name).toBe('extractor/conv_stem.weight');
  });

  it('starts from the same weights for the same seed and from others for another', () => {
    const weights = create({ seed: 3 }).toWeights();
    expect(isSameWeights(create({ seed: 3 }).toWeights(), weights)).toBe(true);
    const other = create({ seed: 4 }).toWeights();
    expect(other.get('conv_head.weight')!.data[0]).not.toBe(weights.get('conv_head.weight')!.data[0]);
    expect(isSameWeights(other, weights)).toBe(false);
  });

  it("starts as timm's _init_weight_goog and PyTorch's Linear do", () => {
    const weights = create({ nMachineIds: 5, seed: 1 }).toWeights();
    const deviation = (name: string) => {
      const { data } = weights.get(name)!;
      return Math.sqrt(data.reduce((total, value) => total + value * value, 0) / data.length);
    };
    expectAllClose(deviation('conv_head.weight'), Math.sqrt(2 / 1280), { rtol: 0.02, atol: 0 });
    expectAllClose(deviation('blocks.4.1.conv_dw.weight'), Math.sqrt(2 / 25), { rtol: 0.02, atol: 0 });
    expectAllClose(deviation('blocks.5.1.se.conv_reduce.weight'), Math.sqrt(2 / 48), { rtol: 0.02, atol: 0 });
    expectAllClose(deviation('neck.linear1.weight'), 1 / Math.sqrt(3 * 1280), { rtol: 0.02, atol: 0 });
    const bound = 1 / Math.sqrt(128);
    const idHead = weights.get('id_head.weight')!.data;
    expect(Math.max(...idHead.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(Math.max(...idHead.map(Math.abs))).toBeGreaterThan(0.97 * bound);
    expect([...weights.get('neck.prelu.weight')!.data]).toEqual([0.25]);
    expect(weights.get('bn1.running_var')!.data.every((value) => value === 1)).toBe(true);
  });

  it.each([
    [{ nMachineIds: -1 }, /nMachineIds must be a whole number of at least 0, got -1/],
    [{ nMachineIds: 1.5 }, /nMachineIds/],
    [{ embeddingSize: 0 }, /embeddingSize must be a whole number of at least 1, got 0/],
    [{ inputShape: [0, 10] }, /inputShape\[0\]/],
    [{ dropoutRate: 1 }, /dropoutRate must be a number in \[0, 1\), got 1/],
    [{ dropoutRate: Number.NaN }, /dropoutRate/],
    [{ seed: 0.5 }, /seed/],
  ] as [Partial<ExtractorOptions>, RegExp][])('refuses %j', (options, message) => {
    expect(() => create(options)).toThrow(message);
    expect(() => create(options)).toThrow(RangeError);
  });
});

describe('unknown options', () => {
  const unknown = (where: string, name: string, meant: string) =>
    new TypeError(`efficientnet-extractor.${where}: unknown option '${name}'. Did you mean '${meant}'?`);

  it('are errors that name the one that was meant', () => {
    const options = { nMachineIds: 3, dropout_rate: 0.1 } as ExtractorOptions;
    expect(() => createExtractor(options)).toThrow(unknown('createExtractor', 'dropout_rate', 'dropoutRate'));
    const extractor = create();
    tidy(() => {
      const x: Tensor4D = ones([2, 64, 32, 1]);
      const drop = { training: true, dropOutSeed: 1 };
      expect(() => extractor.forward(x, drop)).toThrow(unknown('forward', 'dropOutSeed', 'dropoutSeed'));
      const train = { train: true } as never;
      expect(() => extractor.forwardStages(x, train)).toThrow(unknown('forwardStages', 'train', 'training'));
    });
    const shape = { input_shape: [64, 32] } as never;
    expect(() => inferenceNetwork(extractor.toWeights(), shape)).toThrow(
      unknown('inferenceNetwork', 'input_shape', 'inputShape'),
    );
    const bytes = new Uint8Array(8);
    expect(() => importPretrained(bytes, { expectedSHA: 'a' } as object)).toThrow(
      "efficientnet-extractor.importPretrained: unknown option 'expectedSHA'.",
    );
    expect(() => inspectPretrained(bytes, { source: 'a' } as object)).toThrow(
      "efficientnet-extractor.inspectPretrained: unknown option 'source'.",
    );
  });

  it('are none where the whole configuration of an extractor comes along', () => {
    const extractor = create();
    const { inputShape } = inferenceNetwork(extractor.toWeights(), extractor.config);
    expect(inputShape).toEqual(extractor.config.inputShape);
  });
});

describe('forward and embed', () => {
  it('has no ID head without machine IDs', () => {
    const extractor = create({ nMachineIds: 0, embeddingSize: 16 });
    tidy(() => {
      const output = extractor.forward(ones([2, 64, 32, 1]), { training: true });
      expect(output.idLogits).toBeNull();
      expect(output.embedding.shape).toEqual([2, 16]);
      expect(output.typeLogits.shape).toEqual([2]);
    });
    expect(extractor.toWeights().has('id_head.weight')).toBe(false);
  });

  it('draws the dropout mask from dropoutSeed alone', () => {
    const extractor = create({ dropoutRate: 0.5 });
    const x = formulaInput(small);
    const embed = (dropoutSeed?: number) =>
      tidy(() => {
        const options = dropoutSeed === undefined ? { training: true } : { training: true, dropoutSeed };
        return extractor.forward(x, options).embedding.dataSync().slice();
      });
    expect(embed(7)).toEqual(embed(7));
    expect(embed(8)).not.toEqual(embed(7));
    expect(embed()).not.toEqual(embed()); // one after the other, so that steps differ
    x.dispose();
  });

  it('gives the same values of a sample whatever the batch, in evaluation', () => {
    const extractor = formulaExtractor(small);
    open.push(extractor);
    const x = formulaInput(small);
    tidy(() => {
      const all = extractor.embed(x).dataSync().slice();
      const one = extractor.embed(slice(x, [2, 0, 0, 0], [1, 64, 32, 1])).dataSync();
      expectAllClose(one, all.slice(2 * 128, 3 * 128), { rtol: 1e-4, atol: 1e-5 });
    });
    x.dispose();
  });

  it('holds no tensor after forward, backward, embed, features and forwardStages', () => {
    const extractor = formulaExtractor(small);
    open.push(extractor);
    const x = formulaInput(small);
    const { numTensors } = memory();
    probeGradients(extractor, x);
    for (const training of [true, false]) {
      const { embedding, typeLogits, idLogits } = extractor.forward(x, { training });
      const { stem, stages, head } = extractor.forwardStages(x, { training });
      for (const tensor of [embedding, typeLogits, idLogits!, stem, head, ...stages]) {
        expect(tensor.isDisposed).toBe(false);
        tensor.dispose();
      }
    }
    extractor.embed(x).dispose();
    extractor.features(x).dispose();
    expect(memory().numTensors).toBe(numTensors);
    expect(x.isDisposed).toBe(false);
    x.dispose();
  });

  it('gives a gradient to every variable', () => {
    const extractor = formulaExtractor(small);
    open.push(extractor);
    const x = formulaInput(small);
    for (const [name, { data }] of probeGradients(extractor, x)) {
      expect([name, data.every(Number.isFinite), data.some((value) => value !== 0)]).toEqual([
        name,
        true,
        true,
      ]);
    }
    x.dispose();
  });

  it('differentiates with respect to some variables only', () => {
    const extractor = formulaExtractor(small);
    open.push(extractor);
    const x = formulaInput(small);
    const all = probeGradients(extractor, x);
    const neck = extractor.variables.filter(({ name }) => name.includes('neck.linear2'));
    const { numTensors } = memory();
    tidy(() => {
      const { grads } = variableGrads(
        () => probe('embedding', extractor.forward(x, { training: true }).embedding),
        neck,
      );
      expect(Object.keys(grads)).toEqual(neck.map(({ name }) => name));
    });
    expect(memory().numTensors).toBe(numTensors);
    expect(all.size).toBe(extractor.variables.length);
    x.dispose();
  });

  it.each([
    [() => zeros([2, 64, 31, 1]), /x must have the shape \[batch, 64, 32, 1\], got \[2, 64, 31, 1\]/],
    [() => zeros([2, 64, 32]), /must have the shape/],
    [() => zeros([0, 64, 32, 1]), /must have the shape/],
    [() => zeros([2, 64, 32, 1], 'int32'), /must be float32, got int32/],
    [() => [1, 2] as never, /must be a tf\.Tensor/],
  ])('refuses a wrong input (%#)', (make, message) => {
    const extractor = create();
    tidy(() => {
      const x = make() as Tensor4D;
      expect(() => extractor.embed(x)).toThrow(message);
      expect(() => extractor.forward(x, { training: false })).toThrow(message);
    });
  });

  it('refuses to train on one sample and on a dropout seed that is no integer', () => {
    const extractor = create();
    tidy(() => {
      expect(() => extractor.forward(zeros([1, 64, 32, 1]), { training: true })).toThrow(
        /at least 2 samples in training, got 1/,
      );
      expect(() => extractor.forward(zeros([2, 64, 32, 1]), { training: true, dropoutSeed: 0.5 })).toThrow(
        /dropoutSeed/,
      );
    });
  });
});

describe('weights', () => {
  it('come back as they were set, running statistics included', () => {
    const source = formulaExtractor(small);
    open.push(source);
    const weights = source.toWeights();
    const target = create({ nMachineIds: golden.nMachineIds, seed: 9 });
    const { numTensors } = memory();
    target.loadWeights(weights);
    expect(memory().numTensors).toBe(numTensors);
    expect(isSameWeights(target.toWeights(), weights)).toBe(true);
  });

  it('are copies', async () => {
    const extractor = create();
    const weights = extractor.toWeights();
    weights.get('bn1.weight')!.data.fill(5);
    extractor.loadWeights(weights);
    weights.get('bn1.weight')!.data.fill(6);
    expect(extractor.toWeights().get('bn1.weight')!.data[0]).toBe(5);
    expect(isSameWeights(await extractor.toWeightsAsync(), extractor.toWeights())).toBe(true);
  });

  it('given at the start are those of the extractor, as copies; others are refused and nothing stays', () => {
    const weights = create({ seed: 9 }).toWeights();
    const extractor = create({ seed: 1, weights });
    expect(isSameWeights(extractor.toWeights(), weights)).toBe(true);
    const before = extractor.toWeights();
    weights.get('bn1.weight')!.data.fill(6);
    expect(isSameWeights(extractor.toWeights(), before)).toBe(true);
    const { numTensors } = memory();
    weights.get('bn1.weight')!.data[3] = Number.NaN;
    expect(() => create({ weights })).toThrow(
      /efficientnet-extractor\.createExtractor: .* got NaN at bn1\.weight\[3\]/,
    );
    weights.delete('bn2.bias');
    expect(() => create({ weights })).toThrow(WeightMismatchError);
    expect(memory().numTensors).toBe(numTensors);
  });

  it('that do not fit are refused by name, and nothing changes', () => {
    const extractor = create();
    const weights = extractor.toWeights();
    const before = extractor.toWeights();
    weights.get('bn1.weight')!.data.fill(2);
    weights.delete('bn2.bias');
    weights.set('extra', { shape: [1], data: Float32Array.of(1) });
    weights.set('neck.bn.bias', { shape: [2], data: new Float32Array(2) });
    weights.set('type_head.bias', { shape: [1], data: new Float32Array(2) });
    expect(() => extractor.loadWeights(weights)).toThrow(WeightMismatchError);
    expect(() => extractor.loadWeights(weights)).toThrow(
      /missing: bn2\.bias; unexpected: extra; misshapen: neck\.bn\.bias \[2\], needs \[128\]; type_head\.bias has 2 values, needs 1/,
    );
    expect(isSameWeights(extractor.toWeights(), before)).toBe(true);
  });

  it('that are not finite are refused', () => {
    const extractor = create();
    const weights = extractor.toWeights();
    weights.get('neck.linear2.bias')!.data[1] = Number.POSITIVE_INFINITY;
    expect(() => extractor.loadWeights(weights)).toThrow(
      /must be finite, got Infinity at neck\.linear2\.bias\[1\]/,
    );
  });
});

describe('dispose', () => {
  it('frees every variable, and the extractor says so afterwards', () => {
    const { numTensors } = memory();
    const nVariables = Object.keys(engine().state.registeredVariables).length;
    const extractor = create();
    extractor.dispose();
    extractor.dispose();
    expect(memory().numTensors).toBe(numTensors);
    expect(Object.keys(engine().state.registeredVariables)).toHaveLength(nVariables);
    expect(() => extractor.toWeights()).toThrow(/must not be disposed/);
    expect(() => tidy(() => extractor.embed(ones([1, 64, 32, 1])))).toThrow(/must not be disposed/);
  });
});
