export { readAudio } from './node/read-audio';
export { readWav } from './node/read-wav';
export { writeWav } from './node/write-wav';
