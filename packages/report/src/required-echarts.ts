import type { init as Init } from 'echarts';

/** ECharts where modules are required. It is the user's to install, so that those who draw no charts need not have it. */
export const { init } = requireEcharts();

function requireEcharts(): { init: typeof Init } {
  try {
    return require('echarts');
  } catch (thrown) {
    const cause = thrown as NodeJS.ErrnoException;
    // require names what it did not find first: ECharts, or one of the packages that ECharts needs
    if (cause.code !== 'MODULE_NOT_FOUND' || !cause.message.startsWith("Cannot find module 'echarts'"))
      throw cause;
    throw new Error('report/charts: echarts must be installed, got none. Run "npm install echarts".', {
      cause,
    });
  }
}
