// Links are written for GitHub, relative to the file they stand in. Here they become those of the site, or, where they lead to
// what is no page, to GitHub.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';
import { addressOf, pageOf } from './routes';

const REPOSITORY = 'https://github.com/serial-oe/serial-oe';
const ELSEWHERE = /^(?:[a-z][a-z\d+.-]*:|\/|#)/i;

export interface LinkOptions {
  /** The repository's folder. */
  root: string;
  /** Whether a file, relative to the repository, is a page. */
  isPage(file: string): boolean;
}

/**
 * Rewrites the links of a page, and takes what follows the language of a code block, which is for the tests, out of its head.
 * @throws Error for a link to a file that there is not
 */
export function useRepositoryLinks(md: MarkdownRenderer, options: LinkOptions): void {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap((each) => [each, ...(each.children ?? [])])) {
      if (token.type === 'fence') token.info = token.info.split(/\s/)[0]!;
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href !== null) token.attrSet('href', hrefInSite(href, env.realPath ?? env.path, options));
    }
  });
}

function hrefInSite(href: string, from: string, { root, isPage }: LinkOptions): string {
  const [path = '', anchor] = withoutHost(href).split('#');
  if (path === '' || ELSEWHERE.test(path)) return href;
  const isOurs = href !== withoutHost(href);
  const target = resolve(isOurs ? root : dirname(from), decodeURI(path));
  if (!existsSync(target)) throw new Error(`${relative(root, from)} links to ${path}, which there is not.`);
  const isFolder = statSync(target).isDirectory();
  const file = relative(root, isFolder ? join(target, 'README.md') : target);
  const hash = anchor === undefined ? '' : `#${anchor}`;
  if (isPage(file)) return `${addressOf(pageOf(file))}${hash}`;
  return `${REPOSITORY}/${isFolder ? 'tree' : 'blob'}/main/${relative(root, target)}${hash}`;
}

/** Links into this repository on GitHub, as the READMEs of packages need them on npm, are links to its files. */
function withoutHost(href: string): string {
  return href.replace(new RegExp(`^${REPOSITORY}/(?:blob|tree)/main/`), '');
}
