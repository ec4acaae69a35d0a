import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { AudioError, decodeAudio } from '../src';
import { COMPRESSED_FILES } from './support/compressed-files';
import { repairOggChecksums } from './support/repair-ogg-checksums';

/** Far more than the files hold, far less than would fill a memory: FLAC of silence takes few bytes. */
const MAX_SAMPLES = 50_000_000;
/** Checksums refuse nearly every damaged Ogg file before it is decoded; these many of 100 get new ones. */
const REPAIRED_PERCENT = 15;

const KINDS = [
  ['FLAC', ['flac_8_1ch', 'flac_16_1ch', 'flac_16_2ch', 'flac_24_1ch', 'flac_ogg']],
  ['MP3', ['mp3_1ch', 'mp3_no_header_2ch', 'mp3_id3_1ch', 'mp3_8k_1ch', 'mp2_2ch']],
  ['Ogg', ['vorbis_1ch', 'vorbis_2ch', 'opus_1ch', 'opus_2ch']],
] as const;

// Each input that reaches a decoder starts one anew, which takes 4 ms.
it.each(KINDS)(
  '10,000 damaged %s files give an AudioError or sound, in bounded time and memory',
  async (kind, names) => {
    const spy = jest.spyOn(console, 'error').mockImplementation(() => {});
    const samples = COMPRESSED_FILES.filter(({ name }) => names.some((known) => known === name));
    expect(samples).toHaveLength(names.length);
    const random = seededRandom(11);
    const { nRead, nRefused } = await fuzzReader({
      samples: samples.map(({ bytes }) => bytes),
      random,
      isExpected: (error) => error instanceof AudioError,
      read: async (bytes) => {
        if (kind === 'Ogg' && random() * 100 < REPAIRED_PERCENT) repairOggChecksums(bytes);
        const { channels, sampleRate } = await decodeAudio(bytes, { useAvailableLength: random() < 0.1 });
        const nSamples = channels.length * channels[0]!.length;
        if (nSamples === 0 || nSamples > MAX_SAMPLES) throw new Error(`${nSamples} samples`);
        if (!(sampleRate >= 1000 && sampleRate <= 1e6)) throw new Error(`${sampleRate} Hz`);
      },
    });
    if (kind !== 'Ogg') expect(spy).not.toHaveBeenCalled(); // Opus's decoder tells packets that checksums let pass
    spy.mockRestore();
    expect(nRead).toBeGreaterThan(100);
    expect(nRefused).toBeGreaterThan(1000);
  },
  600_000,
);
