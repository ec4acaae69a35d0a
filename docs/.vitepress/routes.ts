// Which Markdown files of the repository are pages of the site, and where each stands there.

/** Files and folders that are no pages, for the search for Markdown files. */
export const NO_PAGES = [
  '.*/**',
  '!(CONTRIBUTING).md',
  'bench/**',
  'tooling/**',
  'tools/**',
  'demo-output/**',
  'packages/*/!(README).md',
  'packages/*/*/**',
  'examples/*/*/**',
  'docs/.vitepress/**',
];

/** The page of a file, both relative to the repository: `docs/method.md` is `method.md`, a README is the page of its folder. */
export function pageOf(file: string): string {
  const inSite = file.startsWith('docs/') ? file.slice('docs/'.length) : file;
  if (inSite === 'CONTRIBUTING.md') return 'contributing.md';
  return inSite.replace(/(^|\/)README\.md$/, '$1index.md');
}

/** Where a page is asked for: `method.md` is `/method`, `packages/gmm/index.md` is `/packages/gmm/`. */
export function addressOf(page: string): string {
  return `/${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;
}

/** The anchor of a heading, as GitHub makes it, so that one link serves both. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
