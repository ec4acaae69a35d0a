import { isRecordingName } from '../src';

const RECORDINGS = [
  'a.wav',
  'a.WAV',
  'a.wave',
  'a b.Flac',
  'x/y.mp3',
  'x\\y.ogg',
  '録音.oga',
  'a.b.opus',
  '/a.b/c.wav',
];
const OTHERS = [
  '._a.wav',
  'x/._a.wav',
  '.wav',
  'wav',
  'a.wav.txt',
  'a.m4a',
  'a.aiff',
  'Thumbs.db',
  'a.wav/b',
  'a.wav~',
  '',
];

it.each(RECORDINGS)('%s is a recording', (name) => {
  expect(isRecordingName(name)).toBe(true);
});

it.each(OTHERS)('%j is no recording', (name) => {
  expect(isRecordingName(name)).toBe(false);
});
