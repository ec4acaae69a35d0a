/** Changes to a preset with which a training takes seconds. */
export const SMALL = {
  frontEnd: { chunkSeconds: 1, nMels: 32, hopLength: 1000, nFft: 1024, winLength: 1024 },
  network: { embeddingSize: 8 },
};
