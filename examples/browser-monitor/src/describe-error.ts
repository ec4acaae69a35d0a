import { TEXTS } from './texts';

/** What is said to the user, and what more there is to know. */
export interface Described {
  text: string;
  details: string | null;
}

/** @param what the file or thing that it is about */
export function describeError(error: unknown, what = ''): Described {
  const { name = '', message = String(error), problem } = error as Error & { problem?: string };
  const { errors } = TEXTS;
  const details = message.replace(/^[\w.-]+(\.[\w-]+)*: /, '');
  switch (name) {
    case 'BundleError':
      return { text: problem === 'checksum' ? errors.checksum(what) : errors.bundle(what), details };
    case 'AudioError':
    case 'WavError':
      return { text: errors.recording(what), details };
    case 'NotAllowedError':
      return { text: errors.microphoneDenied, details: null };
    case 'NotFoundError':
      return { text: errors.microphoneNone, details: null };
    case 'NotReadableError':
    case 'AbortError':
      return { text: errors.microphoneBusy, details };
    case 'NoWebGpuError':
      return { text: problem === 'browser' ? errors.noWebGpuBrowser : errors.noWebGpuAdapter, details: null };
    case 'BackendError':
      return { text: errors.backend, details };
    case 'TrainingDataError':
      return { text: errors.fit, details };
    default:
      return { text: errors.unknown, details: message };
  }
}
