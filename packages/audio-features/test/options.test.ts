import {
  chunkStarts,
  decodeWav,
  encodeWav,
  MelSpectrogram,
  melFilterbank,
  splitChunks,
  stft,
} from '../src/index';

const silence = new Float32Array(8192);
const audio = { sampleRate: 16000, channels: [silence] };

/** What it is called by mistake, and what the error says. */
const misspelt: [string, (options: object) => unknown, object, string][] = [
  ['MelSpectrogram', (options) => new MelSpectrogram(options), { nMel: 64 }, "Did you mean 'nMels'?"],
  ['MelSpectrogram', (options) => new MelSpectrogram(options), { n_fft: 64 }, "Did you mean 'nFft'?"],
  ['MelSpectrogram', (options) => new MelSpectrogram(options), { logfloor: 64 }, "Did you mean 'logFloor'?"],
  ['melFilterbank', melFilterbank, { fmax: 4000 }, "Did you mean 'fMax'?"],
  ['stft', (options) => stft(silence, options), { hopLenght: 64 }, "Did you mean 'hopLength'?"],
  ['stft', (options) => stft(silence, options), { nMels: 64 }, "There are 'nFft', 'winLength'"],
  ['chunkStarts', (options) => chunkStarts(8192, options), { chunks: 2 }, "Did you mean 'nChunks'?"],
  ['splitChunks', (options) => splitChunks(silence, options), { length: 2 }, "'chunkLength'"],
  ['encodeWav', (options) => encodeWav(audio, options), { bits: 16 }, "There are 'bitDepth', 'encoding'."],
  [
    'decodeWav',
    (options) => decodeWav(encodeWav(audio), options),
    { useAvailable: true },
    "'useAvailableLength'",
  ],
];

it.each(misspelt)('%s refuses an option that there is not', (name, call, options, message) => {
  expect(() => call(options)).toThrow(TypeError);
  expect(() => call(options)).toThrow(
    `audio-features.${name}: unknown option '${Object.keys(options)[0]}'. `,
  );
  expect(() => call(options)).toThrow(message);
});
