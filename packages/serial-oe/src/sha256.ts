/** SHA-256 of the bytes in hexadecimal. */
export async function sha256(bytes: Uint8Array | string): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) {
    throw new Error(
      'serial-oe: checksums need the Web Crypto API, which browsers offer on secure pages alone (https or localhost).',
    );
  }
  const data = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : new Uint8Array(bytes);
  const digest = new Uint8Array(await subtle.digest('SHA-256', data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
