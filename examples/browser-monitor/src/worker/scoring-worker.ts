// All that takes time happens here, so that the page never waits: reading, scoring, explaining, fitting.
import { resample } from '@serial-oe/audio-features';
import { explainClip, NormalIndex } from '@serial-oe/explain';
import { StreamScorer } from '@serial-oe/monitor';
import { EventTracker } from './event-tracker';
import { fitMachine } from './fit-machine';
import { countNormals, embedding, type HeldModel, holdModel } from './held-model';
import type {
  ExplainedSound,
  FromWorker,
  ScoringApi,
  SentError,
  Sound,
  SoundEvent,
  ToWorker,
  WindowScore,
  WorkerEvent,
} from './protocol';
import { Recordings } from './recordings';
import { SoundStream, toWindowScore } from './sound-stream';

/** Of a worker, which TypeScript's library for pages does not know. */
interface WorkerScope {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
}
const scope = globalThis as unknown as WorkerScope;
const MAX_EXPLAINED_SECONDS = 10;

const recordings = new Recordings();
let held: HeldModel | null = null;
let stream: SoundStream | null = null;
let port: MessagePort | null = null;

type Handlers = {
  [M in keyof ScoringApi]: (...args: Parameters<ScoringApi[M]>) => Promise<ReturnType<ScoringApi[M]>>;
};

const handlers: Handlers = {
  async load(request) {
    const next = await holdModel(request, tell);
    await replaceModel(next);
    return next.facts;
  },
  read: ({ name, bytes }) => recordings.read(name, bytes),
  scoreRecording: ({ recordingId, machineId, hopSeconds }) =>
    scoreRecording(recordings.get(recordingId), { machineId, hopSeconds }),
  async setNormals({ machineId, recordingIds }) {
    tell({ kind: 'stage', stage: 'normals' });
    const model = currentModel();
    const clips = recordingIds.map((id) => {
      const { name, waveform, sampleRate } = recordings.get(id);
      const { machineType = '' } = model.scorer;
      const role = { label: 'normal' as const, split: 'train' as const };
      return { path: name, machineType, machineId, ...role, waveform, sampleRate };
    });
    model.index = await NormalIndex.build(embedding(model.scorer), clips, { nKept: clips.length });
    model.facts.nNormalClips = await countNormals(model.index, model.scorer);
    return { nNormalClips: model.facts.nNormalClips };
  },
  async forget({ recordingId }) {
    recordings.forget(recordingId);
    return null;
  },
  async openStream(settings) {
    await stream?.close();
    stream = new SoundStream(currentModel(), settings, tell);
    if (settings.recordingId !== undefined) stream.play(recordings.get(settings.recordingId));
    return null;
  },
  async closeStream() {
    port?.close();
    port = null;
    const closing = stream;
    const sound = await closing?.close();
    return sound ?? { waveform: new Float32Array(0), sampleRate: currentModel().facts.sampleRate };
  },
  async heard({ time, endTime }) {
    return stream!.heard(time, endTime);
  },
  async explain(request) {
    const sound =
      'sound' in request
        ? request.sound
        : recordings.between(request.recordingId, request.time, request.endTime);
    return explain(sound, request.machineId);
  },
  async fit(request) {
    tell({ kind: 'stage', stage: 'fitting' });
    const made = await fitMachine(request);
    const files = [{ name: 'fitted.serialoe', bytes: made.bundle }];
    const source = { kind: 'files' as const, name: request.name, files };
    const next = await holdModel({ source, backend: 'wasm' }, tell);
    await replaceModel(next);
    return { ...made, facts: next.facts };
  },
};

/** What a stream still has to score is scored by the old one. */
async function replaceModel(next: HeldModel): Promise<void> {
  await stream?.close();
  held?.scorer.dispose();
  held = next;
}

function currentModel(): HeldModel {
  if (held === null) throw new Error('no model is loaded.');
  return held;
}

async function scoreRecording(
  { waveform, sampleRate }: Sound,
  { machineId, hopSeconds }: { machineId: string; hopSeconds: number },
): Promise<{ windows: WindowScore[]; events: SoundEvent[] }> {
  const { scorer } = currentModel();
  const seconds = waveform.length / sampleRate;
  const streamed = new StreamScorer(scorer, { machineId, hopSeconds, maxPendingSeconds: seconds });
  streamed.push(waveform, sampleRate);
  streamed.close();
  const tracker = new EventTracker(scorer.thresholds!.get(machineId)!.threshold, hopSeconds);
  const windows: WindowScore[] = [];
  const events: SoundEvent[] = [];
  const note = (changes: ReturnType<EventTracker['update']>) =>
    events.push(...changes.filter(({ state }) => state === 'inactive').map(({ event }) => event));
  const nTotal = Math.max(1, Math.floor((seconds - streamed.windowSeconds) / hopSeconds) + 1);
  for await (const scored of streamed) {
    const score = toWindowScore(scored);
    windows.push(score);
    note(tracker.update(score));
    tell({ kind: 'scoring', nDone: windows.length, nTotal });
  }
  note(tracker.end());
  return { windows, events };
}

async function explain(sound: Sound, machineId: string): Promise<ExplainedSound> {
  const { scorer, index, frontEnd, facts } = currentModel();
  const { sampleRate } = sound;
  const waveform = sound.waveform.slice(0, MAX_EXPLAINED_SECONDS * sampleRate);
  const isKnown = index?.machineIds.includes(machineId) ?? false;
  const known = isKnown ? index! : undefined;
  const explanation = await explainClip(scorer, waveform, { sampleRate, machineId, index: known });
  const compared = await known?.compare(waveform, { sampleRate, machineId });
  const { data, nMels, nFrames } = frontEnd
    .make(true)
    .compute(resample(waveform, sampleRate, facts.sampleRate));
  const nearest = compared && {
    ...{ name: compared.normal.name, distance: compared.normal.distance },
    sound: { waveform: new Float32Array(compared.normal.waveform), sampleRate: compared.normal.sampleRate },
  };
  const mel = { data, nMels, nFrames, facts: frontEnd.facts };
  return { explanation, mel, nearest: nearest ?? null, sound: { waveform, sampleRate } };
}

function tell(event: WorkerEvent): void {
  scope.postMessage({ kind: 'event', event }, event.kind === 'mel' ? [event.columns.buffer] : []);
}

/** A microphone's worklet sends its samples by a port of its own, past the page. */
function listen(own: MessagePort): void {
  port?.close();
  port = own;
  own.onmessage = ({ data }: MessageEvent<Sound>) => stream?.push(data.waveform, data.sampleRate, true);
}

async function answer({ id, method, argument }: ToWorker & { kind: 'call' }): Promise<void> {
  try {
    const handler = handlers[method] as (argument: unknown) => Promise<unknown>;
    scope.postMessage({ kind: 'result', id, result: await handler(argument) }, []);
  } catch (error) {
    scope.postMessage({ kind: 'error', id, error: toSent(error) }, []);
  }
}

function toSent(error: unknown): SentError {
  const { name, message, problem } = error as Error & { problem?: string };
  return { name, message, problem };
}

scope.onmessage = ({ data }) => {
  if (data.kind === 'port') listen(data.port);
  else void answer(data);
};
