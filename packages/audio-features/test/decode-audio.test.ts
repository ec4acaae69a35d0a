import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { AudioError, type AudioProblem, decodeAudio, decodeWav, encodeWav, WavError } from '../src';
import { notLoaded } from '../src/compressed/import-decoder';
import { COMPRESSED_FILES, compressedFile, STRETCH_START } from './support/compressed-files';
import { chunk, format, riff, tag } from './support/wav-bytes';

async function errorOf(bytes: Uint8Array, options = {}): Promise<AudioError> {
  const result = await decodeAudio(bytes, options).catch((error: unknown) => error);
  if (result instanceof AudioError) return result;
  throw new Error(`no AudioError: ${String(result)}`);
}

const named = (prefix: string) =>
  COMPRESSED_FILES.filter(({ name }) => name.startsWith(prefix)).map((file) => [file.name, file] as const);
const FLAC = named('flac');
const LOSSY = COMPRESSED_FILES.filter(({ stretch }) => stretch).map((file) => [file.name, file] as const);

describe('FLAC', () => {
  it.each(FLAC)('%s equals the integers that went in', async (_, file) => {
    const { bytes, integers, bits, ...expected } = file;
    const { sampleRate, channels, warnings } = await decodeAudio(bytes);
    expect({ sampleRate, nChannels: channels.length, nSamples: channels[0]!.length }).toMatchObject({
      sampleRate: expected.sampleRate,
      nChannels: expected.nChannels,
      nSamples: expected.nSamples,
    });
    const scaled = channels.map((channel) => Array.from(channel, (sample) => sample * 2 ** (bits! - 1)));
    expect(scaled).toEqual(integers);
    expect(warnings).toEqual([]);
  });

  it('of 16 bits equals the WAV sample for sample, and goes in any form that bytes have', async () => {
    const { bytes, integers, sampleRate } = compressedFile('flac_16_2ch');
    const wav = encodeWav({
      sampleRate,
      channels: integers!.map((channel) => Float32Array.from(channel, (value) => value / 32768)),
    });
    const expected = decodeWav(wav).channels;
    const larger = Uint8Array.from([1, 2, 3, ...bytes, 4]);
    for (const input of [bytes, bytes.buffer, Buffer.from(bytes), larger.subarray(3, -1)]) {
      expect((await decodeAudio(input as Uint8Array)).channels).toEqual(expected);
    }
  });

  const whole = compressedFile('flac_ffmpeg').bytes;
  const audioStart = whole.length - 3300; // behind the padding
  const flipped = (bytes: Uint8Array, at: number, mask = 0x10) =>
    bytes.map((byte, i) => (i === at ? byte ^ mask : byte));

  it.each<[string, Uint8Array, RegExp]>([
    ['a flipped bit in the first frame', flipped(whole, audioStart + 300), /got no frame that can be read/],
    [
      'a flipped bit near the end',
      flipped(whole, whole.length - 100),
      /samples where its header states 2500/,
    ],
    ['a cut of half', whole.slice(0, whole.length - 1300), /samples where its header states 2500/],
    ['a cut of ten bytes', whole.slice(0, -10), /samples where its header states 2500/],
    ['headers alone', whole.slice(0, 60), /got no frame that can be read/],
    ['the marker alone', whole.slice(0, 4), /STREAMINFO block, got none/],
    ['another MD5', flipped(whole, 30), /not those it was made of \(MD5\)/],
    ['another length', flipped(whole, 25), /2500 samples where its header states/],
    ['another rate', flipped(whole, 19), /16000 Hz where its header states/],
    ['a flipped bit in Ogg', flipped(compressedFile('flac_ogg').bytes, 3000), /checksum is wrong/],
  ])('damaged by %s is told', async (_, bytes, message) => {
    const error = await errorOf(bytes);
    expect(error.problem).toBe('damaged');
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^audio-features\.decodeAudio: .* Copy the file again/);
  });

  it('that states more samples than a memory holds is refused before it is decoded', async () => {
    const lying = whole.slice();
    lying[21]! |= 0x0f; // the first four bits of the number of samples
    const error = await errorOf(lying);
    expect(error.problem).toBe('unsupported');
    expect(error.message).toMatch(
      /at most 536870912 samples, got a header that states 644\d{8} in each of 1 channels/,
    );
  });

  it('that was cut gives what is there where that is asked for, with a warning', async () => {
    const { channels, warnings } = await decodeAudio(whole.slice(0, -1300), { useAvailableLength: true });
    expect(channels[0]!.length).toBe(1000);
    expect(channels[0]).toEqual((await decodeAudio(whole)).channels[0]!.slice(0, 1000));
    expect(warnings).toEqual([expect.stringMatching(/^The FLAC file is damaged: 1000 samples where/)]);
  });

  it('says nothing on the console where it is damaged', async () => {
    const spy = jest.spyOn(console, 'error').mockImplementation(() => {});
    for (let at = audioStart; at < whole.length; at += 97)
      await errorOf(flipped(whole, at, 0xff)).catch(() => {});
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });
});

describe('MP3, Ogg Vorbis and Opus', () => {
  it.each(LOSSY)('%s gives what ffmpeg decodes', async (_, { bytes, nSamples, stretch, ...expected }) => {
    const { sampleRate, channels, warnings } = await decodeAudio(bytes);
    expect(sampleRate).toBe(expected.sampleRate);
    expect(channels).toHaveLength(expected.nChannels);
    expect(channels.map(({ length }) => length)).toEqual(channels.map(() => nSamples));
    channels.forEach((channel, c) => {
      const found = channel.slice(STRETCH_START, STRETCH_START + stretch![c]!.length);
      expectAllClose(found, stretch![c]!, { rtol: 0, atol: 1e-3 });
    });
    expect(warnings).toEqual([]);
  });

  it.each(['mp3_1ch', 'mp3_no_header_1ch', 'mp3_id3_1ch', 'mp3_8k_1ch', 'mp2_1ch'])(
    'mono %s comes as one channel',
    async (name) => {
      expect((await decodeAudio(compressedFile(name).bytes)).channels).toHaveLength(1);
    },
  );

  const cutHalf = ({ bytes }: { bytes: Uint8Array }) => bytes.slice(0, bytes.length >> 1);
  const flip = ({ bytes }: { bytes: Uint8Array }, at: number) =>
    bytes.map((byte, i) => (i === at ? byte ^ 0x40 : byte));

  it.each<[string, Uint8Array, RegExp]>([
    ['MP3 cut in half', cutHalf(compressedFile('mp3_1ch')), /frames where its header states/],
    ['Vorbis cut in half', cutHalf(compressedFile('vorbis_1ch')), /Ogg Vorbis must (be whole|hold audio)/],
    ['Opus cut in half', cutHalf(compressedFile('opus_1ch')), /Opus must (be whole|hold audio)/],
    ['Vorbis with a flipped bit', flip(compressedFile('vorbis_2ch'), 4400), /checksum is wrong/],
    ['Opus with a flipped bit', flip(compressedFile('opus_2ch'), 500), /checksum is wrong/],
    ['MP3 of a tag alone', compressedFile('mp3_id3_1ch').bytes.slice(0, 40), /no frame that can be read/],
  ])('%s is told', async (_, bytes, message) => {
    const error = await errorOf(bytes);
    expect(error.problem).toBe('damaged');
    expect(error.message).toMatch(message);
  });

  it('an MP3 whose last frame is cut is read, with a warning', async () => {
    const { bytes } = compressedFile('mp3_no_header_1ch');
    const { channels, warnings } = await decodeAudio(bytes.slice(0, -20));
    expect(channels[0]!.length).toBeGreaterThan(3000);
    expect(warnings).toEqual(['The last frame of the MP3 file is cut off and was left out.']);
  });

  it('an MP3 without its header frame that lost its middle is told', async () => {
    const { bytes } = compressedFile('mp3_no_header_2ch');
    const holed = bytes.map((byte, i) => (i > 600 && i < 1400 ? 0 : byte));
    expect((await errorOf(holed)).message).toMatch(/bytes that belong to no frame/);
  });

  it('Ogg without its last page is read, with a warning', async () => {
    const { bytes } = compressedFile('vorbis_1ch');
    const lastPage = Buffer.from(bytes).lastIndexOf('OggS');
    const error = await decodeAudio(bytes.slice(0, lastPage), { useAvailableLength: true }).catch((e) => e);
    if (error instanceof AudioError)
      expect(error.problem).toBe('damaged'); // all sound may be in the last page
    else expect(error.warnings).toEqual([expect.stringContaining('has no last page')]);
  });

  it.each(['\x01theora', 'Speex   '])('Ogg of %j is refused', async (codec) => {
    const { bytes } = compressedFile('opus_1ch');
    const other = bytes.slice();
    other.set(tag(codec), 28); // its checksum is wrong now too
    expect((await errorOf(other)).message).toMatch(/Ogg must/);
  });
});

describe('what a file is told by its bytes, whatever its name', () => {
  it('WAV goes to decodeWav, warnings with it', async () => {
    const bytes = riff([chunk('fmt ', format()), chunk('data', [1, 0, 2, 0, 3])]);
    const { channels, warnings } = await decodeAudio(bytes, { fileName: 'a.flac' });
    expect(channels).toEqual([Float32Array.from([1 / 32768, 2 / 32768])]);
    expect(warnings).toEqual([expect.stringContaining('incomplete sample')]);
    expect((await errorOf(bytes.slice(0, 30))).name).toBe('WavError');
    expect(await errorOf(bytes.slice(0, 30))).toBeInstanceOf(WavError);
  });

  const text = (start: string, length = 200) => Uint8Array.from(tag(start.padEnd(length, ' ')));
  const hex = (digits: string, length = 300) =>
    Uint8Array.from([...Buffer.from(digits.replace(/ /g, ''), 'hex'), ...new Array<number>(length).fill(1)]);

  it.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(0), /an empty file\. Copy/],
    [
      'Git LFS',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n'),
      /Git LFS pointer.*"git lfs pull"/,
    ],
    ['HTML', text('<!DOCTYPE html><html><body>404'), /an HTML page.*download/],
    ['HTML behind blanks', text('\n\n  <html lang="de">'), /an HTML page/],
    ['XML', text('<?xml version="1.0"?><Error><Code>AccessDenied</Code>'), /XML/],
    ['JSON', text('{"message": "Not Found"}'), /JSON/],
    ['text', text('hello'), /starting with 68 65 6c .*the text "hello"/],
    ['AIFF', text('FORM\0\0\0dAIFFCOMM'), /AIFF.*ffmpeg -i hall-3\.aiff hall-3\.wav/],
    ['W64', hex('72696666 2e91cf11 a5d628db 04c10000'), /Wave64 \(W64\).*ffmpeg/],
    ['CAF', text('caff\0\x01'), /Core Audio/],
    ['AU', text('.snd\0\0\0\x18'), /Sun audio/],
    [
      'M4A',
      hex('00000020 66747970 4d344120'),
      /M4A or MP4 \(AAC\)\. Convert it: ffmpeg -i hall-3\.m4a hall-3\.wav/,
    ],
    ['MP4', hex('00000020 66747970 69736f6d'), /M4A or MP4/],
    ['AAC', hex('fff1 6c40'), /got AAC.*ffmpeg/],
    ['AMR', text('#!AMR\n'), /AMR/],
    ['WMA', hex('3026b275 8e66cf11 a6d900aa'), /Windows Media/],
    ['WebM', hex('1a45dfa3'), /Matroska or WebM/],
    ['AVI', text('RIFF\x10\0\0\0AVI LIST'), /RIFF file of the kind "AVI"/],
    ['RIFX', text('RIFX\0\0\0\x10WAVEfmt '), /RIFX/],
    ['zip', hex('504b0304'), /a zip archive\. Unpack/],
    ['gzip', hex('1f8b08'), /a gzip archive/],
    ['7-Zip', hex('377abcaf271c'), /a 7-Zip archive/],
    ['AppleDouble', hex('00051607'), /AppleDouble.*Leave it out/],
    ['zeros', new Uint8Array(4096), /4096 bytes that start with zeros/],
    ['PNG', hex('89504e47'), /PNG/],
    ['NumPy', hex('934e554d5059'), /NumPy/],
    ['UTF-16 text', hex('fffe 6800 6500'), /bytes starting with ff fe/],
    ['numbers', hex('0203'), /302 bytes starting with 02 03/],
  ])('%s', async (_, bytes, message) => {
    const extension = /ffmpeg -i hall-3\\\.(\w+)/.exec(message.source)?.[1] ?? 'wav';
    const error = await errorOf(bytes, { fileName: `hall-3.${extension}` });
    const problems: AudioProblem[] = ['not-audio', 'unsupported'];
    expect(problems).toContain(error.problem);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(
      /^audio-features\.decodeAudio: the file must be WAV \(RIFF\), FLAC, MP3, Ogg Vorbis or Opus, got /,
    );
    const asWav = () => decodeWav(bytes);
    expect(asWav).toThrow(WavError);
    expect(asWav).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^audio-features\.decodeWav/) }),
    );
  });

  it('gives a command that can be copied, whatever the name', async () => {
    const m4a = hex('00000020 66747970 4d344120');
    const command = async (fileName?: string) =>
      (await errorOf(m4a, fileName === undefined ? {} : { fileName })).message.replace(/.*Convert it: /, '');
    expect(await command('Halle 3 (alt).m4a')).toBe('ffmpeg -i "Halle 3 (alt).m4a" "Halle 3 (alt).wav"');
    expect(await command('a.b.MP4')).toBe('ffmpeg -i a.b.MP4 a.b.wav');
    expect(await command('wrong.wav')).toBe('ffmpeg -i wrong.wav wrong-converted.wav');
    expect(await command()).toBe('ffmpeg -i recording.m4a recording.wav');
  });

  it('decodeWav points to decodeAudio for what that reads', () => {
    for (const name of ['flac_16_1ch', 'mp3_1ch', 'mp3_id3_1ch', 'vorbis_1ch', 'opus_1ch']) {
      expect(() => decodeWav(compressedFile(name).bytes)).toThrow(
        /got (FLAC|MP3|Ogg)\. decodeAudio reads it\./,
      );
    }
  });

  it('refuses other kinds and unknown options', async () => {
    await expect(decodeAudio('clip.flac' as never)).rejects.toThrow(TypeError);
    await expect(decodeAudio(new Uint8Array(1), { fileNmae: 'a' } as never)).rejects.toThrow(/fileName/);
  });
});

describe('a decoder that is not installed', () => {
  const missing = Object.assign(new Error("Cannot find package 'mpg123-decoder' imported from x"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });

  it('is named with the command that installs it', () => {
    const error = notLoaded('a.b', { kind: 'MP3', name: 'mpg123-decoder', cause: missing });
    expect(error.problem).toBe('no-decoder');
    expect(error.message).toBe(
      'a.b: MP3 must have its decoder, the package mpg123-decoder, got none. Run "npm install mpg123-decoder", or convert the file to WAV.',
    );
  });

  it('and another cause is told', () => {
    const cause = new Error('WebAssembly is not defined');
    expect(notLoaded('a.b', { kind: 'MP3', name: 'mpg123-decoder', cause }).message).toContain(
      'got: WebAssembly is not defined.',
    );
  });
});
