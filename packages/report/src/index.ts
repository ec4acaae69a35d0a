export type { BarGroups, BarPlotOptions, BarSeries } from './bar-plot';
export { barPlot } from './bar-plot';
export type { Matrix } from './check';
export type { ColormapName } from './colormap';
export type { EmbeddingPlotOptions } from './embedding-plot';
export { embeddingPlot } from './embedding-plot';
export type { NumberFormat, ReportValue } from './format-cell';
export { htmlReport } from './html-report';
export type { LinePlotOptions, LineSeries } from './line-plot';
export { linePlot } from './line-plot';
export type { ChartOptions } from './render-chart';
export type {
  HtmlReport,
  ReportColumn,
  ReportFields,
  ReportFigure,
  ReportSection,
  ReportTable,
} from './report-types';
export type { RocPlotCurve, RocPlotOptions } from './roc-plot';
export { rocPlot } from './roc-plot';
export type { ClassScores, ScoreHistogramOptions } from './score-histogram';
export { scoreHistogram } from './score-histogram';
export type { Spectrogram, SpectrogramImageOptions } from './spectrogram-image';
export { spectrogramImage } from './spectrogram-image';
export type { SpectrogramPlotOptions } from './spectrogram-plot';
export { spectrogramPlot } from './spectrogram-plot';
export type { TrustworthinessOptions } from './trustworthiness';
export { trustworthiness } from './trustworthiness';
export type { TsneMap, TsneOptions } from './tsne';
export { tsne } from './tsne';
