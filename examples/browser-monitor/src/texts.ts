// Every text of the page. A translation is this file in another language; numbers and dates follow the browser's own.

const digits = (value: number, n = 2) => value.toFixed(n);
const plural = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

export const TEXTS = {
  page: {
    title: 'Machine monitor · serial-oe',
    shortName: 'Machine monitor',
    description: 'Hears when a machine sounds wrong. Everything stays on this device.',
    noScript: 'This page scores sound on your device and needs JavaScript for it.',
    language: 'en',
  },
  header: {
    brand: 'serial-oe',
    subtitle: 'machine monitor',
    privacy: 'Everything stays on this device',
    privacyMore: 'Sound, models and scores are never sent anywhere. The page works without a network.',
    theme: 'Theme',
    themes: { auto: 'System', light: 'Light', dark: 'Dark' },
    compute: 'Compute with',
    backends: { wasm: 'WebAssembly', webgpu: 'WebGPU' },
    skip: 'Skip to content',
  },
  tabs: { live: 'Live', recordings: 'Recordings', machine: 'New machine', history: 'History' },
  tabList: 'Views',
  dismiss: 'Dismiss',
  offline: {
    ready: 'Ready to work offline.',
    none: 'Not kept for offline use: the connection broke, or this browser keeps no pages. Loading the page anew tries again.',
  },
  model: {
    heading: 'Model',
    none: 'No model yet',
    noneMore: 'Play the demo, open a bundle that serial-oe train has written, or record a new machine.',
    demoName: 'Demo: a synthetic fan',
    demoMore:
      'Made by serial-oe train on 40 synthetic clips, with a small network in float16. It shows how the page works, not how good the method is.',
    open: 'Open bundle',
    openFolder: 'Open folder',
    openHint:
      'A .serialoe or .zip file, or a folder, as serial-oe train --out writes it. Dropping it anywhere works too.',
    useDemo: 'Use demo model',
    machine: 'Machine',
    facts: 'About the model',
    systems: 'Systems',
    summary: (type: string, systems: string[]) => `${type} · ${systems.join(', ')}`,
    leftOut: 'Left out',
    threshold: 'Threshold',
    thresholdValue: (threshold: number, nClips: number, share: string) =>
      `${digits(threshold)}, set on ${plural(nClips, 'normal clip', 'normal clips')} for ${share} false alarms`,
    extrapolated: ' (rarer than so few clips can tell)',
    window: 'Window',
    windowValue: (seconds: number, rate: number) => `${seconds} s at ${rate / 1000} kHz`,
    computed: 'Computed by',
    computedValue: (backend: string, ms: number) => `${backend}, first window in ${ms.toFixed(0)} ms`,
    noNetwork: 'plain arithmetic, no network',
    normals: 'Compares with',
    normalsValue: (n: number) => (n === 0 ? 'no normal clips' : plural(n, 'normal clip', 'normal clips')),
    size: 'Size',
    noSeverity: 'This bundle holds no decisions: raw scores are shown. serial-oe calibrate adds a severity.',
    loaded: (name: string) => `${name} is loaded.`,
  },
  stages: {
    backend: 'starting the backend',
    reading: 'reading the model',
    warmUp: 'warming up',
    fitting: 'fitting the detector',
    normals: 'listening to normal clips',
    download: (done: string, total: string | null) =>
      total === null ? `${done} read` : `${done} of ${total}`,
    progress: 'Progress',
  },
  live: {
    playDemo: 'Play the demo',
    listen: 'Listen to the microphone',
    stop: 'Stop',
    idle: 'Not listening',
    idleMore: 'Half a minute of a fan, in which a leak begins to hiss. Or listen to a machine of your own.',
    waiting: 'Listening',
    waitingMore: (seconds: number) => `the first score comes after ${seconds} s of sound`,
    normal: 'Normal',
    normalMore: 'It sounds as it did when it was recorded.',
    above: 'Above the threshold',
    aboveMore: 'One window; an alarm takes two in a row.',
    alarm: 'Alarm',
    alarmMore: 'It does not sound as it did when it was recorded.',
    unlike: 'Unlike anything in the training: another place or a wrong cable are as likely as a fault.',
    ended: 'Ended',
    endedMore: (nWindows: number, nEvents: number) =>
      `${plural(nWindows, 'window', 'windows')} scored, ${plural(nEvents, 'event', 'events')}.`,
    severity: 'Severity',
    severityMore: 'Each point is the score of the window that ends there.',
    score: 'Score',
    of100: 'of 100',
    heard: 'What the model hears',
    melLabel: (seconds: number) =>
      `Mel spectrogram of the last ${seconds} seconds: time from left to right, low frequencies at the bottom, loud is bright.`,
    chartLabel: (last: string) => `Severity over time. ${last}`,
    chartNone: 'No window was scored yet.',
    chartLast: (value: string, state: string) => `Last: ${value}, ${state}.`,
    thresholdLine: 'threshold',
    inputLevel: 'Input level',
    level: (decibels: number) => `${decibels.toFixed(0)} dBFS`,
    source: { demo: 'demo recording', microphone: 'microphone' },
    sourceRate: (label: string, rate: number) => `${label}, ${(rate / 1000).toFixed(1)} kHz`,
    saveSound: 'Save sound (WAV)',
    saveScores: 'Save scores (CSV)',
    scoring: (ms: number) => `a window takes ${ms.toFixed(0)} ms`,
    dropped: (n: number) =>
      `${plural(n, 'window was', 'windows were')} left out: this device does not keep up.`,
    mute: 'Mute',
    unmute: 'Unmute',
  },
  events: {
    heading: 'Events',
    none: 'Nothing yet. Stretches of anomalous sound appear here, with their sound.',
    ongoing: 'now',
    seconds: (seconds: number) => `${digits(seconds, 1)} s`,
    peak: (value: string) => `peak ${value}`,
    play: 'Play',
    pause: 'Pause',
    playOf: (name: string) => `Play the sound of ${name}`,
    explain: 'Why?',
    explainOf: (name: string) => `Why? Explain ${name}`,
    save: 'WAV',
    saveOf: (name: string) => `Save the sound of ${name} as WAV`,
    at: (time: string) => `the event at ${time}`,
    otherModel: (name: string) => `Load the model ${name} to explain this event.`,
  },
  explanation: {
    heading: 'Why this sound?',
    close: 'Close',
    working: 'Exchanging parts of the sound for normal ones and scoring each ..',
    mapLabel: (place: string) =>
      `Mel spectrogram of the sound with the part marked that the score comes from: ${place}`,
    segments: 'When: share of the score by time',
    bands: 'Where: share of the score by frequency',
    from: formatBand,
    during: (time: number, endTime: number) => `${digits(time, 1)} to ${digits(endTime, 1)} s`,
    nearestHeading: 'Sounds most like this normal clip',
    nearest: (name: string, distance: number) =>
      `${name}, ${distance > 100 ? 'more than 100' : digits(distance, 1)} times as far away as normal clips are from each other`,
    noNormals:
      'This model has no normal sounds to compare with: bundles hold statistics, not recordings. Open recordings of the machine running well under Recordings and choose "Compare with these".',
    playNearest: 'Play the normal clip',
    playThis: 'Play this sound',
    scored: (n: number, ms: number) => `${n} scorings in ${ms.toFixed(0)} ms`,
  },
  recordings: {
    heading: 'Recordings',
    drop: 'Drop recordings anywhere on this page, or choose them. Each is scored window by window, and what is anomalous is marked; a point of the curve is the window that ends there.',
    choose: 'Choose files',
    kinds: 'WAV, FLAC, MP3, Ogg Vorbis, Opus',
    needsModel: 'Open a bundle or the demo model first, then recordings can be scored.',
    demo: 'Score the demo recording',
    reading: (name: string) => `reading ${name}`,
    scoring: (name: string, done: number, total: number) => `scoring ${name}: window ${done} of ${total}`,
    facts: (seconds: number, rate: number, nChannels: number) =>
      `${digits(seconds, 1)} s, ${rate / 1000} kHz, ${plural(nChannels, 'channel', 'channels')}`,
    normal: 'normal',
    anomalous: (n: number) => plural(n, 'anomalous stretch', 'anomalous stretches'),
    peak: (value: string) => `highest ${value}`,
    play: 'Play',
    pause: 'Pause',
    explain: 'Why?',
    save: 'Save scores (CSV)',
    remove: 'Remove',
    waveLabel: (name: string) => `Waveform of ${name}`,
    regions: (list: string) => `Anomalous: ${list}`,
    compare: 'Compare with these',
    compareHint:
      'Where these recordings are normal ones: sounds are then compared with them, and an explanation can play the nearest.',
    compared: (n: number) => `Sounds are compared with ${plural(n, 'recording', 'recordings')} now.`,
    tooShort: (name: string, seconds: number, need: number) =>
      `${name} is ${digits(seconds, 1)} s long; this model needs ${need} s at least.`,
    none: 'No recordings yet.',
  },
  machine: {
    heading: 'Fit a detector for a new machine',
    intro:
      'Record two minutes while the machine runs as it should, from where the microphone will stay. Statistics of its bands, its rhythm and its loudness become a detector, here and now; no network is trained.',
    name: 'Name of the machine',
    namePlaceholder: 'pump-3',
    rate: 'False alarms',
    rates: { '0.01': '1 in 100 windows', '0.001': '1 in 1,000 windows', '0.0001': '1 in 10,000 windows' },
    record: 'Record two minutes',
    finish: 'Finish now',
    cancel: 'Cancel',
    fromFiles: 'From recordings',
    recorded: (seconds: number, total: number) => `${formatClock(seconds)} of ${formatClock(total)}`,
    enough: (seconds: number) => `At least ${seconds} s; two minutes are better, several days better still.`,
    fitting: 'Fitting ..',
    done: (name: string, nWindows: number) => `${name} is fitted on ${nWindows} windows of 4 s, and loaded.`,
    advice:
      'Two minutes of one day know that day. For earnest use record several days and all ways the machine is run, and train with the command.',
    save: 'Save bundle',
    listen: 'Listen with it',
    saved: 'Fitted here',
    noneSaved: 'No machine was fitted here yet.',
    load: 'Load',
    remove: 'Delete',
    made: (date: string, size: string) => `${date}, ${size}`,
    nameRule: 'A name of letters, digits, "-" and "_" is needed, such as pump-3.',
  },
  history: {
    heading: 'History',
    intro: 'Kept in this browser alone, and nowhere else.',
    sessions: 'Sessions',
    events: 'Events',
    none: 'Nothing was heard yet.',
    columns: {
      started: 'Started',
      source: 'Source',
      model: 'Model',
      windows: 'Windows',
      peak: 'Highest',
      actions: 'Scores',
    },
    csv: 'CSV',
    csvOf: (date: string) => `Save the scores of ${date} as CSV`,
    allEvents: 'Save events (CSV)',
    clear: 'Delete history',
    clearAsk: 'Delete all sessions and events that are kept in this browser?',
    cleared: 'The history is deleted.',
  },
  csv: {
    windows: 'time_s,end_time_s,anomaly_score,threshold,severity,is_anomaly,is_unlike_training',
    events: 'started_at,source,model,machine_id,duration_s,peak_score,peak_severity,threshold',
  },
  errors: {
    bundle: (name: string) => `${name} is not a model that can be loaded.`,
    checksum: (name: string) => `${name} is damaged or was altered: a checksum is wrong. Copy it again.`,
    recording: (name: string) => `${name} cannot be read.`,
    microphoneDenied:
      "The microphone is blocked. Allow it for this page in the browser's address bar, then listen again.",
    microphoneNone: 'There is no microphone on this device.',
    microphoneBusy: 'The microphone cannot be opened; another program may be using it.',
    microphoneInsecure: 'Browsers give the microphone to pages on https or localhost alone.',
    microphoneEnded: 'The microphone was unplugged or taken away.',
    noWebGpuBrowser: 'This browser has no WebGPU. WebAssembly is used instead.',
    noWebGpuAdapter: 'WebGPU finds no graphics processor on this device. WebAssembly is used instead.',
    backend: 'What computes the network cannot start here.',
    fit: 'The detector cannot be fitted.',
    store:
      'This browser keeps nothing (private window, full storage, or another tab has a newer version of this page): history and fitted machines are gone when the page is closed.',
    scoring: 'Scoring has failed.',
    hearing: (message: string) => `The microphone is not heard well: ${message}.`,
    unknown: 'That did not work.',
    folder: 'There is neither a model nor a recording in it.',
    details: 'Details',
  },
};

/** 4.0–5.7 kHz */
export function formatBand(fLow: number, fHigh: number): string {
  if (fHigh < 1000) return `${fLow.toFixed(0)}–${fHigh.toFixed(0)} Hz`;
  return `${(fLow / 1000).toFixed(1)}–${(fHigh / 1000).toFixed(1)} kHz`;
}

/** 1:05 */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours === 0 ? `${minutes}:${two(whole % 60)}` : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}

export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function formatShare(share: number): string {
  return `${Number((100 * share).toPrecision(3))} %`;
}

/** The time alone, if it is of today. */
export function formatMoment(milliseconds: number): string {
  const date = new Date(milliseconds);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : formatDate(milliseconds);
}

export function formatDate(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}
