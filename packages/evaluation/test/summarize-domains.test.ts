import { expectAllClose } from '@serial-oe/tooling/test-support/expect-all-close';
import { type DomainClipResult, type SectionSummary, summarizeDomains } from '../src/index';
import golden from './golden/domains.json';

const results = golden.results as DomainClipResult[];
const tolerance = { rtol: 1e-9, atol: 0 };
/** In the order of the golden values. */
const figuresOf = ({ sourceAuc, targetAuc, pAuc, sourcePAuc, targetPAuc }: SectionSummary) =>
  [sourceAuc, targetAuc, pAuc, sourcePAuc, targetPAuc].filter((figure) => figure !== null);

describe('summarizeDomains', () => {
  it.each([2021, 2022] as const)('equals scikit-learn and SciPy by the rule of %d', (edition) => {
    const expected = golden.editions[edition];
    const summary = summarizeDomains(results, { edition });
    expect(summary.perSection).toHaveLength(3);
    for (const section of summary.perSection) {
      const name = `${section.machineType}/${section.machineId}` as keyof typeof expected.sections;
      expectAllClose(figuresOf(section), expected.sections[name], tolerance);
    }
    for (const { machineType, officialScore } of summary.perType) {
      expectAllClose([officialScore!], [expected.perType[machineType as 'valve']], tolerance);
    }
    expectAllClose([summary.officialScore!], [expected.officialScore], tolerance);
    expect(summary.excludedSections).toEqual([]);
  });

  it('is of 2022 unless it is told otherwise', () => {
    expect(summarizeDomains(results)).toEqual(summarizeDomains(results, { edition: 2022, maxFpr: 0.1 }));
  });

  it('leaves a section out that lacks a domain or a class, and names it', () => {
    const lacking = results.filter(
      ({ machineId, domain, label }) => machineId === '00' || domain === 'source' || label === 1,
    );
    const summary = summarizeDomains(lacking);
    expect(summary.excludedSections).toEqual(['bearing section 01']);
    expect(summary.perSection.find(({ machineId }) => machineId === '01')).toMatchObject({
      ...{ targetAuc: null, officialScore: null },
    });
    const others = results.filter(({ machineId }) => machineId === '00');
    expect(summary.officialScore).toBe(summarizeDomains(others).officialScore);
    const none = summarizeDomains(results.filter(({ label }) => label === 0));
    expect(none.officialScore).toBeNull();
    expect(none.perType.map(({ officialScore }) => officialScore)).toEqual([null, null]);
  });

  it('is 0 where a figure is', () => {
    const row = (domain: 'source' | 'target', label: 0 | 1, anomalyScore: number) => ({
      ...{ machineType: 'fan', machineId: '00', domain, label, anomalyScore },
    });
    const reversed = [row('source', 0, 2), row('target', 0, 1), row('source', 1, 0)];
    expect(summarizeDomains(reversed).officialScore).toBe(0);
  });

  it('refuses rows and options that cannot be', () => {
    const [first] = results;
    expect(() => summarizeDomains([])).toThrow('evaluation.summarizeDomains: results must hold at least one');
    expect(() => summarizeDomains([{ ...first!, domain: 'other' as never }])).toThrow('results[0].domain');
    expect(() => summarizeDomains([{ ...first!, anomalyScore: Number.NaN }])).toThrow(RangeError);
    expect(() => summarizeDomains(results, { edition: 2020 as never })).toThrow('edition');
    expect(() => summarizeDomains(results, { maxFpr: 0 })).toThrow('maxFpr');
  });
});
