import { resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Node gets `/charts` as CommonJS, which can say what to install where ECharts is missing; a bundler says it by itself. */
const requiredEcharts: Plugin = {
  name: 'required-echarts',
  setup({ initialOptions, onResolve }) {
    if (initialOptions.format !== 'cjs') return;
    onResolve({ filter: /^\.\/echarts$/ }, () => ({ path: resolve('src/required-echarts.ts') }));
  },
};

export default defineConfig({
  entry: ['src/index.ts', 'src/charts.ts'],
  format: ['esm', 'cjs'],
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  external: ['echarts'],
  esbuildPlugins: [requiredEcharts],
});
