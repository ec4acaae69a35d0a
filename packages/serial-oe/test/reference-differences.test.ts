import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  PAPER_PROTOCOL,
  PRESETS,
  REFERENCE_DIFFERENCES,
  type ReferenceDifference,
  resolveConfig,
  resolveProtocol,
  withReferenceDifferences,
} from '../src';

const differences: readonly ReferenceDifference[] = REFERENCE_DIFFERENCES;
const ofKind = <K extends ReferenceDifference['kind']>(kind: K) =>
  differences.filter((each): each is Extract<ReferenceDifference, { kind: K }> => each.kind === kind);
const namesOf = (kind: ReferenceDifference['kind']) => ofKind(kind).map(({ name }) => name);

/** `{ a: { b: 1 } }` as `[['a.b', 1]]`. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path === '' ? key : `${path}.${key}`));
}

/** Fields of `b` that `a` has otherwise. */
function changedFields(a: object, b: object): Record<string, unknown> {
  const before = new Map(leaves(a));
  expect(leaves(b).map(([path]) => path)).toEqual([...before.keys()]);
  return Object.fromEntries(leaves(b).filter(([path, value]) => before.get(path) !== value));
}

const read = (file: string) => readFileSync(join(__dirname, file), 'utf8');

describe('the differences of the published code', () => {
  it('have these names', () => {
    expect(namesOf('config')).toEqual([
      'id-loss-samples',
      'mixup-cosine',
      'skipped-groups',
      'unfinished-schedule',
      'validation-split',
      'detector-on-validation',
      'lower-half-mean',
    ]);
    expect(namesOf('protocol')).toEqual([
      'z-scored-chunks',
      'leaky-known-anomalies',
      'contaminated-extractor-only',
    ]);
    expect(namesOf('choice')).toEqual(['snapshots']);
  });

  it('are what parts the presets paper and reference, and nothing else does', () => {
    const registered = ofKind('config').flatMap(({ changes }) => leaves(changes));
    expect(new Set(registered.map(([path]) => path)).size).toBe(registered.length); // no field twice
    expect(changedFields(PRESETS.paper, PRESETS.reference)).toEqual({
      preset: 'reference',
      ...Object.fromEntries(registered),
    });
  });

  it('are what parts their protocols', () => {
    expect(resolveProtocol('paper')).toEqual(PAPER_PROTOCOL);
    expect(resolveProtocol('quick')).toEqual(PAPER_PROTOCOL);
    expect(changedFields(PAPER_PROTOCOL, resolveProtocol('reference'))).toEqual({
      scoreNormalization: 'perIdZScore',
      knownAnomalies: 'reference',
      contamination: 'extractorOnly',
    });
    expect(ofKind('protocol').flatMap(({ changes }) => leaves(changes))).toHaveLength(3);
  });

  it.each(namesOf('config').filter((name) => name !== 'detector-on-validation'))(
    '%s applies alone, on top of any preset',
    (name) => {
      const { changes } = ofKind('config').find((each) => each.name === name)!;
      for (const preset of ['paper', 'quick'] as const) {
        const base = resolveConfig(preset);
        const before = new Map(leaves(base));
        const isNew = ([field, value]: readonly [string, unknown]) => before.get(field) !== value;
        expect(changedFields(base, withReferenceDifferences(base, [name]))).toEqual(
          Object.fromEntries(leaves(changes).filter(isNew)),
        );
        expect(base).toEqual(PRESETS[preset]);
      }
      const reference = resolveConfig('reference');
      expect(withReferenceDifferences(reference, [name])).toEqual(reference);
    },
  );

  it('make the reference preset when all are applied, in any order', () => {
    const names = namesOf('config').reverse();
    const expected = { ...PRESETS.reference, preset: 'paper' };
    expect(withReferenceDifferences(resolveConfig('paper'), names)).toEqual(expected);
  });

  it('are no whole without what they need', () => {
    const paper = resolveConfig('paper');
    expect(() => withReferenceDifferences(paper, ['detector-on-validation'])).toThrow(
      /withReferenceDifferences: config.detector.fitOn must be 'train' or 'all', or 'validation' with validation.fraction above 0/,
    );
    const both = withReferenceDifferences(paper, ['detector-on-validation', 'validation-split']);
    expect(both).toMatchObject({ validation: { fraction: 1 / 6 }, detector: { fitOn: 'validation' } });
  });

  it('apply to the protocol one by one', () => {
    expect(resolveProtocol('paper', ['leaky-known-anomalies'])).toEqual({
      ...PAPER_PROTOCOL,
      knownAnomalies: 'reference',
    });
    expect(resolveProtocol('reference', ['z-scored-chunks'])).toEqual(resolveProtocol('reference'));
  });

  it('are refused under another name or in another place', () => {
    const config = resolveConfig('paper');
    expect(() => withReferenceDifferences(config, ['mixup'])).toThrow(
      new RangeError(
        'serial-oe.withReferenceDifferences: names must be known differences, some of ' +
          `${differences.map(({ name }) => name).join(', ')}, got "mixup".`,
      ),
    );
    expect(() => withReferenceDifferences(config, ['z-scored-chunks'])).toThrow(
      /names must be of the kind 'config', got z-scored-chunks, which .* belongs to `serial-oe experiment`/,
    );
    expect(() => withReferenceDifferences(config, ['snapshots'])).toThrow(/Set validation.selection to 50/);
    expect(() => resolveProtocol('paper', ['mixup-cosine'])).toThrow(/Pass it to withReferenceDifferences/);
  });

  it.each(differences.map((each) => [each.name, each] as const))('%s is documented', (name, { section }) => {
    const method = read('../../../docs/method.md');
    const ofSection = method.split('\n## ').find((part) => part.startsWith(`${section}\n`));
    expect(ofSection).toContain(`(\`${name}\`)`);
    expect(read('../../../docs/parity.md')).toContain(`| \`${name}\` |`);
    expect(read('../README.md')).toContain(`\`${name}\``);
  });
});
