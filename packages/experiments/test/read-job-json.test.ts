import { seededRandom } from '@serial-oe/foundation';
import { fuzzReader } from '@serial-oe/tooling/test-support/fuzz-reader';
import { ExperimentError } from '../src/jobs/experiment-error';
import { readRecord, readScoresFile } from '../src/jobs/read-job-json';

const filesOf = (content: Uint8Array | string) => ({
  read: async () => (typeof content === 'string' ? new TextEncoder().encode(content) : content),
});
const ROW = { name: 'a.wav', machineType: 'fan', machineId: '00', label: 'normal', anomalyScore: -3.5 };
const SCORES = { key: 'a', detector: null, rows: [ROW, { ...ROW, label: 'anomaly' }], problem: null };
const RECORD = { formatVersion: 2, id: 'fan-seed0', modelFiles: ['manifest.json'], hasEmbeddings: true };

it('reads what a run wrote', async () => {
  expect(await readScoresFile(filesOf(JSON.stringify(SCORES)), 'a.json')).toEqual(SCORES);
  const omitted = { ...SCORES, rows: [], problem: 'too few clips' };
  expect(await readScoresFile(filesOf(JSON.stringify(omitted)), 'a.json')).toEqual(omitted);
  expect(await readRecord(filesOf(JSON.stringify(RECORD)), 'run.json')).toEqual(RECORD);
});

it.each<[string, unknown]>([
  ['nothing', null],
  ['a number', 3],
  ['no rows', { ...SCORES, rows: undefined }],
  ['a row of nothing', { ...SCORES, rows: [null] }],
  ['a score that is no number', { ...SCORES, rows: [{ ...ROW, anomalyScore: '-3.5' }] }],
  ['a score of null, as NaN is written', { ...SCORES, rows: [{ ...ROW, anomalyScore: null }] }],
  ['another label', { ...SCORES, rows: [{ ...ROW, label: 'nok' }] }],
  ['a problem that is no text', { ...SCORES, problem: 1 }],
])('refuses scores that hold %s, by the name of the file', async (_, content) => {
  const read = readScoresFile(filesOf(JSON.stringify(content)), 'runs/x/scores/a.json');
  await expect(read).rejects.toThrow(ExperimentError);
  await expect(read).rejects.toThrow(/runs\/x\/scores\/a\.json must hold .*Remove the file/);
});

it.each<[string, unknown, RegExp]>([
  ['nothing', null, /must be a run of format 2, got format 1/],
  ['another format', { ...RECORD, formatVersion: 1 }, /must be a run of format 2, got format 1/],
  ['no files', { ...RECORD, modelFiles: undefined }, /must hold what a run wrote/],
  ['files that are no names', { ...RECORD, modelFiles: [1] }, /must hold what a run wrote/],
])('refuses a record with %s', async (_, content, message) => {
  const read = readRecord(filesOf(JSON.stringify(content)), 'runs/x/run.json');
  await expect(read).rejects.toThrow(ExperimentError);
  await expect(read).rejects.toThrow(message);
});

it('holds against 10,000 damaged files of each', async () => {
  const sample = (content: unknown) => [new TextEncoder().encode(JSON.stringify(content))];
  const isExpected = (error: unknown) => error instanceof ExperimentError;
  const random = seededRandom(31);
  for (const counts of [
    await fuzzReader({
      ...{ samples: sample(SCORES), isExpected, random },
      read: (bytes) => readScoresFile(filesOf(bytes), 'a.json'),
    }),
    await fuzzReader({
      ...{ samples: sample(RECORD), isExpected, random },
      read: (bytes) => readRecord(filesOf(bytes), 'run.json'),
    }),
  ]) {
    expect(counts.nRead).toBeGreaterThan(0);
    expect(counts.nRefused).toBeGreaterThan(0);
  }
});
