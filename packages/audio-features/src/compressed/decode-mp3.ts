import { type CompressedContext, type Decoded, decodeWith, reportDamage } from './decoder';
import { importMpeg } from './import-decoder';
import { type MpegFrames, walkMpegFrames } from './mpeg-frames';

const KIND = 'MP3';

/** Frames that decoders may drop at the ends: the encoder's delay, the padding, and one that refers to bits before it. */
const N_END_FRAMES = 4;

/** Bytes that no frame holds before a file counts as damaged; writers leave a few. */
const MAX_LOST_BYTES = 256;

const NO_FRAMES: MpegFrames = {
  nFrames: 0,
  samplesPerFrame: 0,
  sampleRate: 0,
  isMono: false,
  statedFrames: null,
  nLostBytes: 0,
  isCut: false,
};

/** Reads MP3 (MPEG 1, 2 and 2.5, layers II and III) from byte `start` on; the decoder's two equal channels of mono become one. */
export async function decodeMp3(
  bytes: Uint8Array,
  start: number,
  context: CompressedContext,
): Promise<Decoded> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frames = walkMpegFrames(view, start);
  const { nFrames, samplesPerFrame, sampleRate, isMono, isCut } = frames ?? NO_FRAMES;
  const warnings: string[] = [];
  const warn = (damage: string, nSamples: number) =>
    warnings.push(reportDamage(context, { kind: KIND, damage, nSamples }));
  const damage = findDamage(frames ?? NO_FRAMES);
  if (damage !== null) warn(damage, nFrames * samplesPerFrame);
  const { MPEGDecoder } = await importMpeg(context.caller);
  const { channelData, errors } = await decodeWith(
    () => new MPEGDecoder(),
    (decoder) => decoder.decode(bytes.subarray(start)),
  );
  const channels = isMono ? channelData.slice(0, 1) : channelData;
  const nSamples = channels[0]?.length ?? 0;
  const least = Math.max(1, (nFrames - N_END_FRAMES) * samplesPerFrame);
  if (errors.length > 0) warn(`an error of the decoder (${errors[0]!.message})`, nSamples);
  else if (damage === null && nSamples < least) warn(`${nSamples} samples of ${nFrames} frames`, nSamples);
  else if (damage === null && isCut)
    warnings.push('The last frame of the MP3 file is cut off and was left out.');
  return { sampleRate, channels, warnings };
}

function findDamage({ nFrames, statedFrames, nLostBytes, isCut }: MpegFrames): string | null {
  if (nFrames === 0) return 'no frame that can be read';
  if (statedFrames !== null && nFrames + Number(isCut) < statedFrames) {
    return `${nFrames} frames where its header states ${statedFrames}`;
  }
  return nLostBytes > MAX_LOST_BYTES ? `${nLostBytes} bytes that belong to no frame` : null;
}
