/** The bytes of a WAV file, 10 s at 16 kHz, mono, 16 bit: a 120 Hz hum with its harmonics, and a click each second. */
export function wavOfHum(): Uint8Array {
  const sampleRate = 16_000;
  const nSamples = 10 * sampleRate;
  const bytes = new DataView(new ArrayBuffer(44 + 2 * nSamples));
  const writeText = (offset: number, text: string) => {
    for (let i = 0; i < text.length; i++) bytes.setUint8(offset + i, text.charCodeAt(i));
  };
  writeText(0, 'RIFF');
  bytes.setUint32(4, 36 + 2 * nSamples, true);
  writeText(8, 'WAVEfmt ');
  bytes.setUint32(16, 16, true);
  bytes.setUint16(20, 1, true); // PCM
  bytes.setUint16(22, 1, true); // channels
  bytes.setUint32(24, sampleRate, true);
  bytes.setUint32(28, 2 * sampleRate, true); // bytes a second
  bytes.setUint16(32, 2, true); // bytes a sample of all channels
  bytes.setUint16(34, 16, true); // bits a sample
  writeText(36, 'data');
  bytes.setUint32(40, 2 * nSamples, true);
  for (let i = 0; i < nSamples; i++) {
    const phase = (2 * Math.PI * 120 * i) / sampleRate;
    const hum = 0.2 * Math.sin(phase) + 0.1 * Math.sin(2 * phase) + 0.05 * Math.sin(7 * phase);
    const click = i % sampleRate < 40 ? 0.3 * Math.cos(0.7 * i) : 0;
    bytes.setInt16(44 + 2 * i, Math.round(32767 * (hum + click)), true);
  }
  return new Uint8Array(bytes.buffer);
}
