// What an installed package of ours brings along, by package-lock.json, without a look into node_modules.

/** An entry of package-lock.json, as far as it is looked at. */
export interface Locked {
  name?: string;
  version?: string;
  license?: string;
  link?: boolean;
  resolved?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

export type Lock = Readonly<Record<string, Locked>>;

/** A package of somebody else. */
export interface ThirdParty {
  name: string;
  version: string;
  /** As its package.json says, an SPDX expression as a rule; `unknown` where it says nothing. */
  licence: string;
  /** The folder of ours that it is for, and the packages on the way to it, the last of which names it. */
  via: readonly string[];
}

/** How a walk goes on from a package of ours: over what it needs, or over the peers that it can do without. */
export type Kind = 'needed' | 'optional';

/**
 * Packages of others that folders of ours bring along, each once, sorted by name: `needed` over dependencies and peers, `optional`
 * over optional peers and what these need, without what is needed anyway.
 */
export function thirdPartiesOf(lock: Lock, folders: readonly string[], kind: Kind): ThirdParty[] {
  const needed = walk(
    lock,
    folders.map((folder) => [folder, neededBy(lock[folder])]),
  );
  if (kind === 'needed') return sorted(needed);
  const optional = walk(
    lock,
    [...folders].map((folder) => [folder, optionalPeersOf(lock[folder])]),
  );
  return sorted(new Map([...optional].filter(([path]) => !needed.has(path))));
}

type Start = readonly [folder: string, names: readonly string[]];

function walk(lock: Lock, starts: readonly Start[]): Map<string, ThirdParty> {
  const found = new Map<string, ThirdParty>();
  const seen = new Set<string>();
  const queue = starts.flatMap(([folder, names]) =>
    names.map((name) => ({ from: folder, name, via: [folder] })),
  );
  for (const { from, name, via } of queue) {
    const path = resolveIn(lock, from, name);
    if (path === null || seen.has(path)) continue; // null: an optional dependency of another platform
    seen.add(path);
    const entry = lock[path] as Locked;
    const isOurs = !path.includes('node_modules/');
    if (!isOurs) {
      const { version = 'unknown', license: licence = 'unknown' } = entry;
      found.set(path, { name: entry.name ?? name, version, licence, via });
    }
    for (const next of neededBy(entry)) queue.push({ from: path, name: next, via: [...via, name] });
  }
  return found;
}

/** Where Node finds a package: beside the importing one, or further up. Links lead to the workspace. */
function resolveIn(lock: Lock, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    const entry = lock[path];
    if (entry !== undefined) return entry.link && entry.resolved !== undefined ? entry.resolved : path;
    if (folder === '') return null;
  }
}

function neededBy(entry: Locked | undefined): string[] {
  const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = entry ?? {};
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta?.[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

function optionalPeersOf(entry: Locked | undefined): string[] {
  const { peerDependencies, peerDependenciesMeta } = entry ?? {};
  return Object.keys(peerDependencies ?? {}).filter((name) => peerDependenciesMeta?.[name]?.optional);
}

/** One line a name and version, wherever it is installed. */
function sorted(found: ReadonlyMap<string, ThirdParty>): ThirdParty[] {
  const byName = new Map([...found.values()].map((each) => [`${each.name}@${each.version}`, each]));
  return [...byName.values()].sort(
    (a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'),
  );
}
