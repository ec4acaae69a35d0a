// What the documentation consists of, and its links, headings and code blocks.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A fenced code block. */
export interface Block {
  /** The file, relative to the repository, and the line of the fence. */
  file: string;
  line: number;
  language: string;
  /** What follows the language in the fence, which GitHub does not show: what the tests do with the block. */
  mark: string;
  code: string;
}

function markdownUnder(folder: string, root: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      const isOurs = !entry.name.startsWith('.') && entry.name !== 'node_modules' && path !== 'docs/api';
      return isOurs ? markdownUnder(path, root) : [];
    }
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** The pages whose every block is accounted for: docs, README, CONTRIBUTING. */
export function guidePages(root: string): string[] {
  return [...markdownUnder('docs', root), 'README.md', 'CONTRIBUTING.md'];
}

/** The READMEs of packages and examples. */
export function readmes(root: string): string[] {
  return ['packages', 'examples'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .map((name) => `${kind}/${name}/README.md`)
      .filter((file) => existsSync(join(root, file))),
  );
}

export function readPage(file: string, root: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Every fenced block of a file; fences may be indented, as in lists. */
export function blocksOf(file: string, root: string): Block[] {
  const blocks: Block[] = [];
  let open: (Block & { fence: string; indent: string }) | null = null;
  for (const [i, text] of readPage(file, root).split('\n').entries()) {
    const [, indent = '', fence, info = ''] = /^(\s*)(`{3,}|~{3,})\s*(.*)$/.exec(text) ?? [];
    if (open === null && fence !== undefined) {
      const [language = '', ...mark] = info.trim().split(/\s+/);
      open = { file, line: i + 1, language, mark: mark.join(' '), code: '', fence, indent };
    } else if (open && fence?.startsWith(open.fence) && info === '') {
      const { fence: _, indent: __, ...block } = open;
      blocks.push(block);
      open = null;
    } else if (open !== null) {
      open.code += `${text.startsWith(open.indent) ? text.slice(open.indent.length) : text}\n`;
    }
  }
  return blocks;
}

/** A file's text without its code blocks, line for line. */
export function proseOf(file: string, root: string): string {
  return readPage(file, root).replace(/^\s*(`{3,})[\s\S]*?^\s*\1\s*$/gm, (block) =>
    block.replace(/[^\n]/g, ''),
  );
}

/** What the links and pictures of a file lead to. */
export function linksOf(file: string, root: string): string[] {
  const prose = proseOf(file, root).replace(/`[^`\n]*`/g, '``');
  return [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)].map((match) => match[1]!);
}

/** The texts of its headings, without their marks. */
export function headingsOf(file: string, root: string): string[] {
  return [...proseOf(file, root).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map((match) =>
    match[1]!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, ''),
  );
}

/** A block's place, for messages. */
export function placeOf({ file, line }: Block): string {
  return `${file}:${line}`;
}

export function fromRoot(path: string, root: string): string {
  return relative(root, path).replaceAll('\\', '/');
}
