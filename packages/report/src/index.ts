export type { FloatArray, Matrix, MatrixLike } from '@serial-oe/foundation';
export { type ColormapName, colormap } from './colormap';
export type { NumberFormat, ReportValue } from './format-cell';
export { htmlReport } from './html-report';
export type {
  HtmlReport,
  ReportColumn,
  ReportFields,
  ReportFigure,
  ReportSection,
  ReportTable,
} from './report-types';
export type { Spectrogram, SpectrogramImageOptions } from './spectrogram-image';
export { spectrogramImage } from './spectrogram-image';
export type { TrustworthinessOptions } from './trustworthiness';
export { trustworthiness } from './trustworthiness';
export type { TsneMap, TsneOptions } from './tsne';
export { tsne } from './tsne';
