import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The file that a cell names, or what is wrong with it. */
export type FoundFile = { file: string } | { problem: string };

/**
 * Finds the file of a cell: a path from the manifest's folder or from the root, with `/` or `\` between the folders, a
 * `file://` address, with letters in either of their two Unicode forms.
 */
export function findFile(cell: string, folder: string): FoundFile {
  const problems: string[] = [];
  for (const spelling of spellings(cell)) {
    const file = path.resolve(folder, spelling);
    const state = stateOf(file);
    if (state === 'file') return { file };
    problems.push(state);
  }
  const other = findOtherForm(folder, cell.replaceAll('\\', '/'));
  if (other !== undefined && stateOf(other) === 'file') return { file: other };
  return { problem: `file ${shorten(path.resolve(folder, withoutNul(cell)))} ${problems[0]}` };
}

function spellings(cell: string): string[] {
  const plain = cell.startsWith('file:') ? fromUrl(cell) : cell;
  const all = [plain, plain.replaceAll('\\', '/')].flatMap((each) => [
    each,
    each.normalize('NFC'),
    each.normalize('NFD'),
  ]);
  return [...new Set(all)];
}

function fromUrl(cell: string): string {
  try {
    return fileURLToPath(cell);
  } catch {
    return cell;
  }
}

/** `file`, or what it is instead. */
function stateOf(file: string): string {
  if (file.includes('\0')) return 'has a NUL character in its name';
  try {
    const stats = fs.statSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return 'does not exist';
    return stats.isFile() ? 'file' : 'is no file but a folder or device';
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG') return 'has a name that is too long';
    if (code === 'ENOTDIR') return 'leads through a file as if it were a folder';
    if (code === 'ELOOP') return 'is a link that leads round in circles';
    return `cannot be looked at (${code ?? String(cause)})`;
  }
}

/** The file whose names are these in other Unicode forms, mixed as disks of several makes leave them. */
function findOtherForm(folder: string, cell: string): string | undefined {
  if (!/[^\0-\x7f]/.test(cell)) return undefined;
  const absolute = path.resolve(folder, withoutNul(cell));
  const { root } = path.parse(absolute);
  let found = root;
  for (const name of absolute.slice(root.length).split(path.sep)) {
    const isThere = stateOf(path.join(found, name)) !== 'does not exist';
    const other = isThere
      ? name
      : listNames(found).find((each) => each.normalize('NFC') === name.normalize('NFC'));
    if (other === undefined) return undefined;
    found = path.join(found, other);
  }
  return found;
}

function listNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

const withoutNul = (text: string) => text.replaceAll('\0', '\u2400');
const shorten = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}..` : text);
