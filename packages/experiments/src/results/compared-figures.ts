import type { Metric } from './metric';

/** A figure for each machine type and for `average`, per cent. */
export type ComparedRow = Readonly<Record<string, number>>;

/** Figures from elsewhere, per cent, that are set beside an experiment's. */
export interface ComparedFigures {
  /** Says in tables and plots whose they are, such as `in the paper`. */
  label: string;
  /** By metric and variant. */
  rows: Readonly<Partial<Record<Metric, Readonly<Record<string, ComparedRow>>>>>;
  /** Other systems: their mean aAUC over machine types, shown where at least as many were measured. */
  systems?: { caption: string; aAuc: Readonly<Record<string, number>>; nMachineTypes: number };
}
