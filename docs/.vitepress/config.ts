import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig, type MarkdownEnv } from 'vitepress';
import { useRepositoryLinks } from './repository-links';
import { anchorOf, NO_PAGES, pageOf } from './routes';
import { navigation, sidebar } from './sidebar';
import { START_PAGE } from './start-page';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const IS_PAGE = /^(?:docs\/(?!\.)[^.]*\.md|(?:packages|examples)\/[^/]+\/README\.md|CONTRIBUTING\.md)$/;

/** A row of levels, one of which stands out. */
const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M2 9v4M6 7v6M14 8v5" stroke="#0d8080" stroke-width="2"/><path d="M10 2v11" stroke="#d9480f" stroke-width="2"/></svg>';

/** What the search knows of a page: all of it; of an API page, which is long, its names. */
function searchedText(
  source: string,
  env: MarkdownEnv,
  md: { render(source: string, env: MarkdownEnv): string },
): string {
  const html = md.render(source, env);
  return env.relativePath.startsWith('api/')
    ? html.replace(/<\/h\d>[\s\S]*?(?=<h\d|$)/g, (part) => part.slice(0, 5))
    : html;
}

export default defineConfig({
  title: 'Serial-OE',
  description: 'Anomalous sound detection that runs wherever JavaScript runs.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  base: process.env.DOCS_BASE ?? '/',
  srcDir: ROOT,
  srcExclude: NO_PAGES,
  rewrites: pageOf,
  cleanUrls: true,
  lastUpdated: false,
  markdown: {
    anchor: { slugify: anchorOf },
    config: (md) =>
      useRepositoryLinks(md, {
        root: ROOT,
        isPage: (file) => IS_PAGE.test(file) && existsSync(join(ROOT, file)),
      }),
  },
  ignoreDeadLinks: 'localhostLinks',
  transformPageData(page) {
    if (page.relativePath === 'index.md') Object.assign(page.frontmatter, START_PAGE);
  },
  themeConfig: {
    nav: navigation,
    sidebar: sidebar(ROOT),
    outline: [2, 3],
    search: { provider: 'local', options: { _render: searchedText } },
    socialLinks: [{ icon: 'github', link: 'https://github.com/serial-oe/serial-oe' }],
    footer: { message: 'Apache-2.0' },
  },
  // The largest is the index of the search, which is loaded when somebody searches.
  vite: { publicDir: false, build: { chunkSizeWarningLimit: 3000 } },
});
