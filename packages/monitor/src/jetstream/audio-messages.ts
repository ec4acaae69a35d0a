import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { decodeWav, toMono } from '@serial-oe/audio-features';
import { show } from '@serial-oe/foundation';
import type { SensorName } from '../events';
import { PCM_ENCODINGS, PcmDecoder, type PcmEncoding } from '../node/sources/pcm-decoder';

/** Encodings in which sound is sent. */
export const SENT_ENCODINGS = ['s16le', 'f32le'] as const satisfies readonly PcmEncoding[];
export type SentEncoding = (typeof SENT_ENCODINGS)[number];

/** A piece of a sensor's sound, of a sender that numbers none. */
export interface PlainPiece {
  /** Empty where the sender does not say. */
  machineId: string;
  samples: Float32Array;
  sampleRate: number;
}

/** Where a piece belongs. */
export interface PieceNumbers {
  /** Unix time of the stream's first sample, milliseconds: names the stream; a sensor's later stream has a greater one. */
  stream: number;
  /** Number of the piece in its stream, from 0. */
  sequence: number;
  /** Samples of the stream before this piece. */
  position: number;
}

/** A piece of a sensor's sound as it travels. */
export interface SentPiece extends PlainPiece, PieceNumbers {}

export function encodePiece(
  piece: SentPiece,
  encoding: SentEncoding,
): { data: Uint8Array; headers: MsgHdrs } {
  const { samples, sampleRate, stream, sequence, position, machineId } = piece;
  const fields = headers();
  fields.set('Serial-OE-Encoding', encoding);
  fields.set('Serial-OE-Rate', String(sampleRate));
  fields.set('Serial-OE-Stream', String(stream));
  fields.set('Serial-OE-Sequence', String(sequence));
  fields.set('Serial-OE-Position', String(position));
  fields.set('Serial-OE-Time', String(stream / 1000 + position / sampleRate));
  fields.set('Serial-OE-Machine', encodeURIComponent(machineId));
  return { data: encodeSamples(samples, encoding), headers: fields };
}

/**
 * What {@link encodePiece} made; or, from senders without headers such as those of MQTT, a whole WAV file.
 * @throws RangeError for a message that is no piece of sound
 */
export function decodePiece(data: Uint8Array, fields: MsgHdrs | undefined): SentPiece | PlainPiece {
  return fields?.has('Serial-OE-Encoding') ? decodeNumbered(data, fields) : decodeFile(data);
}

function decodeFile(data: Uint8Array): PlainPiece {
  try {
    const { sampleRate, channels } = decodeWav(data);
    return { machineId: '', samples: finite(toMono(channels)), sampleRate };
  } catch (cause) {
    throw new RangeError(
      `monitor: a message without the header Serial-OE-Encoding must be a WAV file: ${(cause as Error).message}`,
      { cause },
    );
  }
}

function decodeNumbered(data: Uint8Array, fields: MsgHdrs): SentPiece {
  const numberOf = (name: string, isValid: (value: number) => boolean) => {
    const text = fields.get(`Serial-OE-${name}`);
    if (text !== '' && isValid(Number(text))) return Number(text);
    throw new RangeError(`monitor: the header Serial-OE-${name} must be a number, got ${show(text)}.`);
  };
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  const encoding = fields.get('Serial-OE-Encoding') as PcmEncoding;
  if (!PCM_ENCODINGS.includes(encoding)) {
    throw new RangeError(
      `monitor: the header Serial-OE-Encoding must be one of ${PCM_ENCODINGS.join(', ')}.`,
    );
  }
  return {
    machineId: decodeURIComponent(fields.get('Serial-OE-Machine')),
    samples: finite(new PcmDecoder({ encoding }).decode(data)),
    sampleRate: numberOf('Rate', (value) => isCount(value) && value > 0),
    stream: numberOf('Stream', isCount),
    sequence: numberOf('Sequence', isCount),
    position: numberOf('Position', isCount),
  };
}

const finite = (samples: Float32Array) =>
  samples.every(Number.isFinite) ? samples : samples.map((each) => (Number.isFinite(each) ? each : 0));

/** `<audio>.<partition>.<site>.<asset>.<sensor>` -> names. */
export function nameOfSubject(subject: string, machineId: string): SensorName {
  const [, , site = '', asset = '', sensor = ''] = subject.split('.');
  return { site, asset, sensor, machineId };
}

function encodeSamples(samples: Float32Array, encoding: SentEncoding): Uint8Array {
  const size = encoding === 's16le' ? 2 : 4;
  const view = new DataView(new ArrayBuffer(size * samples.length));
  for (const [i, sample] of samples.entries()) {
    if (encoding === 'f32le') view.setFloat32(size * i, sample, true);
    else view.setInt16(size * i, Math.max(-32_768, Math.min(32_767, Math.round(32_768 * sample))), true);
  }
  return new Uint8Array(view.buffer);
}
