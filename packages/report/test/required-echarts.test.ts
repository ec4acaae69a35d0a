/** @jest-runner jest-runner */
import * as echarts from 'echarts';

const load = () => jest.requireActual<typeof import('../src/required-echarts')>('../src/required-echarts');
const failWith = (error: Error) =>
  jest.doMock('echarts', () => {
    throw error;
  });

beforeEach(() => jest.resetModules());
afterEach(() => jest.dontMock('echarts'));

it('says which command installs what is missing', () => {
  const missing = "Cannot find module 'echarts'\nRequire stack:\n- charts.cjs";
  failWith(Object.assign(new Error(missing), { code: 'MODULE_NOT_FOUND' }));
  expect(load).toThrow('report/charts: echarts must be installed, got none. Run "npm install echarts".');
});

it.each([
  Object.assign(new Error("Cannot find module 'zrender'"), { code: 'MODULE_NOT_FOUND' }),
  new Error('no memory'),
])('passes on why an installed one does not load: %s', (error) => {
  failWith(error);
  expect(load).toThrow(error.message);
});

it('is the same ECharts', () => {
  expect(load().init.length).toBe(echarts.init.length);
});
