import { FAULT_KINDS, type FaultKind, injectFault, injectFaults, seededRandom } from '../src';

const RATE = 16_000;

/** A hum in noise whose loudness pulses, three seconds. */
function recording(sampleRate = RATE): Float32Array {
  const random = seededRandom(3, 'recording');
  return Float32Array.from({ length: 3 * sampleRate }, (_, i) => {
    const t = i / sampleRate;
    return (
      (1 + 0.8 * Math.sin(2 * Math.PI * 2 * t)) *
      (0.1 * Math.sin(2 * Math.PI * 120 * t) + 0.05 * (random() - 0.5))
    );
  });
}

const powerOf = (signal: Float32Array) =>
  signal.reduce((sum, value) => sum + value * value, 0) / signal.length;
const changeDb = (faulty: Float32Array, normal: Float32Array) =>
  10 * Math.log10(powerOf(faulty.map((value, i) => value - normal[i]!)) / powerOf(normal));
const inject = (
  kind: FaultKind,
  severityDb: number,
  { waveform = recording(), sampleRate = RATE, seed = 1 } = {},
) => injectFault(waveform, { sampleRate, kind, severityDb, random: seededRandom(seed, kind) });

const ADDED = ['bearingImpacts', 'amplitudeModulation', 'risingTone', 'leakHiss'] as const;
const GAPS = ['missedStrokes', 'dropOuts'] as const;

describe.each(FAULT_KINDS)('%s', (kind) => {
  it('is the same for the same random numbers, another for others, and leaves the recording alone', () => {
    const waveform = recording();
    const faulty = inject(kind, -10, { waveform });
    expect(waveform).toEqual(recording());
    expect(inject(kind, -10)).toEqual(faulty);
    expect(inject(kind, -10, { seed: 2 })).not.toEqual(faulty);
    expect(faulty).toHaveLength(waveform.length);
  });

  it('changes more the more severe it is', () => {
    const changes = [-30, -20, -10].map((severityDb) => changeDb(inject(kind, severityDb), recording()));
    expect(changes).toEqual([...changes].sort((a, b) => a - b));
  });

  it.each([8000, 22_050, 48_000])('works at %d Hz', (sampleRate) => {
    const faulty = inject(kind, -20, { waveform: recording(sampleRate), sampleRate });
    expect(faulty.every(Number.isFinite)).toBe(true);
    expect(changeDb(faulty, recording(sampleRate))).toBeGreaterThan(-60);
  });
});

it.each(ADDED.flatMap((kind) => [-40, -20, 0].map((severityDb) => [kind, severityDb] as const)))(
  '%s of %d dB is a change of that power',
  (kind, severityDb) => {
    expect(changeDb(inject(kind, severityDb), recording())).toBeCloseTo(severityDb, 2);
  },
);

it.each(GAPS.flatMap((kind) => [-12, -6, -3].map((severityDb) => [kind, severityDb] as const)))(
  '%s of %d dB takes away about that power, and adds nothing',
  (kind, severityDb) => {
    const normal = recording();
    const faulty = inject(kind, severityDb);
    expect(Math.abs(changeDb(faulty, normal) - severityDb)).toBeLessThan(1.5); // a gap is as large as it is
    expect(faulty.every((value, i) => Math.abs(value) <= Math.abs(normal[i]!) + 1e-7)).toBe(true);
  },
);

it('gaps end where all that they can take is gone', () => {
  expect(changeDb(inject('dropOuts', 20), recording())).toBeGreaterThan(-1.7);
  expect(changeDb(inject('missedStrokes', 20), recording())).toBeGreaterThan(-1.7);
});

it('missed strokes are among the loudest moments', () => {
  const normal = recording();
  const faulty = inject('missedStrokes', -20);
  const cut = [...normal.keys()].filter(
    (i) => Math.abs(normal[i]! - faulty[i]!) > 0.5 * Math.abs(normal[i]!),
  );
  const loudnessOfCut = cut.reduce((sum, i) => sum + normal[i]! ** 2, 0) / cut.length;
  expect(loudnessOfCut).toBeGreaterThan(1.1 * powerOf(normal));
});

it.each([-40, -26, -20])('a speed drift of %d dB ends at that change of frequency', (severityDb) => {
  const hertz = 200;
  const tone = Float32Array.from({ length: 3 * RATE }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / RATE));
  const faulty = inject('speedDrift', severityDb, { waveform: tone });
  const [from, to] = [1.2 * RATE, 2.2 * RATE];
  let nCrossings = 0;
  for (let i = from; i < to; i++) if (faulty[i]! <= 0 && faulty[i + 1]! > 0) nCrossings++;
  const share = 10 ** (severityDb / 20);
  const expected = [hertz * (1 + share), hertz / (1 + share)];
  expect(Math.min(...expected.map((each) => Math.abs(nCrossings - each)))).toBeLessThanOrEqual(1.1);
});

describe('injectFaults', () => {
  const options = { sampleRate: RATE, severitiesDb: [-20, -10], name: 'a.wav' };

  it('is every kind at every severity, with the same parameters at each', () => {
    const all = [...injectFaults(recording(), options)];
    expect(all.map(({ kind, severityDb }) => [kind, severityDb])).toEqual(
      FAULT_KINDS.flatMap((kind) => [
        [kind, -20],
        [kind, -10],
      ]),
    );
    const normal = recording();
    const [weak, strong] = all.filter(({ kind }) => kind === 'risingTone').map(({ waveform }) => waveform);
    const ratio = (strong![777]! - normal[777]!) / (weak![777]! - normal[777]!);
    expect(ratio).toBeCloseTo(Math.sqrt(10), 2);
  });

  it('gives a kind the same fault whether or not others are asked for, and each recording its own', () => {
    const [tone] = injectFaults(recording(), { ...options, kinds: ['risingTone'] });
    const all = [...injectFaults(recording(), options)];
    expect(all.find(({ kind }) => kind === 'risingTone')).toEqual(tone);
    const [other] = injectFaults(recording(), { ...options, kinds: ['risingTone'], name: 'b.wav' });
    expect(other).not.toEqual(tone);
  });
});

it.each<[string, Float32Array, object, RegExp]>([
  ['silence', new Float32Array(RATE), {}, /must hold sound, got silence/],
  ['a quarter of a second', recording().slice(0, RATE / 4), {}, /at least 0.5 s long, got 0.25 s/],
  ['NaN', recording().fill(Number.NaN, 5, 6), {}, /must be finite, got NaN/],
  ['an unknown kind', recording(), { kind: 'bearing' }, /kind must be one of 'bearingImpacts'/],
  [
    'a severity that is none',
    recording(),
    { severityDb: Number.POSITIVE_INFINITY },
    /severityDb must be a finite number/,
  ],
  ['a rate that is none', recording(), { sampleRate: 0 }, /sampleRate must/],
  ['an unknown option', recording(), { severity: 3 }, /unknown option 'severity'/],
])('refuses %s', (_, waveform, change, message) => {
  const options = {
    sampleRate: RATE,
    kind: 'leakHiss',
    severityDb: -20,
    random: Math.random,
    ...change,
  } as never;
  expect(() => injectFault(waveform, options)).toThrow(message);
});
