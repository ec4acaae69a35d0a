import type { DomainSummary, Summary } from '@serial-oe/evaluation';
import type { Evaluation } from '@serial-oe/runtime/contract';
import { figure, textTable } from '../terminal/format';
import { isEnough } from './few-clips';
import { type ComparedSystem, type WhereOthersWinOptions, whereOthersWin } from './where-others-win';

/** The tables of an evaluation, and of other systems on the same clips. */
export function evaluationText(
  evaluation: Evaluation,
  compared: readonly ComparedSystem[],
  options: WhereOthersWinOptions,
): string {
  const comparison = compared.length > 0 ? comparisonText(evaluation, compared, options) : '';
  return figuresText(evaluation) + comparison;
}

/** `mel-statistics alone` of a member. */
export function comparedName({ system, isMember }: ComparedSystem): string {
  return isMember ? `${system} alone` : system;
}

function comparisonText(
  evaluation: Evaluation,
  compared: readonly ComparedSystem[],
  options: WhereOthersWinOptions,
): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const row = (name: string, { perType: [type] }: Summary) => [
    name,
    ...[type?.auc, type?.pAuc, type?.aAuc, type?.mAuc].map((value) => figure(value)),
  ];
  const table = textTable(
    [{ title: 'mean of the IDs, same clips' }, right('AUC'), right('pAUC'), right('aAUC'), right('mAUC')],
    [
      row('this model', evaluation.summary),
      ...compared.map((other) => row(comparedName(other), other.summary)),
    ],
  );
  const wins = whereOthersWin(evaluation, compared, options);
  return `\n${table}${wins === null ? '' : `\n${wins}\n`}`;
}

function figuresText({ machineType, summary, decisions, domains }: Evaluation): string {
  const type = summary.perType[0];
  const rows = summary.perId.map(({ machineId, nNormal, nAnomalous, auc, pAuc, aAuc }) => {
    const decision = decisions.find((each) => each.machineId === machineId);
    const interval = isEnough({ nNormal, nAnomalous }) ? decision?.aucInterval : null;
    return [
      `${machineType} ${machineId}`,
      String(nNormal),
      String(nAnomalous),
      figure(auc),
      interval ? `${interval.lower.toFixed(2)}-${interval.upper.toFixed(2)}` : '-',
      figure(pAuc),
      figure(aAuc),
      '',
      figure(decision?.truePositiveRate),
      figure(decision?.falsePositiveRate),
    ];
  });
  if (type) {
    const { pooled } = type;
    const nClips = [String(pooled.nNormal), String(pooled.nAnomalous)];
    rows.push([
      'mean of the IDs',
      '',
      '',
      figure(type.auc),
      '',
      figure(type.pAuc),
      figure(type.aAuc),
      figure(type.mAuc),
      '',
      '',
    ]);
    rows.push([
      'pooled (one curve)',
      ...nClips,
      figure(pooled.auc),
      '',
      figure(pooled.pAuc),
      figure(pooled.aAuc),
      '',
      '',
      '',
    ]);
  }
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = textTable(
    [
      { title: 'machine' },
      right('normal'),
      right('anomalous'),
      right('AUC'),
      right('95 %'),
      right(summary.maxFpr === 0.1 ? 'pAUC' : `pAUC(${summary.maxFpr})`),
      right('aAUC'),
      right('mAUC'),
      right('found'),
      right('false alarms'),
    ],
    rows,
  );
  const harmonic = type?.hAuc === null || type === undefined ? '' : `\nhAUC ${figure(type.hAuc)}\n`;
  return `${table}${harmonic}${domains === undefined ? '' : `\n${domainsText(domains)}`}`;
}

/** A section a row, by the rule of DCASE2022 to 2025. */
function domainsText({ perSection, officialScore, maxFpr }: DomainSummary): string {
  const right = (title: string) => ({ title, align: 'right' as const });
  const table = textTable(
    [
      { title: 'section' },
      ...['AUC, source', 'AUC, target', maxFpr === 0.1 ? 'pAUC' : `pAUC(${maxFpr})`, 'official'].map(right),
    ],
    [
      ...perSection.map((section) => [
        section.machineId,
        ...[section.sourceAuc, section.targetAuc, section.pAuc, section.officialScore].map((value) =>
          figure(value),
        ),
      ]),
      ['harmonic mean', '', '', '', figure(officialScore)],
    ],
  );
  return `Domains, by the rule of DCASE2022 to 2025 (normal clips of a domain against the anomalies of both)\n${table}`;
}
