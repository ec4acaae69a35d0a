import { sha256 } from '@serial-oe/foundation';
import type { WeightArray } from '@serial-oe/safetensors';
import { checkWeights } from './check-weights';
import { backboneParameters } from './parameters';

/**
 * The SHA-256 that names the weights of a backbone, whatever file they came in: of the text that has for each tensor of
 * EfficientNet, in the order of the forward pass, the line `<SHA-256 of its values>  <name> [<shape>]` and a line feed.
 * Values are float32, little-endian, row-major; names and shapes are those of `extractor.toWeights()`. Tensors of neck
 * and heads do not count.
 *
 * @throws WeightMismatchError naming what of the backbone is missing or misshapen
 */
export function backboneChecksum(weights: ReadonlyMap<string, WeightArray>): string {
  return checksumOfLines(backboneChecksumLines(weights));
}

/** The lines of {@link backboneChecksum}, in order and without line feeds. */
export function backboneChecksumLines(weights: ReadonlyMap<string, WeightArray>): string[] {
  const specs = backboneParameters();
  const names = new Set(specs.map(({ name }) => name));
  const backbone = new Map([...weights].filter(([name]) => names.has(name)));
  checkWeights(
    'efficientnet-extractor.backboneChecksum',
    new Map(specs.map(({ name, shape }) => [name, shape])),
    backbone,
  );
  return specs.map(({ name, shape }) => {
    const { data } = backbone.get(name)!;
    return `${sha256(littleEndian(data))}  ${name} [${shape.join(', ')}]`;
  });
}

export function checksumOfLines(lines: readonly string[]): string {
  return sha256(lines.map((line) => `${line}\n`).join(''));
}

function littleEndian(values: Float32Array): Uint8Array {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  }
  const view = new DataView(new ArrayBuffer(values.byteLength));
  values.forEach((value, i) => {
    view.setFloat32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}
