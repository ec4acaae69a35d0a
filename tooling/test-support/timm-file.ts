import { formulaWeight } from './formula-values';

interface Tensor {
  shape: number[];
  data: Float32Array;
}

/** What `tools/reference/pretrained_file.py` noted of a file that timm wrote. */
export interface TimmFileGolden {
  /** The JSON header, byte for byte. */
  header: string;
  fileBytes: number;
  fileSha256: string;
  /** Tensors and values that timm loads of it. */
  nTensors: number;
  nValues: number;
  /** Of these, in our layout. */
  checksum: string;
}

type Header = Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;

/** The bytes of the file that timm and safetensors wrote: its header, and each tensor by the formula. */
export function rebuildTimmFile({ header, fileBytes }: TimmFileGolden): Uint8Array {
  const json = new TextEncoder().encode(header);
  const file = new Uint8Array(fileBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.byteLength), true);
  file.set(json, 8);
  for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(
    JSON.parse(header) as Header,
  )) {
    if (dtype === 'I64') continue; // the batch counters of a new model, all zero
    const { data } = asTorch(name, { shape: ourShape(name, shape), data: ourValues(name, shape) });
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength); // as the host orders them: little-endian
    file.set(bytes, 8 + json.byteLength + offsets[0]);
  }
  return file;
}

function ourValues(name: string, shape: readonly number[]): Float32Array {
  return formulaWeight(name, ourShape(name, shape));
}

/** PyTorch's shape in our layout, as `our_shape` of tools/reference/serial_oe_extractor.py has it. */
function ourShape(name: string, shape: readonly number[]): number[] {
  const [nOut, nIn, height, width] = shape as [number, number, number, number];
  if (shape.length === 2) return [nIn, nOut];
  if (shape.length !== 4) return [...shape];
  if (name.includes('conv_dw')) return [height, width, nOut, 1];
  return name.includes('.se.') ? [nIn, nOut] : [height, width, nIn, nOut];
}

/** Element by element from [h, w, in, out], [h, w, channels, 1] or [in, out] to PyTorch's order. */
export function asTorch(name: string, { shape, data }: Tensor): Tensor {
  if (shape.length === 1) return { shape, data };
  const [h, w, nIn, nOut] = (shape.length === 2 ? [1, 1, ...shape] : shape) as [
    number,
    number,
    number,
    number,
  ];
  const isDepthwise = name.includes('conv_dw');
  const [outer, inner] = isDepthwise ? [nIn, 1] : [nOut, nIn];
  const values = new Float32Array(data.length);
  let next = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const [c, d] = isDepthwise ? [o, 0] : [i, o];
          values[next++] = data[((y * w + x) * nIn + c) * nOut + d]!;
        }
      }
    }
  }
  return { shape: [outer, inner, h, w], data: values };
}
