export { type EvaluationReportOptions, evaluationReport } from './evaluation-report/evaluation-report';
export { main } from './main';
export type { Terminal } from './terminal/terminal';
