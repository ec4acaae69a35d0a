export const lineThread = (): URL => new URL('./line-thread.js', import.meta.url);
export const pointsThread = (): URL => new URL('./points-thread.js', import.meta.url);
