import { sha256 as digest } from '@noble/hashes/sha2';
import { bytesToHex } from '@noble/hashes/utils';

/** SHA-256 in hexadecimal. Synchronous and free of Web Crypto, which pages without https do not have. */
export function sha256(bytes: Uint8Array): string {
  return bytesToHex(digest(bytes));
}
