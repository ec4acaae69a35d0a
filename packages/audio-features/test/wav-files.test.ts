import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Audio, decodeWav, WavError, type WavProblem } from '../src/index';

interface Reading {
  sampleRate: number;
  nChannels: number;
  /** Interleaved, full scale = 1. */
  samples: number[];
}

interface WavFile {
  name: string;
  base64: string;
  /** Index of the reading, or null where the reader refuses the file. */
  libsndfile: number | null;
  scipy: number | null;
  ffmpeg: number | null;
}

const { files, readings } = JSON.parse(readFileSync(join(__dirname, 'golden', 'wav-files.json'), 'utf8')) as {
  files: WavFile[];
  readings: Reading[];
};

const WHOLE = 'whole';

/** Where libsndfile is not followed: the file whose reading is right, or the problem that is named. */
const EXCEPTIONS: Readonly<Record<string, { like: string } | WavProblem>> = {
  // It takes a size of 0 at its word; ffmpeg reads to the end.
  pipe_zero: { like: WHOLE },
  pipe_zero_riff36: { like: WHOLE },
  pipe_zero_riff_unknown: { like: WHOLE },
  pipe_zero_riff_whole: { like: WHOLE },
  rf64_streamed: { like: WHOLE },
  rf64_unknown: { like: WHOLE },
  bw64: { like: WHOLE }, // which it does not know
  two_data_first_empty: { like: WHOLE }, // as SciPy
  // No reader finds its place again behind an odd chunk without its pad byte.
  list_odd_unpadded: { like: WHOLE },
  junk_odd_unpadded: { like: WHOLE },
  id3_in_front: { like: WHOLE }, // it loses as many bytes at the end as the tag has
  // It tells 24 in 32 bits by 4 kB of audio, more than these hold; SciPy by the block align.
  ext_24_align4: { like: 'ext_24in32' },
  pcm_24_align4: { like: 'ext_24in32' },
  pcm_20_align4: { like: 'ext_24in32' },
  pcm_24_align4_stereo: { like: 'stereo in 32 bits' },
  pcm_20_align4_stereo: { like: 'stereo in 32 bits' },
  // Refused here: nothing is lost in silence, no clip is empty, and no recorder has such a rate.
  half_cut: 'length-mismatch',
  empty: 'empty',
  empty_list_behind: 'empty',
  empty_lists_behind: 'empty',
  empty_list_behind_riff_zero: 'empty',
  rifx: 'unsupported',
  rate_1: 'bad-format',
  rate_500: 'bad-format',
  rate_999: 'bad-format',
  rate_1000001: 'bad-format',
  rate_100000000: 'bad-format',
  rate_2147483647: 'bad-format',
};

/** Files of which something is said, though they are read. */
const IS_WARNED = /^(pipe_|rf64_(streamed|unknown)|one_byte_cut|size_|odd_last_byte)/;

function readingOf(name: string): Reading {
  const reader = name === 'stereo in 32 bits' ? 'scipy' : 'libsndfile';
  const file = files.find((each) => each.name === (reader === 'scipy' ? 'pcm_24_align4_stereo' : name))!;
  return readings[file[reader]!]!;
}

function interleave({ sampleRate, channels }: Audio): Reading {
  const samples = Array.from(channels[0]!, (_, i) => channels.map((channel) => channel[i]!)).flat();
  return { sampleRate, nChannels: channels.length, samples };
}

function rounded(reading: Reading): Reading {
  return { ...reading, samples: Array.from(Float32Array.from(reading.samples)) };
}

const bytesOf = ({ base64 }: WavFile) => Uint8Array.from(Buffer.from(base64, 'base64'));
const problemFor = ({ name, libsndfile }: WavFile): WavProblem | 'any' | null => {
  const exception = EXCEPTIONS[name];
  if (typeof exception === 'string') return exception;
  return exception === undefined && libsndfile === null ? 'any' : null;
};
const [refused, read] = [true, false].map((isRefused) =>
  files.filter((file) => (problemFor(file) !== null) === isRefused).map((file) => [file.name, file] as const),
) as [(readonly [string, WavFile])[], (readonly [string, WavFile])[]];

describe('files as recorders, pipes and broken copies leave them', () => {
  it.each(read)('%s is read', (name, file) => {
    const exception = EXCEPTIONS[name] as { like: string } | undefined;
    const audio = decodeWav(bytesOf(file));
    expect(interleave(audio)).toEqual(rounded(readingOf(exception?.like ?? name)));
    if (IS_WARNED.test(name)) expect(audio.warnings).toEqual([expect.stringMatching(/^The .*\.$/)]);
    else expect(audio).not.toHaveProperty('warnings');
  });

  it.each(refused)('%s is refused', (_, file) => {
    const decode = () => decodeWav(bytesOf(file));
    expect(decode).toThrow(WavError);
    const problem = problemFor(file);
    if (problem !== 'any') expect(decode).toThrow(expect.objectContaining({ problem }));
  });

  it('there are exceptions for files that are there, alone', () => {
    const names = files.map(({ name }) => name);
    expect(Object.keys(EXCEPTIONS).filter((name) => !names.includes(name))).toEqual([]);
  });
});
