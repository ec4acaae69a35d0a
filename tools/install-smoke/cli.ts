import assert from 'node:assert/strict';
import { main } from '@serial-oe/cli';

export async function use(): Promise<void> {
  let out = '';
  const terminal = { out: (text: string) => (out += text), err: () => {}, isInteractive: false };
  assert.equal(await main(['--version'], terminal as never), 0);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
}
