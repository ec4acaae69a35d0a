import type { Clip } from '@serial-oe/datasets';
import { UnknownMachineIdError } from '@serial-oe/runtime';
import { evaluateSerialOe, type ModelParts } from '../src';
import { SerialOeModel } from '../src/model/serial-oe-model';
import { createPlatform } from '../src/platform-node';
import { embeddingsOf, madeUpParts } from './support/made-up-parts';

const RATE = 16_000;
const waveform = Float32Array.from(
  { length: 4 * RATE },
  (_, i) => 0.1 * Math.sin(i / 5) + 0.01 * Math.sin(i * i),
);

/** A model whose network embeds everything alike. */
function madeUpModel(machineIds: string[]): SerialOeModel {
  const embedder = {
    operations: 'tfjs',
    embed: () => embeddingsOf('any clip'),
    embedAsync: async () => embeddingsOf('any clip'),
    dispose: () => {},
  } as unknown as ModelParts['embedder'];
  return new SerialOeModel({ ...madeUpParts({ machineIds }), embedder }, createPlatform());
}

describe('spellings of machine IDs', () => {
  it.each(['2', '02', '002', 'id_02', 'ID-2', 'section_02', '2.0'])(
    '%s is scored as machine 02',
    (machineId) => {
      const model = madeUpModel(['00', '02']);
      const expected = model.score(waveform, { machineId: '02', sampleRate: RATE });
      expect(model.score(waveform, { machineId, sampleRate: RATE })).toEqual(expected);
    },
  );

  it('another number is another machine, and a model of an older spelling is found, too', () => {
    const model = madeUpModel(['7', 'M-12']);
    expect(() => model.score(waveform, { machineId: '70', sampleRate: RATE })).toThrow(UnknownMachineIdError);
    for (const machineId of ['07', 'id_7', 'M-12']) {
      expect(model.score(waveform, { machineId, sampleRate: RATE }).anomalyScore).toEqual(expect.any(Number));
    }
  });

  it('addMachineId replaces the machine that it knows in another spelling', async () => {
    const model = madeUpModel(['00', '02']);
    await model.addMachineId('id_2', { waveforms: [waveform, waveform], sampleRate: RATE });
    expect(model.machineIds).toEqual(['00', '02']);
    await model.addMachineId('new', { waveforms: [waveform, waveform], sampleRate: RATE });
    expect(model.machineIds).toEqual(['00', '02', 'new']);
  });

  it('evaluate counts clips of every spelling as the one machine', async () => {
    const clips = ['2', '02', 'id_02', '9'].flatMap((machineId, i) =>
      (['normal', 'anomaly'] as const).map(
        (label): Clip => ({
          ...{ path: `${i}-${label}.wav`, machineType: 'fan', machineId, label, split: 'test' },
          ...{ waveform, sampleRate: RATE },
        }),
      ),
    );
    const model = madeUpModel(['00', '02']);
    const evaluation = await evaluateSerialOe(model, { dataset: { clips }, featureWorkers: 0 });
    expect(evaluation.results.map(({ machineId }) => machineId)).toEqual(Array(6).fill('02'));
    expect(evaluation.unknownMachineIds).toEqual({ 9: 2 });
  });
});
