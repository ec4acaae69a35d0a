import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, callEach } from './call-bench';
import { ROOT } from './repository';

const TIME_ROW = { name: 'mel', threads: 1, oursMs: 20, peer: 'librosa 1', peerMs: 50, ratio: 0.4 };
const MEMORY_ROW = {
  name: 'train-memory',
  threads: 1,
  oursMs: null,
  peer: 'PyTorch 2',
  peerMs: null,
  ratio: 0.25,
  oursMB: 500,
  peerMB: 2000,
};
const DEMO_ROW = { name: 'demo', threads: 2, oursMs: 95_000, peer: null, peerMs: null, ratio: null };

describe('median and agreement', () => {
  it('is the middle of the sorted values, or the mean of the two in the middle', () => {
    const values = callEach('statistics', 'median', [[[10, 9, 2]], [[4, 1, 3, 2]], [[7]], [[]]]);
    expect(values.slice(0, 3).map(({ value }) => value)).toEqual([9, 2.5, 7]);
    expect(values[3]?.error).toMatch(/values must hold at least one/);
  });

  it('agrees within the tolerance of the larger value, whatever the sign', () => {
    const pairs = [
      [100, 100.009, 1e-4],
      [-100, -100.02, 1e-4],
      [1, -1, 1e-4],
      [0, 1e-9, 1e-4],
    ];
    expect(callEach('statistics', 'agree', pairs).map(({ value }) => value)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('rows of bench/results.json', () => {
  it('are made of medians, ours over the peer', () => {
    const rows = callEach('results', 'toRow', [
      [
        { name: 'mel', unit: 'ms' },
        { threads: 1, ours: { value: 20.0004 }, peer: { label: 'librosa 1', value: 50 } },
      ],
      [
        { name: 'train-memory', unit: 'MB' },
        { threads: 1, ours: { value: 500.2 }, peer: { label: 'PyTorch 2', value: 2000.4 } },
      ],
      [
        { name: 'demo', unit: 'ms' },
        { threads: 2, ours: { value: 95_000 } },
      ],
    ]);
    expect(rows.map(({ value }) => value)).toEqual([TIME_ROW, MEMORY_ROW, DEMO_ROW]);
  });

  it('pass their check', () => {
    expect(() => call('results', 'checkRows', [TIME_ROW, MEMORY_ROW, DEMO_ROW])).not.toThrow();
  });

  it.each([
    [{ ...TIME_ROW, name: '' }, /rows\[0\]\.name must be a name/],
    [{ ...TIME_ROW, threads: 0 }, /threads must be an integer of at least 1, got 0/],
    [{ ...TIME_ROW, oursMs: null }, /oursMs must be a positive number, got null/],
    [{ ...TIME_ROW, ratio: null }, /ratio must be a positive number/],
    [{ ...DEMO_ROW, ratio: 1 }, /ratio must be null without a peer, got 1/],
    [{ ...MEMORY_ROW, oursMs: 3 }, /oursMs must be null where memory is measured, got 3/],
    [{ ...MEMORY_ROW, peerMB: -1 }, /peerMB must be a positive number, got -1/],
  ])('fail it when a field is wrong: %o', (row, message) => {
    expect(() => call('results', 'checkRows', [row])).toThrow(message);
  });
});

describe('the table', () => {
  const machine = {
    ...{
      date: '2025-01-02',
      commit: 'abc',
      cpu: 'A CPU',
      cores: 2,
      memoryGB: 8,
      system: 'An OS',
      load: '0.1',
    },
    ...{ node: '20.0.0', tfjs: '4.22.0', turns: 5 },
  };
  const measured = [
    { row: TIME_ROW, work: 'Mel', target: 0.5 },
    { row: { ...TIME_ROW, oursMs: 200, ratio: 4 }, work: 'Mel', target: 1 },
    { row: { ...TIME_ROW, peer: 'another' }, work: 'Mel', target: null },
    { row: MEMORY_ROW, work: 'Memory', target: 0.7 },
    { row: DEMO_ROW, work: 'Demo', targetMs: 120_000 },
  ];

  it('says where, what, against whom, and whether the target is met', () => {
    const text = call('table', 'renderTable', measured, { machine, notes: ['this', 'that'] }) as string;
    const [facts, ...lines] = text.trim().split('\n');
    expect(facts).toMatch(
      /2025-01-02 at commit abc on A CPU, 2 cores, 8 GB.*Medians of 5 turns.*Not measured: this; that\.$/,
    );
    expect(lines.slice(3)).toEqual([
      '| Mel (`mel`) | 1 | 20.0 ms | librosa 1 | 50.0 ms | 0.40 | at most 0.5 | met |',
      '| Mel (`mel`) | 1 | 200 ms | librosa 1 | 50.0 ms | 4.00 | at most 1 | **missed** |',
      '| Mel (`mel`) | 1 | 20.0 ms | another | 50.0 ms | 0.40 | reported |  |',
      '| Memory (`train-memory`) | 1 | 500 MB | PyTorch 2 | 2000 MB | 0.25 | at most 0.7 | met |',
      '| Demo (`demo`) | 2 | 95 s | - | - | - | under 120 s | met |',
    ]);
  });

  it('replaces what stands between the markers of docs/performance.md, and nothing else', () => {
    const page = readFileSync(join(ROOT, 'docs', 'performance.md'), 'utf8');
    const once = call('table', 'replaceGenerated', page, '\nNEW\n') as string;
    const [before, after] = once.split('NEW') as [string, string];
    expect(page.startsWith(before.trimEnd())).toBe(true);
    expect(page.endsWith(after.trimStart())).toBe(true);
    expect(call('table', 'replaceGenerated', once, '\nNEW\n')).toBe(once);
    expect(() => call('table', 'replaceGenerated', 'no markers', 'NEW')).toThrow(/must hold the lines/);
  });
});

describe('the choice of peers', () => {
  const environments = {
    main: {
      python: 'a',
      versions: { torch: '2.13.0', librosa: '0.11', sklearn: '1.9' },
      remedy: 'Install A.',
    },
    system: {
      python: 'b',
      versions: { torch: '1.13.1', distribution: 'Debian', sklearn: null },
      remedy: 'Install B.',
    },
    torchaudio: { python: 'c', versions: {}, remedy: 'Install C.' },
  };
  /** Calls `choosePeers` on a measurement of the real list. */
  function choose(name: string, found: object): unknown {
    const url = pathToFileURL(join(ROOT, 'bench', 'lib', 'measurements.mjs')).href;
    const code = `
      import { choosePeers, MEASUREMENTS } from '${url}';
      const measurement = MEASUREMENTS.find((each) => each.name === process.argv[1]);
      console.log(JSON.stringify(choosePeers(measurement, JSON.parse(process.argv[2]))));`;
    const args = ['--input-type=module', '--eval', code, name, JSON.stringify(found)];
    return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
  }

  it('takes every PyTorch, with the target for the version that it is meant for', () => {
    const last = { env: { SERIAL_OE_BENCH_MEMORY_FORMAT: 'channels_last' } };
    const [system, main] = [
      { python: 'b', script: 'train_step.py', target: 0.75, fastestOf: 'system', env: {} },
      { python: 'a', script: 'train_step.py', target: 0.65, fastestOf: 'main', env: {} },
    ];
    expect(choose('train-step', environments)).toEqual({
      chosen: [
        { ...system, label: 'PyTorch 1.13.1 (Debian)' },
        { ...main, label: 'PyTorch 2.13.0' },
        { ...system, ...last, label: 'PyTorch 1.13.1 (Debian), channels_last' },
        { ...main, ...last, label: 'PyTorch 2.13.0, channels_last' },
      ],
      absent: [],
    });
  });

  it('quotes of the memory formats the faster one, of each release', () => {
    const url = pathToFileURL(join(ROOT, 'bench', 'lib', 'measure.mjs')).href;
    const code = `
      import { quotedPeers } from '${url}';
      console.log(JSON.stringify(quotedPeers(JSON.parse(process.argv[1]))));`;
    const quoted = (peers: object[]) => {
      const args = ['--input-type=module', '--eval', code, JSON.stringify(peers)];
      return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
    };
    const peer = (label: string, value: number, fastestOf?: string) => ({ label, value, fastestOf });
    const [a, b, c, d] = [peer('a', 3, 'main'), peer('b', 2, 'main'), peer('c', 5, 'system'), peer('d', 9)];
    expect(quoted([a, b, c, d])).toEqual([b, c, d]);
    expect(quoted([peer('a', 2, 'main'), b])).toHaveLength(1);
  });

  it('says what is missing and how to get it', () => {
    expect(choose('score-clip', environments)).toMatchObject({
      chosen: [
        { label: 'PyTorch 2.13.0, scikit-learn 1.9' },
        { label: 'PyTorch 2.13.0, scikit-learn 1.9, channels_last' },
      ],
      absent: [{ note: 'score-clip without sklearn of the system Python', remedy: 'Install B.' }],
    });
  });

  it('lets torch.stft stand in for torchaudio, where that is missing', () => {
    expect(choose('mel', environments)).toMatchObject({
      chosen: [{ label: 'torch.stft of PyTorch 2.13.0' }, { label: 'librosa 0.11' }],
      absent: [{ note: 'mel without torchaudio of the torchaudio Python', remedy: 'Install C.' }],
    });
    const all = {
      ...environments,
      torchaudio: { python: 'c', versions: { torchaudio: '2.9.1' }, remedy: '' },
    };
    expect(choose('mel', all)).toMatchObject({
      chosen: [{ label: 'torchaudio 2.9.1' }, { label: 'librosa 0.11' }],
      absent: [],
    });
  });
});

describe('options', () => {
  const NAMES = ['train-step', 'mel'];

  it('count as complete when everything is measured often enough, against peers', () => {
    const lines = [[], ['--only', 'mel,train-step'], ['--only', 'mel'], ['--runs', '4'], ['--no-peers']];
    const parsed = callEach(
      'options',
      'parseOptions',
      lines.map((args) => [args, NAMES]),
    );
    const isComplete = parsed.map(({ value }) => (value as { isComplete: boolean }).isComplete);
    expect(isComplete).toEqual([true, true, false, false, false]);
  });

  it('reads lists and keeps the order of the measurements', () => {
    const args = ['--only', 'mel, train-step', '--threads', '1,2', '--no-build'];
    expect(call('options', 'parseOptions', args, NAMES)).toMatchObject({
      names: NAMES,
      threads: [1, 2],
      turns: 5,
      isBuilt: false,
      hasPeers: true,
    });
  });

  it.each([
    [['--only', 'male'], /--only must name measurements \(train-step, mel\), got male/],
    [['--runs', '0'], /--runs must hold integers of at least 1, got 0/],
    [['--threads', '1,x'], /--threads must hold integers of at least 1, got x/],
  ])('refuses %j', (args, message) => {
    expect(() => call('options', 'parseOptions', args, NAMES)).toThrow(message);
  });
});

describe('profiles', () => {
  it('names the exported functions of a module by their index, others apart', () => {
    // (module (memory (export "memory") 1) (func) (func (export "second")) (func (export "third")))
    const bytes = [
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0],
      ...[3, 4, 3, 0, 0, 0],
      ...[5, 3, 1, 0, 1],
      ...[7, 27, 3, 6, ...Buffer.from('memory'), 2, 0, 5, ...Buffer.from('third'), 0, 2, 6],
      ...[...Buffer.from('second'), 0, 1],
      ...[10, 10, 3, 2, 0, 0x0b, 2, 0, 0x0b, 2, 0, 0x0b],
    ];
    expect(WebAssembly.validate(new Uint8Array(bytes))).toBe(true);
    expect(call('name-wasm', 'exportedFunctions', bytes)).toEqual([
      [1, 'second'],
      [2, 'third'],
    ]);
  });

  it('counts a function that is not exported as the kernel that called it, and leaves idle time out', () => {
    const wasm = (id: number, functionName: string, children: number[] = []) => ({
      ...{ id, children },
      callFrame: { functionName, url: 'wasm://wasm/1', lineNumber: 0 },
    });
    const script = (id: number, functionName: string, children: number[] = []) => ({
      ...{ id, children },
      callFrame: { functionName, url: 'file:///packages/gmm/dist/index.js', lineNumber: 41 },
    });
    const profile = {
      nodes: [
        { ...script(1, '(root)', [2, 3]), callFrame: { functionName: '(root)', url: '', lineNumber: -1 } },
        { ...script(2, '(idle)'), callFrame: { functionName: '(idle)', url: '', lineNumber: -1 } },
        script(3, 'fit', [4, 6]),
        wasm(4, 'multiply', [5]),
        wasm(5, 'wasm-function[3]'),
        wasm(6, 'somethingNew'),
      ],
      samples: [2, 3, 4, 5, 6],
      timeDeltas: [1000, 10, 50, 30, 10],
    };
    expect(call('profile-shares', 'sharesOf', profile)).toEqual({
      byKind: [
        { name: 'matrix products', share: 0.8 },
        { name: 'JavaScript', share: 0.1 },
        { name: 'other WebAssembly (FFT and mel bands, kernels of tfjs)', share: 0.1 },
      ],
      byFunction: [
        { name: 'multiply', share: 0.8 },
        { name: 'fit gmm/dist/index.js:42', share: 0.1 },
        { name: 'somethingNew', share: 0.1 },
      ],
    });
  });
});
