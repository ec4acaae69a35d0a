import { seededRandom } from '@serial-oe/foundation';
import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { formulaValues } from '@serial-oe/tooling/test-support/formula-values';
import { bandLevels } from '../src/model/band-levels';
import { Familiarity, UNLIKE_TRAINING } from '../src/model/familiarity';
import golden from './golden/familiarity.json';

const N_LEVELS = 16;

/** As tools/reference/familiarity.py makes them. */
function levels(name: string, n: number, center: number): Float64Array[] {
  const mixing = formulaValues('mixing', N_LEVELS * N_LEVELS);
  const values = formulaValues(name, n * N_LEVELS);
  return Array.from({ length: n }, (_, row) =>
    Float64Array.from({ length: N_LEVELS }, (_, j) => {
      let sum = center;
      for (let i = 0; i < N_LEVELS; i++) sum += values[row * N_LEVELS + i]! * mixing[i * N_LEVELS + j]!;
      return sum;
    }),
  );
}

const groups = () =>
  new Map([
    ['00', levels('a', 12, 0)],
    ['02', levels('b', 15, 1.5)],
  ]);

describe('how far a sound is from training', () => {
  const queries = [...levels('c', 4, 0), ...levels('d', 4, 6)];

  it('is what scikit-learn gives', () => {
    const familiarity = Familiarity.fit(groups())!;
    expect(familiarity.toJSON().farthest).toBeCloseTo(golden.farthest, 9);
    expectAllClose(
      queries.map((query) => familiarity.distance(query)),
      golden.distances,
      { rtol: 1e-9, atol: 0 },
    );
  });

  it('survives JSON to the last bit', () => {
    const familiarity = Familiarity.fit(groups())!;
    const again = Familiarity.fromJSON(JSON.parse(JSON.stringify(familiarity)), N_LEVELS);
    expect(queries.map((query) => again.distance(query))).toEqual(
      queries.map((query) => familiarity.distance(query)),
    );
    expect(again.nClips).toBe(27);
  });

  it('calls few new sounds of the same kind unlike, and all of another', () => {
    const random = seededRandom(1, 'levels');
    const draw = (n: number, center: number) =>
      Array.from({ length: n }, () => Float64Array.from({ length: 8 }, () => center + random() + random()));
    let nUnlike = 0;
    for (let i = 0; i < 50; i++) {
      const familiarity = Familiarity.fit(new Map([['00', draw(20, 0)]]))!;
      nUnlike += draw(20, 0).filter((each) => familiarity.distance(each) > UNLIKE_TRAINING).length;
      for (const each of draw(20, 10)) expect(familiarity.distance(each)).toBeGreaterThan(UNLIKE_TRAINING);
    }
    expect(nUnlike).toBeLessThanOrEqual(2); // of 1,000
  });

  it('makes a machine that came later familiar', () => {
    const familiarity = Familiarity.fit(groups())!;
    const [later] = levels('later', 1, 6);
    expect(familiarity.distance(later!)).toBeGreaterThan(UNLIKE_TRAINING);
    expect(familiarity.with('04', levels('later', 6, 6)).distance(later!)).toBeLessThanOrEqual(1);
    expect(familiarity.distance(later!)).toBeGreaterThan(UNLIKE_TRAINING);
  });

  it.each([
    ['no clips', new Map<string, Float64Array[]>()],
    ['four clips', new Map([['00', levels('a', 4, 0)]])],
    ['clips that are one clip', new Map([['00', Array.from({ length: 9 }, () => levels('a', 1, 0)[0]!)]])],
    ['a machine for each clip', new Map(levels('a', 9, 0).map((clip, i) => [String(i), [clip]]))],
  ])('says nothing from %s', (_, few) => {
    expect(Familiarity.fit(few)).toBeNull();
  });

  it.each([
    ['no machine', { means: {} }, 'means must hold a machine'],
    ['a mean of another length', { means: { '00': [1, 2] } }, 'means["00"] must be 16 finite numbers'],
    ['a mean that is no number', { means: { '00': Array(16).fill(null) } }, 'means["00"]'],
    ['a unit of 0', { farthest: 0 }, 'farthest must be a finite number above 0'],
    ['a unit that is no number', { farthest: null }, 'farthest must be a finite number above 0'],
    ['no means', { means: null }, 'means must be an object'],
    ['half a clip', { nClips: 5.5 }, 'nClips must be a whole number'],
    ['deviations of another kind', { deviations: { kind: 'lof' } }, 'MahalanobisDistance'],
  ])('refuses %s in a file', (_, fields, message) => {
    const json = { ...Familiarity.fit(groups())!.toJSON(), ...fields };
    expect(() => Familiarity.fromJSON(json as never, N_LEVELS)).toThrow(message);
  });
});

describe('bandLevels', () => {
  const spectrograms = { data: Float32Array.from([1, 3, 2, 2, 5, 7, 4, 4]), nChunks: 2 }; // 2 chunks, 2 bands, 2 frames

  it('averages over chunks and frames, band by band, and takes the logarithm', () => {
    expectAllClose(bandLevels(spectrograms, { nMels: 2, log: null, power: 1 }), [Math.log(4), Math.log(3)], {
      rtol: 1e-12,
      atol: 0,
    });
  });

  it('joins mel bands into 16', () => {
    const data = Float32Array.from({ length: 224 }, (_, band) => Math.floor(band / 14) + 1);
    const levels = bandLevels({ data, nChunks: 1 }, { nMels: 224, log: null, power: 1 });
    expectAllClose(
      levels,
      Float64Array.from({ length: 16 }, (_, i) => Math.log(i + 1)),
      { rtol: 1e-12, atol: 0 },
    );
  });

  it.each([
    ['natural', 1, Math.log],
    ['log10', 2, Math.log10],
    ['dB', 1, (value: number) => 20 * Math.log10(value)],
    ['dB', 2, (value: number) => 10 * Math.log10(value)],
  ] as const)('is the same where the network hears logarithms (%s, power %d)', (log, power, toLog) => {
    const data = spectrograms.data.map(toLog);
    const levels = bandLevels({ data, nChunks: 2 }, { nMels: 2, log, power });
    expectAllClose(levels, [Math.log(4), Math.log(3)], { rtol: 1e-6, atol: 0 });
  });

  it('gives digital silence a number', () => {
    const levels = bandLevels({ data: new Float32Array(8), nChunks: 2 }, { nMels: 2, log: null, power: 1 });
    expect(Array.from(levels)).toEqual([Math.log(1e-10), Math.log(1e-10)]);
  });
});
