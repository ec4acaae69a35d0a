// The map of the packages: a picture of the floors, and who stands on whom, from their package.json files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FLOORS } from './floors';

interface Package {
  folder: string;
  description: string;
  dependencies: readonly string[];
}

const WIDTH = 760;
const ROW = 58;
const COLOURS = ['#56606b', '#3b6ea5', '#2f7f9e', '#0b7a75', '#2e7d4f', '#7a6a12', '#a05a14', '#a33d3d'];

export function readPackages(root: string): Package[] {
  return readdirSync(join(root, 'packages')).map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')) as {
      description: string;
      dependencies?: Record<string, string>;
    };
    const names = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@serial-oe/'));
    const dependencies = names.map((name) => name.slice('@serial-oe/'.length));
    return { folder, description: manifest.description, dependencies };
  });
}

/** The floors as a picture, the highest on top. */
export function packageMapPicture(): string {
  const rows = FLOORS.map((floor, level) => floorRow(floor, level)).reverse();
  const height = rows.length * ROW;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" font-family="system-ui, sans-serif">`,
    '<title>The packages on their floors: each imports packages of lower floors alone.</title>',
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function floorRow(floor: readonly string[], level: number): string {
  const y = (FLOORS.length - 1 - level) * ROW;
  const gap = 8;
  const width = (WIDTH - 30 - gap * (floor.length - 1)) / floor.length;
  const boxes = floor.map((name, i) => {
    const x = 30 + i * (width + gap);
    const lines = width < 110 && name.includes('-') ? splitName(name) : [name];
    const texts = lines.map(
      (line, n) =>
        `<text x="${x + width / 2}" y="${y + 29 + (n - (lines.length - 1) / 2) * 14}" text-anchor="middle" font-size="12" fill="#fff">${line}</text>`,
    );
    return `<rect x="${x}" y="${y + 4}" width="${width}" height="${ROW - 12}" rx="6" fill="${COLOURS[level]}"/>${texts.join('')}`;
  });
  return `<text x="4" y="${y + 30}" font-size="13" fill="#868e96">${level}</text>${boxes.join('')}`;
}

function splitName(name: string): string[] {
  const at = name.indexOf('-');
  return [name.slice(0, at + 1), name.slice(at + 1)];
}

/** What each is, what it stands on, and who stands on it. */
export function packageMapTable(root: string): string {
  const packages = readPackages(root);
  const usersOf = (folder: string) =>
    packages.filter(({ dependencies }) => dependencies.includes(folder)).map((one) => one.folder);
  const link = (folder: string) => `[${folder}](../packages/${folder}/README.md)`;
  const list = (folders: readonly string[]) => (folders.length === 0 ? '-' : folders.join(', '));
  const rows = FLOORS.flatMap((floor, level) =>
    floor.map((folder) => {
      const one = packages.find((each) => each.folder === folder)!;
      return `| ${level} | ${link(folder)} | ${one.description} | ${list(one.dependencies)} | ${list(usersOf(folder))} |`;
    }),
  ).reverse();
  return [
    '| floor | package | what it is | imports | imported by |',
    '| ---: | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
