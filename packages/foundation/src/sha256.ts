import { sha256 as digest } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** SHA-256 in hexadecimal, of text as UTF-8. Free of Web Crypto, which pages without https do not have. */
export function sha256(bytes: Uint8Array | string): string {
  return bytesToHex(digest(typeof bytes === 'string' ? utf8ToBytes(bytes) : bytes));
}
