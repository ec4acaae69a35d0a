import type { Metric } from './metric';

/** A figure from elsewhere, per cent. */
export interface ComparedFigure {
  mean: number;
  /** Its deviation over trainings, where it is known. */
  std?: number;
  /** What is to be said of it, behind it, such as `(sic)`. */
  remark?: string;
}

/** A figure for each machine type and for `average`. */
export type ComparedRow = Readonly<Record<string, ComparedFigure>>;

/** Rows by their names, for each metric. */
type ComparedRows = Readonly<Partial<Record<Metric, Readonly<Record<string, ComparedRow>>>>>;

/** Figures from elsewhere that are set beside an experiment's. */
export interface ComparedFigures {
  /** Says in tables and plots whose they are, such as `in the paper`. */
  label: string;
  /** By metric and variant. */
  rows: ComparedRows;
  /** Other systems by name, in tables of their own. */
  systems?: { caption: string; rows: ComparedRows };
  /** Level lines beside curves, by metric and by what the legend calls them. */
  lines?: ComparedRows;
}
