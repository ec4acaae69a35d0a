import '@tensorflow/tfjs-backend-wasm';
import { evaluateSerialOe, trainSerialOe } from '@serial-oe/serial-oe';
import { TINY_CONFIG, tinyDataset } from '../../serial-oe/test/support/tiny-dataset';
import { evaluationReport } from '../src';

it('the report of an evaluation is one page that loads nothing, and says what has no figure', async () => {
  const dataset = tinyDataset();
  const model = await trainSerialOe({ dataset, machineType: 'fan', backend: 'wasm', config: TINY_CONFIG });
  const page = await evaluationReport(model, await evaluateSerialOe(model, { dataset }), { dataset });
  expect(page).toContain('fan: anomalous sound detection');
  expect(page).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  const normal = { clips: dataset.clips.filter(({ label }) => label === 'normal') };
  const oneClass = await evaluateSerialOe(model, { dataset: normal });
  expect(await evaluationReport(model, oneClass)).toContain('fan 00 has no AUC: no anomalous clips');
  model.dispose();
});
