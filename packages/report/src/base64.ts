/** Bytes in one call of String.fromCharCode; more could exceed the engine's limit on arguments. */
const BLOCK = 8192;

/** Base64 text of bytes, in Node and browsers alike. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += BLOCK) {
    binary += String.fromCharCode(...bytes.subarray(i, i + BLOCK));
  }
  return btoa(binary);
}
