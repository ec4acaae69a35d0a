/** The files of the threads, which lie beside this one as sources and as built. */
export function trainingThreadFile(): URL {
  return new URL('./training-thread.js', import.meta.url);
}

export function featureThreadFile(): URL {
  return new URL('./feature-thread.js', import.meta.url);
}
