import assert from 'node:assert/strict';
import { loadSerialOe, PRESETS, type SerialOeModel, trainSerialOe } from '@serial-oe/serial-oe';

export async function use(): Promise<void> {
  assert.deepEqual(Object.keys(PRESETS).sort(), ['paper', 'quick', 'reference']);
  assert.equal(typeof trainSerialOe, 'function');
  const load = (source: string): Promise<SerialOeModel> => loadSerialOe(source);
  await assert.rejects(load('no-such-model'), /no-such-model/);
}
