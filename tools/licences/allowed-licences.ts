import type { ThirdParty } from './production-dependencies';

/** Licences that ask for their text and a name at most. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
  'Zlib',
]);

/** Packages of another licence that are accepted, each with the reason. */
export const DECISIONS: Readonly<Record<string, { licence: string; reason: string }>> = {
  'codec-parser': {
    licence: 'LGPL-3.0-or-later',
    reason:
      'It comes with the decoders of Ogg Vorbis and Opus, which are optional peers: no package of ours contains or installs it. ' +
      'A page that bundles it unmodified has to name it and let it be replaced; @serial-oe/audio-features loads these decoders by import(), so that a bundler puts them into files of their own.',
  },
};

/** Packages whose package.json names the licence of the wrapper alone. */
export const REMARKS: Readonly<Record<string, string>> = {
  'mpg123-decoder':
    'MIT is the wrapper; the mpg123 that is compiled into it is LGPL-2.1. An optional peer, for which the same holds as for codec-parser.',
};

/** What is wrong with the licences of packages, as lines of text; none where nothing is. */
export function licenceComplaints(packages: readonly ThirdParty[]): string[] {
  return packages
    .filter(({ name, licence }) => !isAllowed(licence) && DECISIONS[name]?.licence !== licence)
    .map(
      ({ name, version, licence, via }) =>
        `${name} ${version} must have a licence of the list in tools/licences/allowed-licences.ts, got ${licence} ` +
        `(by ${via.join(' > ')}). Take another package, or decide there and say why.`,
    );
}

/** An SPDX expression without nesting: one side of an OR has to be allowed, and each part of an AND. */
export function isAllowed(expression: string): boolean {
  const withoutParentheses = expression.replace(/^\((.*)\)$/, '$1');
  return withoutParentheses
    .split(' OR ')
    .some((side) => side.split(' AND ').every((licence) => ALLOWED.has(licence)));
}
