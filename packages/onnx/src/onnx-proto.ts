// The part of ONNX's onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto) that a network of this kind needs:
// its messages as plain data, and their fields' numbers.
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** TensorProto.DataType */
export const DATA_TYPE = { float32: 1, float16: 10 } as const;

/** AttributeProto.AttributeType */
const ATTRIBUTE_TYPE = { int: 2, ints: 7 } as const;

export interface TensorProto {
  name: string;
  dims: readonly number[];
  dataType: number;
  /** Little-endian, row-major. */
  rawData: Uint8Array;
}

/** Integers alone: no operator that is used here has another kind of attribute. */
export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export interface NodeProto {
  name: string;
  opType: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Attributes;
}

/** A tensor of float32; a length that is a name may differ from run to run. */
export interface ValueInfoProto {
  name: string;
  shape: readonly (number | string)[];
}

export interface ModelProto {
  irVersion: number;
  opsetVersion: number;
  producerName: string;
  metadata: Readonly<Record<string, string>>;
  graph: {
    name: string;
    nodes: readonly NodeProto[];
    initializers: readonly TensorProto[];
    inputs: readonly ValueInfoProto[];
    outputs: readonly ValueInfoProto[];
  };
}

/** The file's bytes. */
export function encodeModel({
  irVersion,
  opsetVersion,
  producerName,
  metadata,
  graph,
}: ModelProto): Uint8Array {
  const model = new Message();
  model.int(1, irVersion);
  model.text(2, producerName);
  model.message(7, (message) => {
    for (const node of graph.nodes) message.message(1, (each) => writeNode(each, node));
    message.text(2, graph.name);
    for (const tensor of graph.initializers) message.message(5, (each) => writeTensor(each, tensor));
    for (const input of graph.inputs) message.message(11, (each) => writeValueInfo(each, input));
    for (const output of graph.outputs) message.message(12, (each) => writeValueInfo(each, output));
  });
  // The domain of ONNX's own operators is the empty one.
  model.message(8, (message) => message.int(2, opsetVersion));
  for (const [key, value] of Object.entries(metadata)) {
    model.message(14, (message) => {
      message.text(1, key);
      message.text(2, value);
    });
  }
  return model.finish();
}

function writeNode(message: Message, { name, opType, inputs, outputs, attributes = {} }: NodeProto): void {
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(3, name);
  message.text(4, opType);
  for (const [key, value] of Object.entries(attributes)) {
    message.message(5, (attribute) => {
      attribute.text(1, key);
      if (typeof value === 'number') attribute.int(3, value);
      else for (const each of value) attribute.int(8, each);
      attribute.int(20, typeof value === 'number' ? ATTRIBUTE_TYPE.int : ATTRIBUTE_TYPE.ints);
    });
  }
}

function writeTensor(message: Message, { name, dims, dataType, rawData }: TensorProto): void {
  for (const length of dims) message.int(1, length);
  message.int(2, dataType);
  message.text(8, name);
  message.bytes(9, rawData);
}

function writeValueInfo(message: Message, { name, shape }: ValueInfoProto): void {
  message.text(1, name);
  message.message(2, (type) =>
    type.message(1, (tensor) => {
      tensor.int(1, DATA_TYPE.float32);
      tensor.message(2, (dims) => {
        for (const length of shape) {
          dims.message(1, (dim) => (typeof length === 'number' ? dim.int(1, length) : dim.text(2, length)));
        }
      });
    }),
  );
}

/** Fields by number, on the protobuf library's writer. */
class Message {
  readonly #writer = new BinaryWriter();

  int(field: number, value: number): void {
    this.#writer.tag(field, WireType.Varint).int64(value);
  }

  text(field: number, value: string): void {
    this.#writer.tag(field, WireType.LengthDelimited).string(value);
  }

  bytes(field: number, value: Uint8Array): void {
    this.#writer.tag(field, WireType.LengthDelimited).bytes(value);
  }

  message(field: number, write: (message: Message) => void): void {
    this.#writer.tag(field, WireType.LengthDelimited).fork();
    write(this);
    this.#writer.join();
  }

  finish(): Uint8Array {
    return this.#writer.finish();
  }
}
