/** A microphone that is open. */
export interface Microphone {
  /** Hz, of the device. */
  sampleRate: number;
  /** As the browser calls it. */
  label: string;
  stop(): Promise<void>;
}

/**
 * Opens the microphone as it is: at its own rate, without echo cancellation, noise suppression and gain control, each of which would take
 * away what a fault sounds like. Resampling is the worker's.
 *
 * @param target takes `{ waveform, sampleRate }`, mono, a tenth of a second each
 * @param onEnded told when the device is taken away
 * @throws DOMException NotAllowedError, NotFoundError, NotReadableError; TypeError where pages get no microphone
 */
export async function openMicrophone(target: MessagePort, onEnded: () => void): Promise<Microphone> {
  if (navigator.mediaDevices === undefined) throw new TypeError('no mediaDevices');
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
  const [track] = stream.getAudioTracks();
  const context = contextFor(track!);
  try {
    await context.audioWorklet.addModule(new URL('./capture-worklet.js', import.meta.url).href);
    await context.resume();
  } catch (error) {
    track!.stop();
    await context.close();
    throw error;
  }
  const node = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0 });
  node.port.postMessage({ target }, [target]);
  context.createMediaStreamSource(stream).connect(node);
  track!.addEventListener('ended', onEnded);
  return {
    sampleRate: context.sampleRate,
    label: track!.label,
    async stop() {
      track!.removeEventListener('ended', onEnded);
      for (const each of stream.getTracks()) each.stop();
      await context.close();
    },
  };
}

/** At the device's rate, where the browser tells it and can work at it: nothing is resampled then before the worker does. */
function contextFor(track: MediaStreamTrack): AudioContext {
  const { sampleRate } = track.getSettings();
  try {
    return new AudioContext(sampleRate === undefined ? {} : { sampleRate });
  } catch {
    return new AudioContext();
  }
}
