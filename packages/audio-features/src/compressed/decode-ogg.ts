import { AudioError } from '../audio-error';
import { decodeFlac } from './decode-flac';
import {
  type CompressedContext,
  type Decoded,
  type DecoderResult,
  decodeWith,
  reportDamage,
  withoutReset,
} from './decoder';
import { importOpus, importVorbis } from './import-decoder';
import { type OggPages, walkOggPages } from './ogg-pages';

/** Sample rate of all that Opus decodes to, Hz. */
const OPUS_RATE = 48_000;

/** Samples of the longest packets: 120 ms of Opus, a block of Vorbis. A last page that states more is damaged. */
const MAX_PACKET_SAMPLES = 8192;

/** How the first packet of each codec begins, and what to call it. */
const CODECS = [
  { magic: '\x01vorbis', name: 'Ogg Vorbis' },
  { magic: 'OpusHead', name: 'Opus' },
  { magic: '\x7fFLAC', name: 'FLAC in Ogg' },
  { magic: 'Speex   ', name: 'Speex' },
  { magic: '\x80theora', name: 'a Theora film' },
  { magic: 'fishead\0', name: 'Ogg Skeleton, several streams' },
] as const;

/** Where the marker `fLaC` stands in the first packet of FLAC in Ogg. */
const FLAC_MARKER_OFFSET = 9;

/** Reads Ogg Vorbis, Opus and FLAC in Ogg. Its pages are checked first, since decoders leave out in silence what is broken. */
export async function decodeOgg(bytes: Uint8Array, context: CompressedContext): Promise<Decoded> {
  const pages = walkOggPages(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (pages === null) {
    throw new AudioError(
      'damaged',
      `${context.caller}: Ogg must begin with a whole page, got none. Copy the file again.`,
    );
  }
  const codec = CODECS.find(({ magic }) => startsWith(pages.firstPacket, magic))?.name ?? 'an unknown codec';
  const isRead = codec === 'Ogg Vorbis' || codec === 'Opus' || codec === 'FLAC in Ogg';
  if (!isRead || pages.nStreams !== 1) {
    const got = isRead ? `${pages.nStreams} streams` : codec;
    throw new AudioError(
      'unsupported',
      `${context.caller}: Ogg must hold one stream of Vorbis, Opus or FLAC, got ${got}. Convert it: ffmpeg -i recording.ogg recording.wav`,
    );
  }
  const warnings: string[] = [];
  const nSamples = Math.max(0, pages.lastGranule);
  if (nSamples > pages.nPackets * MAX_PACKET_SAMPLES) {
    const damage = `a last page that states ${nSamples} samples in ${pages.nPackets} packets`;
    reportDamage(context, { kind: codec, damage, nSamples: 0 });
  }
  if (pages.damage !== null) {
    warnings.push(reportDamage(context, { kind: codec, damage: pages.damage, nSamples }));
  } else if (!pages.hasEnd) {
    warnings.push(`The ${codec} file has no last page: the recording was not finished, or is cut off.`);
  }
  const sound = bytes.subarray(0, pages.soundBytes);
  const decoded = await decodeCodec(codec, sound, { pages, context });
  return { ...decoded, warnings: [...warnings, ...decoded.warnings] };
}

async function decodeCodec(
  codec: 'Ogg Vorbis' | 'Opus' | 'FLAC in Ogg',
  bytes: Uint8Array,
  { pages, context }: { pages: OggPages; context: CompressedContext },
): Promise<Decoded> {
  const { firstPacket, lastGranule } = pages;
  if (codec === 'FLAC in Ogg') {
    const infoOffset = firstPacket.byteOffset - bytes.byteOffset + FLAC_MARKER_OFFSET;
    return decodeFlac(bytes, infoOffset, context);
  }
  if (codec === 'Opus') {
    if (firstPacket.byteLength < 19) {
      throw new AudioError(
        'damaged',
        `${context.caller}: Opus must have a header of 19 bytes, got ${firstPacket.byteLength}.`,
      );
    }
    const { OggOpusDecoder } = await importOpus(context.caller);
    const result = await decodeWith(
      () => new OggOpusDecoder(),
      (decoder) => decoder.decodeFile(bytes),
    );
    const nSamples = lastGranule - firstPacket.getUint16(10, true); // the pre-skip
    return checked(result, { codec, nSamples, sampleRate: OPUS_RATE, context });
  }
  const { OggVorbisDecoder } = await importVorbis(context.caller);
  const result = await decodeWith(
    () => withoutReset(new OggVorbisDecoder()),
    (decoder) => decoder.decodeFile(bytes),
  );
  return checked(result, { codec, nSamples: lastGranule, sampleRate: result.sampleRate, context });
}

/** As many samples as the last page states; fewer are damage. */
function checked(
  { channelData, errors }: DecoderResult,
  {
    codec,
    nSamples,
    sampleRate,
    context,
  }: { codec: string; nSamples: number; sampleRate: number; context: CompressedContext },
): Decoded {
  const length = channelData[0]?.length ?? 0;
  const damage =
    errors.length > 0
      ? `an error of the decoder (${errors[0]!.message})`
      : length === 0 || length < nSamples
        ? `${length} samples where its last page states ${nSamples}`
        : null;
  const channels = channelData.map((channel) => channel.slice(0, Math.max(0, nSamples)));
  const warnings =
    damage === null
      ? []
      : [reportDamage(context, { kind: codec, damage, nSamples: channels[0]?.length ?? 0 })];
  return { sampleRate, channels, warnings };
}

function startsWith(view: DataView, text: string): boolean {
  if (view.byteLength < text.length) return false;
  return Array.from(text).every((character, i) => view.getUint8(i) === character.charCodeAt(0));
}
