/** ECharts for bundlers. CommonJS, which Node gets, has `required-echarts.ts` in its place (tsup.config.ts). */
export { init } from 'echarts';
