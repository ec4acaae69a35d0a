// A WAV file as a mel spectrogram, written as a PNG.
// npm start -w examples/mel-spectrogram-of-a-wav [-- FILE.wav [FILE.png]]
// Without a file it draws a synthetic valve.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MelSpectrogram, toMono } from '@serial-oe/audio-features';
import { readWav } from '@serial-oe/audio-features/node';
import { synthesizeMachineSounds } from '@serial-oe/datasets';
import { spectrogramImage } from '@serial-oe/report';

const startFolder = process.env.INIT_CWD ?? '.'; // npm moves into the example's folder
const [input, output = 'spectrogram.png'] = process.argv.slice(2);

const { waveform, sampleRate } = input ? await readMono(resolve(startFolder, input)) : syntheticValve();
const mel = new MelSpectrogram({ sampleRate, fMax: Math.min(7_800, sampleRate / 2) });
const spectrogram = mel.compute(waveform);

const path = input ? resolve(startFolder, output) : resolve('output', output);
await mkdir(dirname(path), { recursive: true });
await writeFile(path, spectrogramImage(spectrogram, { frameWidth: 2, bandHeight: 2 }));

const seconds = (waveform.length / sampleRate).toFixed(1);
console.log(
  `${seconds} s at ${sampleRate} Hz: ${spectrogram.nMels} mel bands x ${spectrogram.nFrames} frames`,
);
console.log(`Wrote ${path}`);

async function readMono(path: string): Promise<{ waveform: Float32Array; sampleRate: number }> {
  const { channels, sampleRate } = await readWav(path);
  return { waveform: toMono(channels), sampleRate };
}

function syntheticValve(): { waveform: Float32Array; sampleRate: number } {
  const [clip] = synthesizeMachineSounds({ machineTypes: ['valve'], nIds: 1, nTrain: 1, nTest: 1, seed: 1 });
  return clip!;
}
