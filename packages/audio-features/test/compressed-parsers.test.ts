import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { readFlacStreamInfo } from '../src/compressed/flac-stream-info';
import { walkMpegFrames } from '../src/compressed/mpeg-frames';
import { walkOggPages } from '../src/compressed/ogg-pages';
import { findContent } from '../src/find-content';
import { COMPRESSED_FILES, compressedFile } from './support/compressed-files';
import { repairOggChecksums } from './support/repair-ogg-checksums';

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

describe('what is read without a decoder', () => {
  it('STREAMINFO of FLAC', () => {
    const { bytes } = compressedFile('flac_24_2ch');
    expect(readFlacStreamInfo(viewOf(bytes), 0)).toEqual({
      sampleRate: 96000,
      nChannels: 2,
      bitDepth: 24,
      nSamples: 700,
      md5: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(readFlacStreamInfo(viewOf(compressedFile('flac_pipe').bytes), 0)).toMatchObject({ nSamples: 0 });
  });

  it('frames of MP3', () => {
    const frames = (name: string) => {
      const { bytes } = compressedFile(name);
      return walkMpegFrames(viewOf(bytes), findContent(viewOf(bytes)).start);
    };
    expect(frames('mp3_1ch')).toMatchObject({
      sampleRate: 16000,
      isMono: true,
      samplesPerFrame: 576,
      nLostBytes: 0,
    });
    const stated = frames('mp3_1ch')!;
    expect(stated.nFrames).toBe(stated.statedFrames);
    expect(frames('mp3_no_header_2ch')).toMatchObject({ isMono: false, statedFrames: null, nFrames: 9 });
    expect(frames('mp3_id3_2ch')).toMatchObject({ sampleRate: 44100, samplesPerFrame: 1152 });
    expect(frames('mp3_8k_1ch')).toMatchObject({ sampleRate: 8000, isMono: true });
    expect(frames('mp2_2ch')).toMatchObject({ isMono: false, nFrames: 4, samplesPerFrame: 1152 });
  });

  it('pages of Ogg', () => {
    const pages = walkOggPages(viewOf(compressedFile('vorbis_1ch').bytes))!;
    expect(pages).toMatchObject({ hasEnd: true, nStreams: 1, damage: null, lastGranule: 4000 });
    const repaired = compressedFile('opus_1ch').bytes.slice();
    repairOggChecksums(repaired); // the checksum is the one that libogg wrote
    expect(repaired).toEqual(compressedFile('opus_1ch').bytes);
  });
});

it('10,000 damaged files: what is read without a decoder never fails and never loops', async () => {
  let nWithout = 0;
  const { nRead, nRefused } = await fuzzReader({
    samples: COMPRESSED_FILES.map(({ bytes }) => bytes),
    random: seededRandom(5),
    isExpected: () => false,
    maxMilliseconds: 1000,
    read: (bytes) => {
      const view = viewOf(bytes);
      const { start } = findContent(view);
      if (
        walkOggPages(view) === null &&
        walkMpegFrames(view, start) === null &&
        readFlacStreamInfo(view, 0) === null
      ) {
        nWithout++;
      }
    },
  });
  expect([nRead, nRefused]).toEqual([10_000, 0]);
  expect(nWithout).toBeGreaterThan(0);
});
