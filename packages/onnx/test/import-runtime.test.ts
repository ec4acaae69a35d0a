import { importRuntime } from '../src/import-runtime-browser';

afterEach(() => jest.resetModules());

it('says in a browser what to import there', async () => {
  jest.doMock('#import-runtime', () => ({ importRuntime }));
  const { loadOnnxRuntime } = jest.requireActual<typeof import('../src/index')>('../src/index');
  await expect(loadOnnxRuntime('onnxruntime-web')).rejects.toMatchObject({
    name: 'OnnxRuntimeError',
    message:
      'onnx.loadOnnxRuntime: onnxruntime-web cannot be loaded by its name here: a browser knows no package by its name. ' +
      "Import it and pass it: import * as runtime from 'onnxruntime-web'.",
  });
});
