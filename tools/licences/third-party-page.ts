import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DECISIONS, REMARKS } from './allowed-licences';
import { type Lock, type ThirdParty, thirdPartiesOf } from './production-dependencies';

/** The example whose build is given to others, dependencies and all. */
const PAGE = 'examples/browser-monitor';

/** The packages of others by what they are for. */
export interface Groups {
  needed: ThirdParty[];
  optional: ThirdParty[];
  /** What the page has besides; none where there is no page. */
  page: ThirdParty[];
}

/** Reads the package-lock.json of the repository in a folder. */
export function readGroups(root: string): Groups {
  const { packages: lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Lock;
  };
  const folders = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const needed = thirdPartiesOf(lock, folders, 'needed');
  const optional = thirdPartiesOf(lock, folders, 'optional');
  const known = new Set([...needed, ...optional].map(keyOf));
  const page = existsSync(join(root, PAGE, 'package.json'))
    ? thirdPartiesOf(lock, [PAGE], 'needed').filter((each) => !known.has(keyOf(each)))
    : [];
  return { needed, optional, page };
}

/** THIRD-PARTY.md: the packages and their licences, by what they are for. */
export function thirdPartyPage({ needed, optional, page }: Groups): string {
  const lists = [
    ['Dependencies and peers of the packages', 'Installed with them.', needed],
    [
      'Optional peers, and what they need',
      'Installed by who wants what they are for; no package contains them.',
      optional,
    ],
    ['The page of examples/browser-monitor', 'Bundled by its build, beside the above.', page],
  ] as const;
  const notes = {
    ...Object.fromEntries(Object.entries(DECISIONS).map(([name, { reason }]) => [name, reason])),
    ...REMARKS,
  };
  const named = new Set(lists.flatMap(([, , packages]) => packages.map(({ name }) => name)));
  return [
    '# Packages of others, and their licences',
    '',
    'Written by `npm run licences` from package-lock.json. serial-oe itself is Apache-2.0 (LICENSE).',
    ...lists
      .filter(([, , packages]) => packages.length > 0)
      .flatMap(([title, text, packages]) => ['', `## ${title}`, '', text, '', ...tableOf(packages)]),
    '',
    '## Decisions',
    '',
    'Other licences than MIT, Apache, BSD, ISC and their like are accepted one by one; GPL and AGPL are not.',
    '',
    ...Object.entries(notes)
      .filter(([name]) => named.has(name))
      .map(([name, reason]) => `- ${name}: ${reason}`),
    '',
  ].join('\n');
}

function tableOf(packages: readonly ThirdParty[]): string[] {
  const rows = packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`);
  return ['| package | version | licence |', '| --- | --- | --- |', ...rows];
}

function keyOf({ name, version }: ThirdParty): string {
  return `${name}@${version}`;
}
