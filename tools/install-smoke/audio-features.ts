import assert from 'node:assert/strict';
import { decodeWav, encodeWav, MelSpectrogram, type Waveform } from '@serial-oe/audio-features';
import { readWav, writeWav } from '@serial-oe/audio-features/node';

export async function use(): Promise<void> {
  const waveform: Waveform = Float32Array.from({ length: 32_000 }, (_, i) => 0.5 * Math.sin(0.1 * i));
  const { nMels, nFrames } = new MelSpectrogram().compute(waveform);
  assert.deepEqual([nMels, nFrames], [224, 126]);
  const audio = { sampleRate: 16_000, channels: [waveform] };
  assert.equal(decodeWav(encodeWav(audio)).channels[0]!.length, 32_000);
  await writeWav('clip.wav', audio);
  assert.equal((await readWav('clip.wav')).sampleRate, 16_000);
}
