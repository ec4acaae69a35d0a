import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import fc from 'fast-check';
import { decodeWav, encodeWav, WavError } from '../src/index';
import { chunk, extensible, riff } from './support/wav-bytes';

const WAV_FILES = (
  JSON.parse(readFileSync(join(__dirname, 'golden', 'wav-files.json'), 'utf8')) as {
    files: { base64: string }[];
  }
).files.map(({ base64 }) => Uint8Array.from(Buffer.from(base64, 'base64')));

describe('whatever the bytes', () => {
  const isSound = (bytes: Uint8Array, useAvailableLength: boolean) => {
    try {
      const { sampleRate, channels } = decodeWav(bytes, { useAvailableLength });
      return (
        sampleRate > 0 &&
        channels.length > 0 &&
        channels.every((channel) => channel.length > 0 && channel.every(Number.isFinite))
      );
    } catch (error) {
      return error instanceof WavError;
    }
  };
  const file = encodeWav({
    sampleRate: 8000,
    channels: [0, 1, 2].map((c) => Float32Array.from([0, 0.5, -0.25 * c])),
  });

  it('random bytes give a WavError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), isSound));
  });

  it('random bytes behind a RIFF header give a WavError or audio', () => {
    const body = fc
      .uint8Array({ maxLength: 100 })
      .map((bytes) => riff([chunk('fmt ', extensible()), Array.from(bytes)]));
    fc.assert(fc.property(body, fc.boolean(), isSound));
  });

  it('changed and cut files give a WavError or audio', () => {
    const changes = fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 })), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(changes, fc.nat(file.length), fc.boolean(), (edits, length, useAvailableLength) => {
        const bytes = file.slice();
        for (const [at, value] of edits) bytes[at] = value;
        return isSound(bytes.subarray(0, length), useAvailableLength);
      }),
      { numRuns: 2000 },
    );
  });

  it('every proper prefix of a file gives a WavError, or a warning where bytes alone are missing', () => {
    for (let length = 0; length < file.length; length++) {
      const read = () => decodeWav(file.subarray(0, length)).warnings;
      if (length < file.length - 9) expect(read).toThrow(WavError);
      else expect(read()).toEqual([expect.stringMatching(/where \d+ follow/)]);
    }
  });

  it('10,000 damaged files of many kinds give a WavError or audio no larger than they are', async () => {
    const samples = [file, ...WAV_FILES];
    const { nRead, nRefused } = await fuzzReader({
      samples,
      random: seededRandom(11),
      isExpected: (error) => error instanceof WavError,
      read: (bytes) => {
        const { channels } = decodeWav(bytes, { useAvailableLength: bytes.length % 2 === 0 });
        const nSamples = channels.length * channels[0]!.length;
        if (nSamples > bytes.length) throw new Error(`${nSamples} samples of ${bytes.length} bytes`);
      },
    });
    expect(nRead).toBeGreaterThan(1000);
    expect(nRefused).toBeGreaterThan(1000);
  });
});
