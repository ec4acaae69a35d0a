import '@tensorflow/tfjs-backend-wasm';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { writeWav } from '@serial-oe/audio-features/node';
import { type Clip, DatasetError } from '@serial-oe/datasets';
import {
  BackendError,
  evaluateSerialOe,
  loadSerialOe,
  type ScoreClipsOptions,
  type ScoredClipOrError,
  ScoringWorkerError,
  type SerialOeModel,
  scoreClips,
  scoreEachClip,
  trainSerialOe,
  UnknownMachineIdError,
} from '@serial-oe/serial-oe';
import { startedThreads } from '@serial-oe/tooling/test-support/started-threads';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { TINY_CONFIG, tinyDataset } from './support/tiny-dataset';

const started = startedThreads();
/** Threads that run; an ended one has the id -1. */
const running = () => started.filter(({ threadId }) => threadId !== -1);

const dataset = tinyDataset();
const clips = dataset.clips.filter(({ machineType, split }) => machineType === 'fan' && split === 'test');

async function collect(model: SerialOeModel, some: readonly Clip[], options: ScoreClipsOptions) {
  const all: ScoredClipOrError[] = [];
  for await (const each of scoreEachClip(model, some, options)) all.push(each);
  return all;
}

describe('scoring on several threads', () => {
  let folder: string;
  let model: SerialOeModel;
  let files: Clip[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'serial-oe-workers-'));
    model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config: TINY_CONFIG });
    files = await Promise.all(
      clips.map(async ({ waveform, sampleRate, ...clip }, i): Promise<Clip> => {
        const path = join(folder, `${i}.wav`);
        await writeWav(path, { sampleRate: sampleRate!, channels: [waveform!] });
        return { ...clip, path };
      }),
    );
  });

  afterEach(() => expect(running()).toEqual([]));

  afterAll(() => {
    model.dispose();
    rmSync(folder, { recursive: true });
  });

  it.each(['wasm', 'cpu'])('gives the scores of one, in order, bit for bit: %s', async (backend) => {
    await setBackend(backend);
    const bundle = join(folder, `${backend}.zip`);
    await model.save(bundle);
    const ofBackend = await loadSerialOe(bundle);
    try {
      for (const some of [clips, files]) {
        const expected = await scoreClips(ofBackend, some, {});
        const nBefore = started.length;
        const told: number[] = [];
        const onProgress = ({ nDone }: { nDone: number }) => told.push(nDone);
        const scores = await scoreClips(ofBackend, some, { workers: 3, onProgress });
        expect(started.length - nBefore).toBe(3);
        expect(scores).toEqual(expected);
        expect(told).toEqual(some.map((_, i) => i + 1));
      }
      expect(new Set((await scoreClips(ofBackend, clips)).map(({ anomalyScore }) => anomalyScore)).size).toBe(
        clips.length,
      );
    } finally {
      ofBackend.dispose();
      await setBackend('wasm');
    }
  });

  it('knows machines that came after the training', async () => {
    const waveforms = clips.slice(0, 3).map(({ waveform }) => waveform!);
    const extended = await loadSerialOe(join(folder, 'wasm.zip'));
    await extended.addMachineId('new', { waveforms, sampleRate: 16000 });
    const some = clips.map((clip) => ({ ...clip, machineId: 'new' }));
    expect(await scoreClips(extended, some, { workers: 2 })).toEqual(await scoreClips(extended, some));
    extended.dispose();
  });

  it('leaves the clips and the tensors of this thread alone', async () => {
    const before = memory().numTensors;
    await scoreClips(model, clips, { workers: 2 });
    expect(memory().numTensors).toBe(before);
    expect(clips.every(({ waveform }) => waveform!.length > 0)).toBe(true);
  });

  it('tells a bad clip in its place, with the error of one thread', async () => {
    const broken = join(folder, 'broken.wav');
    writeFileSync(broken, 'RIFF');
    const some: Clip[] = [
      files[0]!,
      { ...files[0]!, path: broken },
      { ...clips[0]!, path: 'short', waveform: new Float32Array(100) },
      { ...files[0]!, machineId: '77' },
      { ...clips[0]!, waveform: clips[0]!.waveform!.map(() => Number.NaN) },
      files[1]!,
    ];
    const [inline, helped, threads] = await Promise.all(
      [{ featureWorkers: 0 }, { featureWorkers: 1 }, { workers: 2 }].map((options) =>
        collect(model, some, options),
      ),
    );
    const essence = (all: ScoredClipOrError[]) =>
      all.map((each) =>
        'error' in each
          ? [each.clip.path, Object.getPrototypeOf(each.error), each.error.message, { ...each.error }]
          : [each.clip.path, each.score],
      );
    expect(essence(helped!)).toEqual(essence(inline!));
    expect(essence(threads!)).toEqual(essence(inline!));
    expect(threads!.map((each) => ('error' in each ? each.error : null))).toEqual([
      null,
      expect.any(DatasetError),
      expect.any(RangeError),
      expect.any(UnknownMachineIdError),
      expect.any(DatasetError),
      null,
    ]);
    await expect(scoreClips(model, some.slice(0, 3), { workers: 2 })).rejects.toThrow(DatasetError);
  });

  it('ends with an error, not with a hang, when a thread dies', async () => {
    const scored = scoreEachClip(model, clips, { workers: 2 });
    await scored.next();
    await running().at(-1)!.terminate();
    const rest = (async () => {
      for await (const _ of scored);
    })();
    await expect(rest).rejects.toThrow(ScoringWorkerError);
    await expect(rest).rejects.toThrow(/a scoring worker has died: exit code 1/);
  });

  it('stops at a signal, and where the results are no longer taken', async () => {
    const controller = new AbortController();
    const stopped = (async () => {
      for await (const _ of scoreEachClip(model, clips, { workers: 2, signal: controller.signal })) {
        controller.abort();
      }
    })();
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    for await (const _ of scoreEachClip(model, clips, { workers: 2 })) break;
    const nBefore = started.length;
    await expect(scoreClips(model, clips, { workers: 2, signal: AbortSignal.abort() })).rejects.toMatchObject(
      { name: 'AbortError' },
    );
    expect(started.length).toBe(nBefore);
  });

  it('reads no further ahead than two clips a thread', async () => {
    const sent = jest.spyOn(Worker.prototype, 'postMessage');
    const scored = scoreEachClip(model, [...clips, ...clips], { workers: 2 });
    for (let i = 0; i < 3; i++) {
      await scored.next();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(sent).toHaveBeenCalledTimes(4 + i);
    }
    sent.mockRestore();
    await scored.return(undefined);
  });

  it('starts no more threads than there are clips', async () => {
    const nBefore = started.length;
    expect(await scoreClips(model, [], { workers: 4 })).toEqual([]);
    await scoreClips(model, clips.slice(0, 2), { workers: 4 });
    expect(started.length - nBefore).toBeLessThanOrEqual(3);
  });

  it('evaluates alike', async () => {
    const evaluation = await evaluateSerialOe(model, { dataset, workers: 2 });
    expect(evaluation).toEqual(await evaluateSerialOe(model, { dataset }));
  });

  it('refuses other numbers of threads, both kinds of them, and backends that one thread alone can have', async () => {
    await expect(scoreClips(model, clips, { workers: 0 })).rejects.toThrow(
      'serial-oe.scoreClips: workers must be a whole number of at least 1, got 0.',
    );
    await expect(scoreClips(model, clips, { workers: 1.5 })).rejects.toThrow(RangeError);
    await expect(scoreClips(model, clips, { featureWorkers: -1 })).rejects.toThrow(
      /featureWorkers must be a whole number of at least 0, got -1/,
    );
    await expect(scoreClips(model, clips, { workers: 2, featureWorkers: 1 })).rejects.toThrow(
      /featureWorkers must be left out with workers above 1/,
    );
    registerBackend('other', () => new MathBackendCPU());
    await setBackend('other');
    const refused = scoreClips(model, clips, { workers: 2 });
    await expect(refused).rejects.toThrow(BackendError);
    await expect(refused).rejects.toThrow(
      /scoreClips: workers above 1 must run on the backend wasm or cpu, got other/,
    );
    await setBackend('wasm');
  });
});
