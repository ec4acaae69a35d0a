// Mel spectrograms of two frames at a time, one in each half of a vector of two float64. Addresses and strides are
// bytes; nothing is allocated, and nothing written but the results. Every operation and its order are those of fft.js,
// src/real-fft.ts and src/mel-core.ts, so the results equal those of TypeScript bit for bit.
export { windowAndTransform2, windowAndTransform4 } from './window-and-transform';
export { combine4 } from './combine';
export { magnitudes, powers } from './split-spectrum';
export { sumBands } from './sum-bands';
