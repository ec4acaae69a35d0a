import { type CompressedContext, type Decoded, decodeWith, reportDamage } from './decoder';
import { importMpeg } from './import-decoder';
import { type MpegFrames, walkMpegFrames } from './mpeg-frames';

const KIND = 'MP3';

/** Frames that decoders may drop at the ends: the encoder's delay, the padding, and one that refers to bits before it. */
const N_END_FRAMES = 4;

/** Bytes that no frame holds before a file counts as damaged; writers leave a few. */
const MAX_LOST_BYTES = 256;

/** Reads MP3 (MPEG 1, 2 and 2.5, layers II and III) from byte `start` on; the decoder's two equal channels of mono become one. */
export async function decodeMp3(
  bytes: Uint8Array,
  start: number,
  context: CompressedContext,
): Promise<Decoded> {
  const frames = walkMpegFrames(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), start);
  if (frames === null || frames.nFrames === 0) {
    reportDamage(context, { kind: KIND, damage: 'no frame that can be read', nSamples: 0 });
  }
  const { MPEGDecoder } = await importMpeg(context.caller);
  const { channelData, errors } = await decodeWith(
    () => new MPEGDecoder(),
    (decoder) => decoder.decode(bytes.subarray(start)),
  );
  const { sampleRate, isMono } = frames!;
  const channels = isMono ? channelData.slice(0, 1) : channelData;
  const nSamples = channels[0]?.length ?? 0;
  const damage =
    findDamage(frames!, nSamples) ?? (errors[0] ? `an error of the decoder (${errors[0].message})` : null);
  const warnings = damage === null ? [] : [reportDamage(context, { kind: KIND, damage, nSamples })];
  if (damage === null && frames!.isCut)
    warnings.push('The last frame of the MP3 file is cut off and was left out.');
  return { sampleRate, channels, warnings };
}

function findDamage(
  { nFrames, samplesPerFrame, statedFrames, nLostBytes, isCut }: MpegFrames,
  nSamples: number,
): string | null {
  if (nSamples === 0) return 'no frame that can be read';
  if (statedFrames !== null && nFrames + Number(isCut) < statedFrames) {
    return `${nFrames} frames where its header states ${statedFrames}`;
  }
  if (nLostBytes > MAX_LOST_BYTES) return `${nLostBytes} bytes that belong to no frame`;
  const least = (nFrames - N_END_FRAMES) * samplesPerFrame;
  return nSamples < least ? `${nSamples} samples of ${nFrames} frames, which hold at least ${least}` : null;
}
