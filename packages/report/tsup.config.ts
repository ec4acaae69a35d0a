import { resolve } from 'node:path';
import { packageBuild } from '@serial-oe/tooling/tsup';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Node gets `/charts` as CommonJS, which can say what to install where ECharts is missing; a bundler says it by itself. */
const requiredEcharts: Plugin = {
  name: 'required-echarts',
  setup({ initialOptions, onResolve }) {
    if (initialOptions.format !== 'cjs') return;
    onResolve({ filter: /^\.\/echarts$/ }, () => ({ path: resolve('src/required-echarts.ts') }));
  },
};

export default packageBuild({
  entry: ['src/index.ts', 'src/charts.ts'],
  external: ['echarts'],
  esbuildPlugins: [requiredEcharts],
});
