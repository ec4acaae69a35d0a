// Sound as a network hears it, by one package: a recording is looked at, brought to one channel and 16 kHz, and becomes mel spectrograms;
// then the same sound comes in pieces, as from a microphone, and gives the same samples.
// npm start -w examples/features-alone [-- FILE]     WAV; FLAC, MP3, Ogg with their package
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Audio,
  describeSignal,
  MelSpectrogram,
  resample,
  StreamResampler,
  soundLevels,
  splitChunks,
  toMono,
} from '@serial-oe/audio-features';
import { readAudio, writeWav } from '@serial-oe/audio-features/node';
import { elevator } from './elevator';
import { textPicture } from './text-picture';

const SAMPLE_RATE = 16_000;
const [file] = process.argv.slice(2);
mkdirSync('output', { recursive: true });
const path = file ? resolve(process.env.INIT_CWD ?? '.', file) : resolve('output/elevator.wav');
if (!file) await writeWav(path, elevator(), { bitDepth: 24 }); // stereo, 44.1 kHz

// 1  Read and look at it: what would spoil everything after?
const audio: Audio = await readAudio(path);
const { level, peak, findings } = describeSignal(audio);
const seconds = audio.channels[0]!.length / audio.sampleRate;
console.log(
  `${seconds.toFixed(1)} s, ${audio.channels.length} channel(s) at ${audio.sampleRate} Hz, level ${decibels(level)}, peak ${decibels(peak)}`,
);
for (const { severity, message } of findings) console.log(`${severity}: ${message}`);

// 2  One channel, one rate.
const mono = toMono(audio.channels);
const waveform = resample(mono, audio.sampleRate, SAMPLE_RATE);
const { levelDb, bandLevelsDb } = soundLevels(waveform, { sampleRate: SAMPLE_RATE, nBands: 6 });
const bands = Array.from(bandLevelsDb, (value) => value.toFixed(0)).join(' ');
console.log(
  `at ${SAMPLE_RATE} Hz: ${waveform.length} samples, ${levelDb.toFixed(1)} dB; in six bands ${bands} dB`,
);

// 3  The spectrogram of the whole, in decibels, with librosa's bands; torchaudio's are melScale 'htk', norm null.
const mel = new MelSpectrogram({
  ...{ sampleRate: SAMPLE_RATE, nFft: 1024, hopLength: 256, nMels: 64, fMin: 50, fMax: 8000 },
  ...{ melScale: 'slaney', norm: 'slaney', power: 2, normalized: false, log: 'dB' },
});
const spectrogram = mel.compute(waveform);
console.log(
  `\n${spectrogram.nMels} mel bands x ${spectrogram.nFrames} frames of ${(1000 * 256) / SAMPLE_RATE} ms\n`,
);
console.log(textPicture(spectrogram, { nRows: 16, nColumns: 78 }));

// 4  Chunks of 2 s, as Serial-OE's network takes them: the defaults of the package.
const frontEnd = new MelSpectrogram();
const chunks = splitChunks(waveform).map((chunk) => frontEnd.compute(chunk));
console.log(`\n${chunks.length} chunks of 2 s: ${chunks[0]!.nMels} x ${chunks[0]!.nFrames} each`);

// 5  The same sound in pieces of 50 ms: nothing is heard twice or lost where they meet.
const stream = new StreamResampler({ fromRate: audio.sampleRate, toRate: SAMPLE_RATE });
const pieces: Float32Array[] = [];
const length = Math.round(0.05 * audio.sampleRate);
for (let at = 0; at < mono.length; at += length) pieces.push(stream.push(mono.subarray(at, at + length)));
pieces.push(stream.end());
const streamed = pieces.flatMap((piece) => Array.from(piece));
const farthest = streamed.reduce((most, sample, i) => Math.max(most, Math.abs(sample - waveform[i]!)), 0);
const isSame = streamed.length === waveform.length && farthest < 1e-6; // float32 rounds
console.log(
  `resampled in ${pieces.length} pieces: ${isSame ? 'the same samples' : 'OTHER samples'}, to ${farthest.toExponential(0)}`,
);

// 6  For Python, R or a spreadsheet: a row a frame.
const { data, nMels, nFrames } = spectrogram;
const rows = Array.from({ length: nFrames }, (_, t) =>
  Array.from({ length: nMels }, (_, band) => data[band * nFrames + t]!.toFixed(2)).join(','),
);
const csv = resolve('output/mel.csv');
writeFileSync(csv, `${rows.join('\n')}\n`);
console.log(`Wrote ${csv}`);

function decibels(amplitude: number): string {
  return `${(20 * Math.log10(Math.max(amplitude, 1e-9))).toFixed(1)} dB`;
}
