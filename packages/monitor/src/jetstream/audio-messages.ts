import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { show } from '@serial-oe/foundation';
import type { SensorName } from '../events';
import { PCM_ENCODINGS, PcmDecoder, type PcmEncoding } from '../node/sources/pcm-decoder';

/** Encodings in which sound is sent. */
export const SENT_ENCODINGS = ['s16le', 'f32le'] as const satisfies readonly PcmEncoding[];
export type SentEncoding = (typeof SENT_ENCODINGS)[number];

/** A piece of a sensor's sound as it travels. */
export interface SentPiece {
  machineId: string;
  samples: Float32Array;
  sampleRate: number;
  /** Unix time of the stream's first sample, milliseconds: names the stream; a sensor's later stream has a greater one. */
  stream: number;
  /** Number of the piece in its stream, from 0. */
  sequence: number;
  /** Samples of the stream before this piece. */
  position: number;
}

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

/** @throws RangeError for a message that is no piece of sound */
export function decodePiece(data: Uint8Array, fields: MsgHdrs | undefined): SentPiece {
  const numberOf = (name: string, isValid: (value: number) => boolean) => {
    const text = fields?.get(`Serial-OE-${name}`) ?? '';
    if (text !== '' && isValid(Number(text))) return Number(text);
    throw new RangeError(`monitor: the header Serial-OE-${name} must be a number, got ${show(text)}.`);
  };
  const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0;
  const encoding = fields?.get('Serial-OE-Encoding') as PcmEncoding;
  if (!PCM_ENCODINGS.includes(encoding)) {
    throw new RangeError(
      `monitor: the header Serial-OE-Encoding must be one of ${PCM_ENCODINGS.join(', ')}.`,
    );
  }
  const samples = new PcmDecoder({ encoding }).decode(data);
  return {
    machineId: decodeURIComponent(fields?.get('Serial-OE-Machine') ?? ''),
    samples: samples.every(Number.isFinite)
      ? samples
      : samples.map((each) => (Number.isFinite(each) ? each : 0)),
    sampleRate: numberOf('Rate', (value) => Number.isFinite(value) && value > 0),
    stream: numberOf('Stream', isCount),
    sequence: numberOf('Sequence', isCount),
    position: numberOf('Position', isCount),
  };
}

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
