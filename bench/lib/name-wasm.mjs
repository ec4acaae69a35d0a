// Loaded before a contender by `node bench/profile.mjs` (node --import): gives every WebAssembly module that is compiled a
// name section with the names of its exports, so that V8's profiles say `multiply` and not `wasm-function[16]`.
// https://webassembly.github.io/spec/core/appendix/custom.html#name-section

const HEADER_BYTES = 8;
const CUSTOM_SECTION = 0;
const EXPORT_SECTION = 7;
const FUNCTION_NAMES = 1;
const FUNCTION_KIND = 0;

const { Module, compile, instantiate } = WebAssembly;

WebAssembly.Module = new Proxy(Module, {
  construct: (target, [bytes, ...rest]) => new target(withNames(bytes), ...rest),
});
WebAssembly.compile = (bytes, ...rest) => compile(withNames(bytes), ...rest);
WebAssembly.instantiate = (source, ...rest) =>
  instantiate(source instanceof Module ? source : withNames(source), ...rest);

/** The module with a name section at its end. */
function withNames(source) {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return Buffer.concat([bytes, nameSection(exportedFunctions(bytes))]);
}

/** `[index, name]` of each exported function, in the order of the indices, which the section must have. */
export function exportedFunctions(bytes) {
  const reader = new Reader(bytes, HEADER_BYTES);
  const names = new Map();
  while (!reader.isAtEnd) {
    const [section, size] = [reader.byte(), reader.number()];
    const end = reader.position + size;
    if (section === EXPORT_SECTION) {
      for (let left = reader.number(); left > 0; left--) {
        const [name, kind, index] = [reader.text(), reader.byte(), reader.number()];
        if (kind === FUNCTION_KIND) names.set(index, name);
      }
    }
    reader.position = end;
  }
  return [...names].sort(([a], [b]) => a - b);
}

function nameSection(functions) {
  const entries = functions.flatMap(([index, name]) => [...unsigned(index), ...text(name)]);
  const names = [...unsigned(functions.length), ...entries];
  const contents = [...text('name'), FUNCTION_NAMES, ...unsigned(names.length), ...names];
  return Buffer.from([CUSTOM_SECTION, ...unsigned(contents.length), ...contents]);
}

function text(value) {
  const bytes = Buffer.from(value);
  return [...unsigned(bytes.length), ...bytes];
}

/** LEB128. */
function unsigned(value) {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

class Reader {
  constructor(bytes, position) {
    this.bytes = bytes;
    this.position = position;
  }

  get isAtEnd() {
    return this.position >= this.bytes.length;
  }

  byte() {
    return this.bytes[this.position++];
  }

  /** LEB128. */
  number() {
    const byte = this.byte();
    return byte < 128 ? byte : byte - 128 + 128 * this.number();
  }

  text() {
    const length = this.number();
    const start = this.position;
    this.position += length;
    return Buffer.from(this.bytes.slice(start, this.position)).toString();
  }
}
