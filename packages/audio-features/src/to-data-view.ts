import { show } from '@serial-oe/foundation';

/** A view of the bytes, in whatever of the usual forms they come; `caller` opens the message. */
export function toDataView(caller: string, bytes: unknown): DataView {
  if (ArrayBuffer.isView(bytes)) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = Object.prototype.toString.call(bytes); // unlike instanceof, it knows buffers of another realm
  if (tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]') {
    return new DataView(bytes as ArrayBuffer);
  }
  throw new TypeError(`${caller}: bytes must be a Uint8Array or an ArrayBuffer, got ${show(bytes)}.`);
}
