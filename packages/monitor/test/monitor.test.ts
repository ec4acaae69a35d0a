import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeWav } from '@serial-oe/audio-features';
import { Decisions, levelsFor, withDecisions } from '@serial-oe/runtime/contract';
import type { SensorName, SensorStart } from '../src/index';
import { fileSource, Monitor, type MonitorOptions, pruneClips } from '../src/node';
import { PUMP } from './support/events';
import { meanSquareScorer } from './support/mean-square';
import { memorySink, ofKind } from './support/memory-sink';
import { liveSource, noise, RATE, recordedSource } from './support/sources';

const forever = new AbortController().signal;
const quiet = (n: number) => Array.from({ length: n }, (_, i) => noise(0.01, i));
const loud = (n: number) => Array.from({ length: n }, (_, i) => noise(0.3, i));
const named = (sensor: string): SensorName => ({ ...PUMP, sensor });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serial-oe-monitor-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a monitor until its sources are over; what it told. */
async function run(options: Omit<MonitorOptions, 'sinks'>) {
  const sink = memorySink();
  await new Monitor({ clock: () => 1_000_000, ...options, sinks: [sink] }).run(forever);
  expect(sink.isClosed).toBe(true);
  return sink.events;
}

describe('Monitor', () => {
  it('scores, raises an alarm with its delays, and lets it go', async () => {
    const pieces = [...quiet(10), ...loud(8), ...quiet(10)];
    const sensor = { name: PUMP, source: recordedSource(pieces), scorer: meanSquareScorer(), hopSeconds: 1 };
    const events = await run({ sensors: [{ ...sensor, alarm: { onDelay: 2, offDelay: 3 } }] });
    const scores = ofKind(events, 'score');
    expect(scores.map(({ time }) => time - 1_000_000)).toEqual(Array.from({ length: 28 }, (_, i) => i));
    expect(scores.map(({ isAnomaly }) => isAnomaly).lastIndexOf(true)).toBe(17);
    const alarms = ofKind(events, 'alarm');
    expect(alarms.map(({ change, time }) => [change, time - 1_000_000])).toEqual([
      ['active', 13],
      ['inactive', 22],
    ]);
    expect(alarms[0]).toMatchObject({ isActive: true, isAcknowledged: false, threshold: 0.1, name: PUMP });
  });

  it('keeps the sound around an event, the scored window bit for bit', async () => {
    const pieces = [...quiet(10), ...loud(3), ...quiet(20)];
    const all = Float32Array.from(pieces.flatMap((piece) => [...piece]));
    const sensor = { name: PUMP, source: recordedSource(pieces), scorer: meanSquareScorer(), hopSeconds: 1 };
    const events = await run({ sensors: [sensor], clips: { folder: join(folder, 'clips') } });
    const { path } = ofKind(events, 'clip')[0]!;
    expect(path).toBe(join(folder, 'clips', '19700112T134650.000Z_plant_pump-3_mic-1.wav'));
    const { channels, sampleRate } = decodeWav(readFileSync(path));
    expect(sampleRate).toBe(RATE);
    expect(channels[0]).toEqual(all.slice(5 * RATE, 21 * RATE)); // the event's window is the 11th second
  });

  it('keeps less where there is less', async () => {
    const sensor = { name: PUMP, source: recordedSource(loud(3)), scorer: meanSquareScorer(), hopSeconds: 1 };
    const events = await run({ sensors: [sensor], clips: { folder } });
    const { path } = ofKind(events, 'clip')[0]!;
    expect(decodeWav(readFileSync(path)).channels[0]!.length).toBe(3 * RATE);
  });

  it('remembers alarms over restarts', async () => {
    const stateFile = join(folder, 'state.json');
    const sensor = (pieces: Float32Array[]) => ({
      ...{ name: PUMP, source: recordedSource(pieces), scorer: meanSquareScorer(), hopSeconds: 1 },
    });
    const first = await run({ stateFile, sensors: [sensor([...quiet(3), ...loud(3)])] });
    expect(ofKind(first, 'alarm').map(({ change }) => change)).toEqual(['active']);
    const said: string[] = [];
    const later = { clock: () => 1_000_100, onMessage: (text: string) => said.push(text) };
    const second = await run({ stateFile, sensors: [sensor(loud(3))], ...later });
    expect(ofKind(second, 'alarm')).toEqual([]); // it is active already, which sinks are told at the start
    const starts: SensorStart[] = [];
    const sink = { ...memorySink(), onStart: (sensors: readonly SensorStart[]) => starts.push(...sensors) };
    const none = sensor([]);
    await new Monitor({ stateFile, sensors: [none, { ...none, name: named('new') }], sinks: [sink] }).run(
      forever,
    );
    expect(starts).toMatchObject([
      { name: PUMP, isActive: true, isAcknowledged: false, isShelved: false },
      { name: named('new'), isActive: false, isAcknowledged: true, isShelved: false },
    ]);
    expect(said[0]).toBe('plant/pump-3/mic-1: last heard 1970-01-12T13:46:46.000Z');
    const third = await run({ stateFile, sensors: [sensor(quiet(3))], clock: () => 1_000_200 });
    expect(ofKind(third, 'alarm').map(({ change }) => change)).toEqual(['inactive']);
  });

  it('does not take a file for its state that is none, nor overwrites it', () => {
    const stateFile = join(folder, 'state.json');
    writeFileSync(stateFile, '{"mine":1}');
    const sensor = { name: PUMP, source: recordedSource([]), scorer: meanSquareScorer() };
    expect(() => new Monitor({ stateFile, sensors: [sensor] })).toThrow('monitor: the state file');
    expect(readFileSync(stateFile, 'utf8')).toBe('{"mine":1}');
  });

  it('what is no sound of the machine raises no alarm of the machine', async () => {
    const dead = Array.from({ length: 10 }, () => new Float32Array(RATE).fill(0.9));
    const sensor = {
      name: PUMP,
      source: recordedSource([...quiet(5), ...dead]),
      scorer: meanSquareScorer(),
      hopSeconds: 1,
    };
    const events = await run({ sensors: [sensor] });
    expect(ofKind(events, 'score').at(-1)!.isAnomaly).toBe(true);
    expect(ofKind(events, 'alarm')).toEqual([]);
    expect(new Set(ofKind(events, 'score').map(({ isAnomaly }) => isAnomaly))).toEqual(
      new Set([true, false]),
    );
  });

  it('goes on with sound that holds a sample that is no number', async () => {
    const broken = quiet(6);
    broken[2]![5] = Number.NaN;
    const events = await run({
      sensors: [{ name: PUMP, source: recordedSource(broken), scorer: meanSquareScorer(), hopSeconds: 1 }],
    });
    expect(ofKind(events, 'score')).toHaveLength(6);
  });

  it('starts a live source again when it breaks off, ever later, and says so', async () => {
    const source = liveSource([quiet(1), [], quiet(1), quiet(1)]);
    const sink = memorySink();
    const said: string[] = [];
    const stop = new AbortController();
    const backOff = { first: 0.01, most: 0.05 };
    const sensor = { name: PUMP, source, scorer: meanSquareScorer(), hopSeconds: 1, backOff };
    const running = new Monitor({
      sensors: [sensor],
      sinks: [sink],
      onMessage: (text) => said.push(text),
    }).run(stop.signal);
    for (let i = 0; i < 400 && source.nOpened < 4; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await running;
    expect(source.nOpened).toBe(4);
    expect(ofKind(sink.events, 'hearing').map(({ state }) => state)).toEqual(
      Array(3).fill(['ALARMED', 'RECOVERING']).flat(),
    );
    expect(said).toEqual(Array(3).fill('monitor: live broke off'));
  });

  it('restarts a source that is open and gives nothing', async () => {
    const source = liveSource([[]]);
    const sink = memorySink();
    const stop = new AbortController();
    const hearing = { noAudioSeconds: 0.5 };
    const sensor = { name: PUMP, source, scorer: meanSquareScorer(), hearing, backOff: { first: 0.01 } };
    const running = new Monitor({ sensors: [sensor], sinks: [sink] }).run(stop.signal);
    for (let i = 0; i < 500 && source.nOpened < 2; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    stop.abort();
    await running;
    expect(source.nOpened).toBeGreaterThanOrEqual(2);
    expect(ofKind(sink.events, 'hearing')[0]).toMatchObject({ state: 'ALARMED', faults: ['noAudio'] });
  });

  it('says when scoring does not keep up, and drops the oldest', async () => {
    const scorer = meanSquareScorer({ delayMs: 300 });
    let now = 0;
    function* pieces() {
      for (const piece of quiet(30)) {
        now++;
        yield piece;
      }
    }
    const live = {
      ...liveSource([]),
      async *open() {
        for (const samples of pieces()) {
          yield { samples, sampleRate: RATE };
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      },
    };
    const sink = memorySink();
    const stop = new AbortController();
    const sensor = { name: PUMP, source: live, scorer, hopSeconds: 1, maxPendingSeconds: 4 };
    const clock = () => now;
    const running = new Monitor({ sensors: [sensor], sinks: [sink], clock }).run(stop.signal);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    stop.abort();
    await running;
    const overloads = ofKind(sink.events, 'overload');
    expect(overloads.at(-1)!.nDropped).toBeGreaterThan(5);
    expect(overloads[0]!.message).toContain('scoring does not keep up');
    expect(ofKind(sink.events, 'score').at(-1)!.nDropped).toBe(overloads.at(-1)!.nDropped);
  });

  it('listens to several sensors, each with its own alarm, and one that fails stops all', async () => {
    const scorer = meanSquareScorer();
    const sensors = [
      { name: named('a'), source: recordedSource(loud(4)), scorer, hopSeconds: 1 },
      { name: named('b'), source: recordedSource(quiet(4)), scorer, hopSeconds: 1 },
    ];
    const events = await run({ sensors });
    expect(ofKind(events, 'alarm').map(({ name }) => name.sensor)).toEqual(['a']);
    expect(ofKind(events, 'score').filter(({ name }) => name.sensor === 'b')).toHaveLength(4);
    const missing = { name: named('c'), source: fileSource(join(folder, 'missing.wav')), scorer };
    await expect(run({ sensors: [...sensors, missing] })).rejects.toThrow('missing.wav');
  });

  it('takes commands of operators', async () => {
    const sink = memorySink();
    const said: string[] = [];
    const monitor = new Monitor({
      sensors: [{ name: PUMP, source: recordedSource(loud(3)), scorer: meanSquareScorer(), hopSeconds: 1 }],
      sinks: [sink],
      onMessage: (text) => said.push(text),
    });
    await monitor.run(forever);
    monitor.command({ name: PUMP, action: 'acknowledge', comment: 'seen' });
    monitor.command({ name: PUMP, action: 'shelve', seconds: 60 });
    monitor.command({ name: { ...PUMP, sensor: 'mic-9' }, action: 'unshelve' });
    expect(ofKind(sink.events, 'alarm').map(({ change }) => change)).toEqual([
      'active',
      'acknowledged',
      'shelved',
    ]);
    expect(said.at(-1)).toBe('plant/pump-3/mic-9: no such sensor; unshelve is ignored');
  });

  it('takes a command before the first score, of an alarm that it remembers', async () => {
    const stateFile = join(folder, 'state.json');
    const sensor = { name: PUMP, source: recordedSource(loud(3)), scorer: meanSquareScorer(), hopSeconds: 1 };
    await run({ sensors: [sensor], stateFile });
    const sink = memorySink();
    const again = { ...sensor, source: recordedSource(loud(2)) };
    const monitor = new Monitor({ sensors: [again], sinks: [sink], stateFile, clock: () => 1_000_100 });
    monitor.command({ name: PUMP, action: 'acknowledge' });
    await monitor.run(forever);
    expect(ofKind(sink.events, 'alarm').map(({ change }) => change)).toEqual(['acknowledged']);
    expect(
      JSON.parse(readFileSync(stateFile, 'utf8')).sensors['plant/pump-3/mic-1'].alarm.memory,
    ).toMatchObject({
      ...{ active: true, acknowledged: true },
    });
  });

  it('says when the normal sound has moved away from training, and when it is back, over restarts', async () => {
    const stateFile = join(folder, 'state.json');
    const normal = (n: number, seed: number, gain = 1) =>
      Array.from({ length: n }, (_, i) => noise(0.01, 1000 * seed + i).map((sample) => gain * sample));
    const scores = normal(200, 1).map((piece) => piece.reduce((sum, sample) => sum + sample ** 2, 0) / RATE);
    const dated = scores.map((anomalyScore) => ({ machineId: '00', anomalyScore }));
    const scorer = withDecisions(meanSquareScorer(), Decisions.fit(dated, { falseAlarmRate: 0.001 }));
    const drifts = async (pieces: Float32Array[], clock: number) => {
      const sensor = { name: PUMP, source: recordedSource(pieces), scorer, hopSeconds: 0.5 };
      return ofKind(await run({ sensors: [sensor], stateFile, clock: () => clock }), 'drift').map(
        ({ moved }) => moved,
      );
    };
    expect(await drifts(normal(300, 2), 1_000_000)).toEqual([]);
    expect(await drifts(normal(200, 3, 1.03), 1_001_000)).toEqual([['score']]);
    expect(await drifts(normal(20, 4, 1.03), 1_002_000)).toEqual([]); // it has been told
  }, 60_000);

  it('says whether it was the level or the spectrum that moved, where the model knows its normal clips', async () => {
    const normal = (n: number, seed: number, shape = (piece: Float32Array) => piece) =>
      Array.from({ length: n }, (_, i) => shape(noise(0.01, 1000 * seed + i)));
    const clips = normal(100, 1).map((waveform, i) => ({
      ...{ machineId: '00', anomalyScore: Math.sin(i) }, // a score that nothing of the sound moves
      levels: levelsFor(meanSquareScorer().input, { waveform, sampleRate: RATE }),
    }));
    const decisions = Decisions.fit(clips, { falseAlarmRate: 0.001 });
    let n = 0;
    const scorer = withDecisions(
      {
        ...meanSquareScorer(),
        score: async () => ({
          ...{ anomalyScore: Math.sin(n++), threshold: 0, isAnomaly: false, chunkScores: Float64Array.of(0) },
        }),
      },
      Decisions.fromJSON(JSON.stringify(decisions)),
    );
    const drifts = async (pieces: Float32Array[]) => {
      const sensor = { name: PUMP, source: recordedSource(pieces), scorer, hopSeconds: 1 };
      return ofKind(await run({ sensors: [sensor] }), 'drift').map(({ moved, message }) => [moved, message]);
    };
    expect(await drifts(normal(300, 2))).toEqual([]);
    const louder = (piece: Float32Array) => piece.map((sample) => 1.1 * sample);
    expect(await drifts(normal(100, 3, louder))).toEqual([
      [['level'], expect.stringContaining('(its level)')],
    ]);
    // Neighbouring samples mixed, at the same power: duller, no softer.
    const duller = (piece: Float32Array) =>
      piece.map((sample, i) => (0.3 * (piece[i - 1] ?? 0) + sample) / Math.hypot(0.3, 1));
    expect(await drifts(normal(100, 4, duller))).toEqual([
      [['spectrum'], expect.stringContaining('(its spectrum)')],
    ]);
  }, 60_000);

  it('a sink that fails keeps no event from the others, and is told of once', async () => {
    const said: string[] = [];
    const sink = memorySink();
    const broken = {
      ...memorySink(),
      name: 'broken',
      publish: () => {
        throw new Error('no disk');
      },
    };
    const sensor = {
      name: PUMP,
      source: recordedSource(quiet(5)),
      scorer: meanSquareScorer(),
      hopSeconds: 1,
    };
    await new Monitor({ sensors: [sensor], sinks: [broken, sink], onMessage: (text) => said.push(text) }).run(
      forever,
    );
    expect(ofKind(sink.events, 'score')).toHaveLength(5);
    expect(said).toEqual(['broken: no disk']);
  });

  it('needs no more memory for a day than for an hour', async () => {
    function* day() {
      const piece = noise(0.01);
      for (let second = 0; second < 86_400; second++) yield piece;
    }
    const scorer = meanSquareScorer();
    scorer.scored.push = () => 0; // keeps nothing
    let [nScores, afterAnHour, most] = [0, 0, 0];
    const counting = {
      name: 'counting',
      publish: () => {
        nScores++;
        if (nScores % 3600 !== 0) return;
        const { arrayBuffers, heapUsed } = process.memoryUsage();
        if (nScores === 3600) afterAnHour = arrayBuffers + heapUsed;
        most = Math.max(most, arrayBuffers + heapUsed);
      },
      close: async () => {},
    };
    const sensor = { name: PUMP, source: recordedSource(day()), scorer, hopSeconds: 5, windowSeconds: 5 };
    await new Monitor({ sensors: [sensor], sinks: [counting], clips: { folder } }).run(forever);
    expect(nScores).toBe(86_400 / 5);
    expect(most - afterAnHour).toBeLessThan(100 * 2 ** 20);
  }, 120_000);

  it('refuses sensors that cannot be told apart, and names that topics cannot have', () => {
    const sensor = { name: PUMP, source: recordedSource([]), scorer: meanSquareScorer() };
    expect(() => new Monitor({ sensors: [] })).toThrow('at least one sensor');
    expect(() => new Monitor({ sensors: [sensor, sensor] })).toThrow('plant/pump-3/mic-1 twice');
    expect(() => new Monitor({ sensors: [{ ...sensor, name: { ...PUMP, asset: 'a/b' } }] })).toThrow(
      'sensors[0].name.asset must be a name without',
    );
    expect(() => new Monitor({ sensors: [sensor], state: 'x' } as never)).toThrow(/unknown/);
  });
});

describe('pruneClips', () => {
  const clip = (day: number, sensor: string) => {
    const path = join(folder, `2026010${day}T000000.000Z_plant_pump_${sensor}_severity-60.wav`);
    writeFileSync(path, Buffer.alloc(1000));
    const seconds = Date.UTC(2026, 0, day) / 1000;
    utimesSync(path, seconds, seconds);
    return path;
  };
  const now = Date.UTC(2026, 0, 10);

  it('deletes what is too old, but keeps a number of each sensor and all other files', async () => {
    const paths = [1, 2, 3, 8].map((day) => clip(day, 'a'));
    const other = clip(1, 'b');
    writeFileSync(join(folder, 'notes.wav'), 'mine');
    const gone = await pruneClips(folder, { maxAgeDays: 5, keepPerSensor: 2 }, now);
    expect(gone).toEqual(paths.slice(0, 2));
    expect(existsSync(other)).toBe(true);
    expect(existsSync(join(folder, 'notes.wav'))).toBe(true);
  });

  it('deletes the oldest where all take too much of the disk', async () => {
    const paths = [1, 2, 3].map((day) => clip(day, 'a'));
    expect(await pruneClips(folder, { maxDiskShare: 1e-12, keepPerSensor: 1 }, now)).toEqual(
      paths.slice(0, 2),
    );
    expect(await pruneClips(folder, { maxDiskShare: 0.9 }, now)).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
