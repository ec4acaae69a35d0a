import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { mutateJson } from '@serial-oe/tooling/test-support/mutate-json';
import { parseSafetensors, SafetensorsError, serializeSafetensors } from '../src/index';

const golden = JSON.parse(readFileSync(join(__dirname, 'golden', 'safetensors.json'), 'utf8'));
const samples = [
  new Uint8Array(Buffer.from(golden.base64, 'base64')),
  serializeSafetensors(new Map([['a', { shape: [2, 3], data: new Float32Array(6) }]]), { step: '3' }),
];
const isExpected = (error: unknown) => error instanceof SafetensorsError;

/** All that was read holds no more than the file says it holds. */
function readWithin(bytes: Uint8Array): void {
  const tensors = parseSafetensors(bytes, { keepFloat64: true });
  const nValues = [...tensors.values()].reduce((sum, { data }) => sum + data.length, 0);
  if (nValues > bytes.length) throw new Error(`${nValues} values out of ${bytes.length} bytes`);
}

it('reads or refuses 10,000 damaged files', async () => {
  const random = seededRandom(1, 'safetensors');
  const { nRead, nRefused } = await fuzzReader({ samples, read: readWithin, isExpected, random });
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(1000);
});

it('reads or refuses 10,000 files with another header', () => {
  const random = seededRandom(1, 'safetensors headers');
  let [nRead, nRefused] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    const sample = samples[i % samples.length]!;
    const length = Number(new DataView(sample.buffer, sample.byteOffset).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(sample.subarray(8, 8 + length)));
    const json = new TextEncoder().encode(JSON.stringify(mutateJson(header, random)));
    const file = new Uint8Array(8 + json.length + sample.length - 8 - length);
    new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
    file.set(json, 8);
    try {
      readWithin(file);
      nRead++;
    } catch (error) {
      if (!isExpected(error)) throw new Error(`header ${new TextDecoder().decode(json)}`, { cause: error });
      nRefused++;
    }
  }
  expect(nRead).toBeGreaterThan(100);
  expect(nRefused).toBeGreaterThan(1000);
});
