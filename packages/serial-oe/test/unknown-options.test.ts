import type { Clip } from '@serial-oe/datasets';
import {
  evaluateSerialOe,
  FrontEnd,
  loadSerialOe,
  type ModelParts,
  PRESETS,
  scoreClips,
  scoreEachClip,
  trainSerialOe,
} from '../src';
import { SerialOeModel } from '../src/model/serial-oe-model';

/** Options are looked at before anything else of a model is. */
const model = new SerialOeModel(
  { config: PRESETS.quick, detectors: new Map() } as unknown as ModelParts,
  {} as SerialOeModel['platform'],
);
const waveform = new Float32Array(32000);
const clips: Clip[] = [];
/** As plain JavaScript would pass it. */
const wrong = (options: object) => options as never;
const rate = { sampleRate: 16000 };

it.each<[string, (options: object) => unknown, object, string]>([
  ['score', (options) => model.score(waveform, wrong(options)), { machineID: '00', ...rate }, 'machineId'],
  ['scoreAsync', (options) => model.scoreAsync(waveform, wrong(options)), { sample_rate: 1 }, 'sampleRate'],
  ['embed', (options) => model.embed(waveform, wrong(options)), { samplerate: 16000 }, 'sampleRate'],
  ['embedAsync', (options) => model.embedAsync(waveform, wrong(options)), { sampleRates: 1 }, 'sampleRate'],
  [
    'addMachineId',
    (options) => model.addMachineId('00', wrong(options)),
    { waveform: [waveform], ...rate },
    'waveforms',
  ],
  ['toOnnx', (options) => model.toOnnx(wrong(options)), { weight: 'float16' }, 'weights'],
  ['loadSerialOe', (options) => loadSerialOe('model.zip', wrong(options)), { runTime: 'tfjs' }, 'runtime'],
  [
    'trainSerialOe',
    (options) => trainSerialOe(wrong(options)),
    { dataset: { clips }, machineTyp: 'fan' },
    'machineType',
  ],
  ['trainSerialOe', (options) => trainSerialOe(wrong(options)), { data_set: { clips } }, 'dataset'],
  ['scoreClips', (options) => scoreClips(model, clips, wrong(options)), { worker: 2 }, 'workers'],
  [
    'scoreEachClip',
    (options) => scoreEachClip(model, clips, wrong(options)).next(),
    { feature_workers: 2 },
    'featureWorkers',
  ],
  [
    'evaluateSerialOe',
    (options) => evaluateSerialOe(model, wrong(options)),
    { dataset: { clips }, maxFPR: 0.1, max_fp: 1 },
    'maxFpr',
  ],
])('%s names the option that was meant', async (name, call, options, meant) => {
  const called = (async () => call(options))();
  await expect(called).rejects.toThrow(TypeError);
  await expect(called).rejects.toThrow(
    new RegExp(`^serial-oe\\.${name}: unknown option '.*'\\. Did you mean '${meant}'\\?$`),
  );
});

it('a front end takes the fields of its section alone', () => {
  const config = { ...PRESETS.quick.frontEnd, nMel: 64 };
  expect(() => new FrontEnd(config)).toThrow(
    'serial-oe.FrontEnd: config.frontEnd.nMel is unknown. Did you mean frontEnd.nMels?',
  );
  expect(() => new FrontEnd({ ...PRESETS.quick.frontEnd, winLength: 4096 })).toThrow(/winLength must be/);
});
