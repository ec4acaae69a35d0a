import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';

type Item = DefaultTheme.SidebarItem;

const page = (text: string, link: string): Item => ({ text, link });

export const navigation: DefaultTheme.NavItem[] = [
  { text: 'Guide', link: '/my-first-machine', activeMatch: '^/(?!packages|api|systems|examples)[a-z-]+$' },
  { text: 'Systems', link: '/compared-systems', activeMatch: '^/(systems|compared-systems)' },
  { text: 'Examples', link: '/examples-gallery', activeMatch: '^/examples' },
  { text: 'Packages', link: '/which-package', activeMatch: '^/packages' },
  { text: 'API', link: '/api/', activeMatch: '^/api' },
];

const GUIDE: Item[] = [
  {
    text: 'Use it',
    items: [
      page('My first machine', '/my-first-machine'),
      page('Which package do I need?', '/which-package'),
      page('How good is it?', '/how-good'),
      page('Scores, thresholds, false alarms', '/thresholds'),
      page('Listening', '/listening'),
      page('Getting better', '/getting-better'),
      page('Explanations', '/explanations'),
      page('The report', '/report'),
      page('Troubleshooting', '/troubleshooting'),
    ],
  },
  {
    text: 'How it works',
    items: [
      page('The method', '/method'),
      page('The compared systems', '/compared-systems'),
      page('Parity', '/parity'),
      page('Experiments', '/experiments'),
      page('Performance', '/performance'),
      page('Gallery of examples', '/examples-gallery'),
    ],
  },
  {
    text: 'Look up',
    items: [
      page('Configuration', '/configuration'),
      page('Backends', '/backends'),
      page('Runs on', '/runs-on'),
      page('Data sets', '/datasets'),
      page('DCASE2020', '/dcase2020'),
      page('Pretrained weights', '/pretrained'),
      page('Model files', '/model-files'),
      page('Scale', '/scale'),
    ],
  },
  {
    text: 'Work on it',
    items: [
      page('Package map', '/package-map'),
      page('Contributing', '/contributing'),
      page('Decisions', '/decisions/'),
    ],
  },
];

/** The sidebars by the first part of the address; of those that fit, VitePress takes the first with the most slashes. */
export function sidebar(root: string): DefaultTheme.SidebarMulti {
  return {
    '/systems/': systems(root),
    '/compared-systems': systems(root),
    '/packages/': packages(root),
    '/api/': api(root),
    '/examples/': examples(root),
    '/examples-gallery': examples(root),
    '/': GUIDE,
  };
}

function names(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => pattern.test(name));
}

function systems(root: string): Item[] {
  const pages = names(join(root, 'docs', 'systems'), /\.md$/).map((file) => file.replace(/\.md$/, ''));
  const items = pages.map((name) => page(name, `/systems/${name}`));
  return [{ text: 'Systems', link: '/compared-systems', items }, ...GUIDE];
}

function packages(root: string): Item[] {
  const all = names(join(root, 'packages'), /^[a-z]/).filter((name) =>
    existsSync(join(root, 'packages', name, 'README.md')),
  );
  return [
    { text: 'Packages', link: '/which-package', items: all.map((name) => page(name, `/packages/${name}/`)) },
  ];
}

function examples(root: string): Item[] {
  const all = names(join(root, 'examples'), /^[a-z]/).filter((name) =>
    existsSync(join(root, 'examples', name, 'README.md')),
  );
  const items = all.map((name) => page(name, `/examples/${name}/`));
  return [{ text: 'Examples', link: '/examples-gallery', items }, ...GUIDE];
}

/** The pages that `npm run docs:api` wrote; each is headed by the name of its entry. */
function api(root: string): Item[] {
  const folder = join(root, 'docs', 'api');
  const entries = names(folder, /^(?!README).*\.md$/).map((file) => {
    const heading = /^# (.+)$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1] ?? file;
    return { name: heading.replace(/^@serial-oe\//, ''), link: `/api/${file.replace(/\.md$/, '')}` };
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1)); // gmm before gmm/node
  return [{ text: 'API', link: '/api/', items: entries.map(({ name, link }) => page(name, link)) }];
}
