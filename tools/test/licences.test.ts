import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAllowed, licenceComplaints } from '../licences/allowed-licences';
import { type Lock, thirdPartiesOf } from '../licences/production-dependencies';
import { readGroups, thirdPartyPage } from '../licences/third-party-page';
import { ROOT } from './repository';

const groups = readGroups(ROOT);

it('everything that comes with the packages, or with the page, has a licence that is allowed', () => {
  expect(groups.needed.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['@tensorflow/tfjs-core', 'commander', 'echarts', 'zrender', 'valibot']),
  );
  expect(groups.optional.map(({ name }) => name)).toEqual(expect.arrayContaining(['mqtt', 'codec-parser']));
  expect(licenceComplaints(Object.values(groups).flat())).toEqual([]);
});

it('THIRD-PARTY.md names what comes with the packages; `npm run licences` writes it', () => {
  const written = readFileSync(join(ROOT, 'THIRD-PARTY.md'), 'utf8');
  const rows = thirdPartyPage({ ...groups, page: [] }).match(/^\| .*$/gm) ?? [];
  expect(rows.filter((row) => !written.includes(row))).toEqual([]);
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-2.0-only)', true],
  ['(Apache-2.0 AND BSD-3-Clause)', true],
  ['MIT AND GPL-3.0-or-later', false],
  ['LGPL-3.0-or-later', false],
  ['AGPL-3.0', false],
  ['SEE LICENSE IN LICENSE', false],
  ['unknown', false],
])('%s: %p', (expression, isIt) => expect(isAllowed(expression)).toBe(isIt));

describe('a lockfile', () => {
  const lock: Lock = {
    'packages/a': {
      dependencies: { '@ours/b': '*', direct: '1' },
      peerDependencies: { peer: '1', extra: '1' },
      peerDependenciesMeta: { extra: { optional: true } },
    },
    'packages/b': { dependencies: { deep: '2' } },
    'node_modules/@ours/b': { link: true, resolved: 'packages/b' },
    'node_modules/direct': { version: '1.0.0', license: 'MIT', dependencies: { deep: '1' } },
    'node_modules/direct/node_modules/deep': { version: '1.0.0', license: 'GPL-3.0-only' },
    'node_modules/deep': { version: '2.0.0', license: 'ISC' },
    'node_modules/peer': { version: '1.0.0', license: 'MIT', optionalDependencies: { elsewhere: '1' } },
    'node_modules/extra': { version: '1.0.0', dependencies: { deep: '2' } },
    'node_modules/development': { version: '1.0.0', license: 'GPL-3.0-only' },
  };
  const keys = (kind: 'needed' | 'optional') =>
    thirdPartiesOf(lock, ['packages/a'], kind).map(({ name, version }) => `${name}@${version}`);

  it('is followed as Node does, to nested versions and over links', () => {
    expect(keys('needed')).toEqual(['deep@1.0.0', 'deep@2.0.0', 'direct@1.0.0', 'peer@1.0.0']);
    expect(keys('optional')).toEqual(['extra@1.0.0']);
  });

  it('with a licence that is not allowed, or none, is told, with the way to it', () => {
    const of = (kind: 'needed' | 'optional') => licenceComplaints(thirdPartiesOf(lock, ['packages/a'], kind));
    expect(of('needed')).toEqual([
      expect.stringMatching(/^deep 1\.0\.0 must .*, got GPL-3\.0-only \(by packages\/a > direct\)/),
    ]);
    expect(of('optional')).toEqual([expect.stringMatching(/^extra 1\.0\.0 must .*, got unknown/)]);
  });
});
