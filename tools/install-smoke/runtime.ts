import assert from 'node:assert/strict';
import { type AsdSystem, BackendError, createBrowserPlatform, useBackend } from '@serial-oe/runtime';
import { createFileAccess } from '@serial-oe/runtime/node';

export async function use(): Promise<void> {
  const { name }: Pick<AsdSystem, 'name'> = { name: 'mine' };
  assert.equal(name, 'mine');
  assert.equal(createBrowserPlatform().files, null);
  assert.equal(await createFileAccess().exists('no-such-file'), false);
  await assert.rejects(useBackend('no-such-backend'), BackendError);
}
