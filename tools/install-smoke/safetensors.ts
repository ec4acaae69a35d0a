import assert from 'node:assert/strict';
import { parseSafetensors, serializeSafetensors } from '@serial-oe/safetensors';

export function use(): void {
  const bytes = serializeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, -2) }]]));
  assert.deepEqual([...parseSafetensors(bytes).get('a')!.data], [1, -2]);
}
