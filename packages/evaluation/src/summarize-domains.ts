import { checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { checkMaxFpr } from './check';
import { type ClipResult, checkResults } from './clip-result';
import { harmonicMean } from './harmonic-mean';
import { areaOfClasses } from './roc-auc';

/** Before or after something about the machine or the place changed. */
export type Domain = 'source' | 'target';

/** The score of one test clip of a section; a section is a machine ID. */
export interface DomainClipResult extends ClipResult {
  domain: Domain;
}

export interface SummarizeDomainsOptions {
  /** Highest false-positive rate of the partial figures, 0 < maxFpr <= 1. Default 0.1 (DCASE). */
  maxFpr?: number | undefined;
  /**
   * Whose rule: 2022 (default), which 2023 to 2025 kept, has one threshold for both domains in mind: a domain's AUC is of its normal
   * clips against the anomalies of both, the pAUC of all clips of the section. In 2021 each domain had an AUC and a pAUC of its own.
   */
  edition?: 2021 | 2022 | undefined;
}

/** Figures of one section, in [0, 1]; null where a class is missing. */
export interface SectionSummary {
  machineType: string;
  machineId: string;
  sourceAuc: number | null;
  targetAuc: number | null;
  /** Edition 2022: of the clips of both domains. Null in 2021. */
  pAuc: number | null;
  /** Edition 2021. Null in 2022. */
  sourcePAuc: number | null;
  targetPAuc: number | null;
  /** Harmonic mean of the section's figures; null where one is missing. */
  officialScore: number | null;
}

export interface DomainSummary {
  edition: 2021 | 2022;
  maxFpr: number;
  perSection: SectionSummary[];
  /** Harmonic mean over the sections of the type; null where none has all figures. */
  perType: { machineType: string; officialScore: number | null }[];
  /** Over all sections of all types. */
  officialScore: number | null;
  /** Sections left out because a domain or a class is missing: `fan section 01`. */
  excludedSections: string[];
}

const OPTIONS: OptionNames<SummarizeDomainsOptions> = { maxFpr: true, edition: true };

/**
 * The official figure of DCASE Task 2 from 2021 to 2025, where test clips have domains: the harmonic mean of the sections' AUC in the
 * source domain, AUC in the target domain, and pAUC (McClish-standardised, as the baselines compute it).
 *
 * @param results one row a clip, at least one; further fields are ignored
 * @throws RangeError for no rows, a non-finite score, maxFpr outside (0, 1], an unknown domain or edition; TypeError for a wrong label,
 *   name or option
 * @see K. Dohi et al., "Description and discussion on DCASE 2022 challenge task 2", 2022, section 4; Y. Kawaguchi et al., the same of
 *   2021, section 4
 */
export function summarizeDomains(
  results: readonly DomainClipResult[],
  options: SummarizeDomainsOptions = {},
): DomainSummary {
  const here = 'evaluation.summarizeDomains';
  checkOptions(here, options, OPTIONS);
  const { maxFpr = 0.1, edition = 2022 } = options;
  checkMaxFpr('summarizeDomains', maxFpr);
  checkOneOf(`${here}: edition`, edition, [2021, 2022]);
  const sections = new Map<string, Section>();
  checkResults('summarizeDomains', results).forEach(({ label, score }, i) => {
    const { machineType, machineId, domain } = results[i]!;
    checkOneOf(`${here}: results[${i}].domain`, domain, ['source', 'target']);
    const key = JSON.stringify([machineType, machineId]);
    const section = sections.get(key) ?? emptySection(machineType, machineId);
    sections.set(key, section);
    section[domain][label === 1 ? 'anomalous' : 'normal'].push(score);
  });
  const perSection = [...sections.values()].map((section) =>
    edition === 2021 ? figuresOf2021(section, maxFpr) : figuresOf2022(section, maxFpr),
  );
  const types = [...new Set(perSection.map(({ machineType }) => machineType))];
  return {
    ...{ edition, maxFpr, perSection },
    perType: types.map((machineType) => ({
      machineType,
      officialScore: over(perSection.filter((section) => section.machineType === machineType)),
    })),
    officialScore: over(perSection),
    excludedSections: perSection.flatMap(({ machineType, machineId, officialScore }) =>
      officialScore === null ? [`${machineType} section ${machineId}`] : [],
    ),
  };
}

interface Classes {
  normal: number[];
  anomalous: number[];
}

interface Section extends Record<Domain, Classes> {
  machineType: string;
  machineId: string;
}

function emptySection(machineType: string, machineId: string): Section {
  const empty = () => ({ normal: [], anomalous: [] });
  return { machineType, machineId, source: empty(), target: empty() };
}

function figuresOf2021({ source, target, ...place }: Section, maxFpr: number): SectionSummary {
  const figures = {
    ...{ sourceAuc: area(source, 1), targetAuc: area(target, 1), pAuc: null },
    ...{ sourcePAuc: area(source, maxFpr), targetPAuc: area(target, maxFpr) },
  };
  const { sourceAuc, targetAuc, sourcePAuc, targetPAuc } = figures;
  return { ...place, ...figures, officialScore: meanOfAll([sourceAuc, targetAuc, sourcePAuc, targetPAuc]) };
}

function figuresOf2022({ source, target, ...place }: Section, maxFpr: number): SectionSummary {
  const anomalous = [...source.anomalous, ...target.anomalous];
  const sourceAuc = area({ normal: source.normal, anomalous }, 1);
  const targetAuc = area({ normal: target.normal, anomalous }, 1);
  const pAuc = area({ normal: [...source.normal, ...target.normal], anomalous }, maxFpr);
  const officialScore = meanOfAll([sourceAuc, targetAuc, pAuc]);
  return { ...place, sourceAuc, targetAuc, pAuc, sourcePAuc: null, targetPAuc: null, officialScore };
}

function area({ normal, anomalous }: Classes, maxFpr: number): number | null {
  if (normal.length === 0 || anomalous.length === 0) return null;
  return areaOfClasses(
    { normal: Float64Array.from(normal), anomalous: Float64Array.from(anomalous) },
    maxFpr,
  );
}

function meanOfAll(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : harmonicMean(known);
}

/** Every section has as many figures, so that the harmonic mean of their means is that of all figures. */
function over(sections: readonly SectionSummary[]): number | null {
  return harmonicMean(sections.flatMap(({ officialScore }) => officialScore ?? []));
}
