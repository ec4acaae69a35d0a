// Every link of the documentation and of the READMEs leads to a file, and to a heading where it names one, as GitHub makes anchors.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { addressOf, anchorOf, pageOf } from '../../docs/.vitepress/routes';
import { navigation, sidebar } from '../../docs/.vitepress/sidebar';
import { fromRoot, guidePages, headingsOf, linksOf, readmes } from '../docs/markdown';
import { ROOT } from './repository';

const REPOSITORY = /^https:\/\/github\.com\/serial-oe\/serial-oe\/(?:blob|tree)\/main\//;
const ELSEWHERE = /^[a-z][a-z\d+.-]*:/i;

const pages = [...guidePages(ROOT), ...readmes(ROOT)];

/** The anchors of a file: of headings alike the second has `-1` behind it. */
function anchorsOf(file: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = headingsOf(file, ROOT).map((heading) => {
    const anchor = anchorOf(heading);
    const n = seen.get(anchor) ?? 0;
    seen.set(anchor, n + 1);
    return n === 0 ? anchor : `${anchor}-${n}`;
  });
  return new Set(anchors);
}

/** What is wrong with a link, or null. */
function faultOf(link: string, file: string): string | null {
  const isOurs = REPOSITORY.test(link);
  if (ELSEWHERE.test(link) && !isOurs) return null;
  const [path = '', anchor] = link.replace(REPOSITORY, '').split('#');
  const from = isOurs ? ROOT : dirname(join(ROOT, file));
  const target = path === '' ? join(ROOT, file) : resolve(from, decodeURI(path));
  if (!existsSync(target)) return `${file}: ${link} leads to no file`;
  if (anchor === undefined) return null;
  const page = statSync(target).isDirectory() ? join(target, 'README.md') : target;
  const isThere = page.endsWith('.md') && anchorsOf(fromRoot(page, ROOT)).has(anchor);
  return isThere ? null : `${file}: ${link} leads to no heading`;
}

it('there are pages with links', () => {
  expect(pages.length).toBeGreaterThan(40);
  expect(linksOf('docs/README.md', ROOT)).toContain('method.md');
});

it.each(pages)('every link of %s leads somewhere', (file) => {
  const faults = linksOf(file, ROOT).map((link) => faultOf(link, file));
  expect(faults.filter((fault) => fault !== null)).toEqual([]);
});

it('every page of docs is in a menu of the site, and every menu leads to a page', () => {
  type Item = { link?: string; items?: Item[] };
  const linksIn = (items: readonly Item[]): string[] =>
    items.flatMap(({ link, items: inner = [] }) => [
      ...(link === undefined ? [] : [link]),
      ...linksIn(inner),
    ]);
  const menus = Object.entries(sidebar(ROOT)).filter(([address]) => address !== '/api/'); // made with its pages
  const listed = new Set(
    linksIn([...(navigation as Item[]), ...menus.flatMap(([, items]) => items as Item[])]),
  );
  const addresses = pages.map((file) => addressOf(pageOf(file)));
  const inDocs = guidePages(ROOT).filter((file) => /^docs\/(?!README|decisions\/)/.test(file));
  expect([...listed].filter((link) => link !== '/api/' && !addresses.includes(link))).toEqual([]);
  expect(inDocs.map((file) => addressOf(pageOf(file))).filter((address) => !listed.has(address))).toEqual([]);
});
