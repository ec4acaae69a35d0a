export { type EvaluationReportOptions, evaluationReport } from './evaluation-report/evaluation-report';
export { main } from './main';
export { type LoadModelOptions, loadModel } from './model/load-model';
export type { LoadedModel } from './model/loaded-model';
export type { Terminal } from './terminal/terminal';
