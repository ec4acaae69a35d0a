import type { NumberFormat, ReportValue } from './format-cell';

/** A column of a {@link ReportTable}. */
export interface ReportColumn extends NumberFormat {
  header: string;
  /** Default: right where all values of the column are numbers or texts such as '93.29 ± 0.41', else left. */
  align?: 'left' | 'right' | 'center';
}

/** A table; its first column names the rows. */
export interface ReportTable {
  caption?: string;
  columns: readonly ReportColumn[];
  /** One value a column in each row. */
  rows: readonly (readonly ReportValue[])[];
  /** Rows set apart below the others: averages, pooled figures. Say in the first column which. */
  summaryRows?: readonly (readonly ReportValue[])[];
}

/** A picture: SVG text from a plot of this package, or another static SVG, or the bytes of a PNG. */
export type ReportFigure = { caption?: string } & (
  | {
      svg: string;
      /** What a screen reader says. Default: the drawing's own `aria-label`, else the caption. */
      alt?: string;
      png?: undefined;
    }
  | {
      png: Uint8Array;
      /** What a screen reader says. Default: the caption, one of both must be there. */
      alt?: string;
      svg?: undefined;
    }
);

/** Names and values: a nested object or array is listed with dotted names, `config.epochs`. */
export interface ReportFields {
  readonly [name: string]: ReportValue | ReportFields | readonly (ReportValue | ReportFields)[];
}

/** A part of the report. Its contents follow each other in the order of these fields; all but the heading optional. */
export interface ReportSection {
  heading: string;
  /** Paragraphs, parted by empty lines. */
  text?: string;
  /** Set apart, each with the word 'Warning'. */
  warnings?: readonly string[];
  /** Set apart, each with the word 'Note'. */
  notes?: readonly string[];
  fields?: ReportFields;
  tables?: readonly ReportTable[];
  figures?: readonly ReportFigure[];
  /** Figures beside each other where the page is wide enough. Default 1. */
  figureColumns?: 1 | 2 | 3;
  /** Shown when the reader opens it; printed in any case. Default false. */
  isFolded?: boolean;
  /** Parts of this part, with smaller headings. */
  sections?: readonly ReportSection[];
}

/** What {@link htmlReport} writes. */
export interface HtmlReport {
  title: string;
  subtitle?: string;
  /** A date, or text shown as it is. Default: none, so that the same report gives the same file. */
  generatedAt?: Date | string;
  /** Paragraphs below the title, parted by empty lines. */
  text?: string;
  /** A few figures to see first, in large type. */
  highlights?: readonly { label: string; value: ReportValue; digits?: number; isPercent?: boolean }[];
  warnings?: readonly string[];
  notes?: readonly string[];
  sections: readonly ReportSection[];
  /** Where the figures come from, listed at the end, folded: configuration, seed, commit, versions. */
  provenance?: ReportFields;
}
