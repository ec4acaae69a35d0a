import { headers } from '@nats-io/transport-node';
import { encodeWav } from '@serial-oe/audio-features';
import { seededRandom } from '@serial-oe/foundation';
import { StreamScorer } from '../src/index';
import { decodePiece, encodePiece } from '../src/jetstream/audio-messages';
import { type PlacedPiece, SensorWindows, type WindowPlace } from '../src/jetstream/sensor-windows';
import { meanSquareScorer, ramp } from './support/mean-square';

const RATE = 1000;
const SECONDS = { window: 1, hop: 0.4, history: 0 };
const NEW: WindowPlace = {
  ...{ stream: 0, next: 0, heard: 0, place: 1, position: 0, sampleRate: 0, nDropped: 0 },
};

/** A sound in pieces of any length, one place after the other. */
function piecesOf(sound: Float32Array, { stream = 5000, firstPlace = 1, seed = 1 } = {}): PlacedPiece[] {
  const random = seededRandom(seed);
  const pieces: PlacedPiece[] = [];
  for (let position = 0; position < sound.length; ) {
    const samples = sound.subarray(position, position + 1 + Math.floor(700 * random()));
    const sequence = pieces.length;
    pieces.push({
      ...{ machineId: '00', samples, sampleRate: RATE, stream, sequence, position },
      place: firstPlace + sequence,
    });
    position += samples.length;
  }
  return pieces;
}

/** All windows that are whole by some pieces. */
function windowsOf(windows: SensorWindows, pieces: readonly PlacedPiece[]) {
  const found: { start: number; time: number; waveform: Float32Array }[] = [];
  for (const piece of pieces) {
    windows.take(piece);
    for (let window = windows.window(); window !== null; window = windows.window()) {
      found.push({ start: window.start, time: window.time, waveform: window.waveform });
      windows.done();
    }
  }
  return found;
}

describe('SensorWindows', () => {
  it('cuts the windows of StreamScorer', async () => {
    const sound = ramp(7300);
    const scorer = meanSquareScorer();
    const stream = new StreamScorer(scorer, { hopSeconds: SECONDS.hop, startTime: 5 });
    stream.push(sound, RATE);
    stream.close();
    const expected: { time: number; waveform: Float32Array }[] = [];
    for await (const { time } of stream) expected.push({ time, waveform: scorer.scored.at(-1)! });
    const found = windowsOf(new SensorWindows(SECONDS, NEW), piecesOf(sound));
    expect(found.map(({ time, waveform }) => ({ time, waveform }))).toEqual(expected);
    expect(found).toHaveLength(16);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('goes on from its place after piece %i as if nothing had been', (n) => {
    const pieces = piecesOf(ramp(7300));
    const before = new SensorWindows(SECONDS, NEW);
    const first = windowsOf(before, pieces.slice(0, n));
    const after = new SensorWindows(SECONDS, JSON.parse(JSON.stringify(before.place)));
    const again = pieces.filter(({ place }) => place >= before.place.place);
    expect(before.place.place).toBeLessThanOrEqual(n + 1);
    const all = windowsOf(new SensorWindows(SECONDS, NEW), pieces);
    expect([...first, ...windowsOf(after, again)]).toEqual(all);
  });

  it('takes each piece once, however often it comes', () => {
    const pieces = piecesOf(ramp(5000));
    const twice = pieces.flatMap((piece, i) => [piece, piece, ...pieces.slice(0, i)]);
    expect(windowsOf(new SensorWindows(SECONDS, NEW), twice)).toEqual(
      windowsOf(new SensorWindows(SECONDS, NEW), pieces),
    );
  });

  it('goes on with its seconds and its history too', () => {
    const pieces = piecesOf(ramp(9300));
    const withHistory = { ...SECONDS, history: 1.5 };
    const secondsOf = (windows: SensorWindows, some: readonly PlacedPiece[]) =>
      some.flatMap((piece) => {
        windows.take(piece);
        const found: { time: number; first: number }[] = [];
        for (let second = windows.second(); second !== null; second = windows.second()) {
          expect(second.samples).toHaveLength(RATE);
          found.push({ time: second.time, first: second.samples[0]! });
        }
        while (windows.window() !== null) windows.done();
        return found;
      });
    const before = new SensorWindows(withHistory, NEW);
    const first = secondsOf(before, pieces.slice(0, 17));
    const after = new SensorWindows(withHistory, JSON.parse(JSON.stringify(before.place)));
    const again = secondsOf(
      after,
      pieces.filter(({ place }) => place >= before.place.place),
    );
    expect([...first, ...again]).toEqual(
      Array.from({ length: 9 }, (_, i) => ({ time: 6 + i, first: Math.fround(i) })),
    );
    const { next } = after.place;
    expect(after.recent(5 + next / RATE - 1.5, 5 + next / RATE)).toEqual(ramp(9300).slice(next - 1500, next));
  });

  it('lets no window reach over sound that is missing, and counts those that are lost', () => {
    const pieces = piecesOf(ramp(20_000));
    const [from, to] = [12, 20];
    const [gapStart, gapEnd] = [pieces[from]!.position, pieces[to]!.position];
    const windows = new SensorWindows(SECONDS, NEW);
    const found = windowsOf(windows, [...pieces.slice(0, from), ...pieces.slice(to)]);
    const all = windowsOf(new SensorWindows(SECONDS, NEW), pieces);
    const whole = all.filter(({ start }) => start + RATE <= gapStart || start >= gapEnd);
    expect(found).toEqual(whole);
    expect(windows.place.nDropped).toBe(all.length - whole.length);
    expect(windows.place.nDropped).toBeGreaterThan(3);
  });

  it('begins again with a later stream, and leaves out what comes of an earlier one', () => {
    const first = piecesOf(ramp(3000));
    const second = piecesOf(ramp(3000, 2e-3), { stream: 9000, firstPlace: 101, seed: 2 });
    const late = { ...first.at(-1)!, place: 200 };
    const windows = new SensorWindows(SECONDS, NEW);
    const found = windowsOf(windows, [...first, ...second, late]);
    expect(found.map(({ time }) => time)).toEqual(
      [5, 5.4, 5.8, 6.2, 6.6, 7, 9, 9.4, 9.8, 10.2, 10.6, 11].map((time) => expect.closeTo(time, 9)),
    );
    expect(windows.place).toMatchObject({ stream: 9000, nDropped: 0 });
  });
});

describe('pieces of sound as messages', () => {
  const piece = {
    ...{ machineId: 'id 00/ü', samples: Float32Array.of(-1, -0.5, 0, 0.25, 32_767 / 32_768) },
    ...{ sampleRate: 44_100, stream: 1_700_000_000_123, sequence: 7, position: 88_200 },
  };

  it.each(['s16le', 'f32le'] as const)('are the same after %s', (encoding) => {
    const { data, headers: fields } = encodePiece(piece, encoding);
    expect(decodePiece(data, fields)).toEqual(piece);
    expect(Number(fields.get('Serial-OE-Time'))).toBeCloseTo(1_700_000_002.123, 6);
  });

  it('are clipped at full scale and silent where they are no number', () => {
    const samples = Float32Array.of(2, -2, Number.NaN);
    const sent = encodePiece({ ...piece, samples }, 's16le');
    expect([...decodePiece(sent.data, sent.headers).samples]).toEqual([32_767 / 32_768, -1, 0]);
    const exact = encodePiece({ ...piece, samples }, 'f32le');
    expect([...decodePiece(exact.data, exact.headers).samples]).toEqual([2, -2, 0]);
  });

  it('may be a WAV file, of a sender without headers', () => {
    const { samples, sampleRate } = piece;
    const wav = encodeWav({ sampleRate, channels: [samples] }, { encoding: 'float', bitDepth: 32 });
    expect(decodePiece(wav, undefined)).toEqual({ machineId: '', samples, sampleRate });
  });

  it('say what they lack', () => {
    const { data, headers: fields } = encodePiece(piece, 's16le');
    expect(() => decodePiece(data, undefined)).toThrow(
      /without the header Serial-OE-Encoding must be a WAV file/,
    );
    fields.set('Serial-OE-Rate', '-1');
    expect(() => decodePiece(data, fields)).toThrow('Serial-OE-Rate must be a number');
    const bare = headers();
    bare.set('Serial-OE-Encoding', 'mp3');
    expect(() => decodePiece(data, bare)).toThrow('Serial-OE-Encoding');
  });
});
