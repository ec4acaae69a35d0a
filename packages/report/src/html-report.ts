import { checkKind, checkOneOf, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { checkNonEmptyArray } from './check-lists';
import { checkText } from './check-text';
import { escapeHtml } from './escape-html';
import { checkDigits, formatCell } from './format-cell';
import { htmlFigure } from './html-figure';
import { reportStyle } from './html-style';
import { htmlFields, htmlTable } from './html-table';
import type { HtmlReport, ReportSection } from './report-types';

/** Nothing is fetched and nothing runs, whatever a browser makes of the rest of the file. */
const SECURITY_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** HTML has headings down to this level. */
const MAX_LEVEL = 6;

/** Reports with at least so many sections get a table of contents. */
const MIN_LISTED_SECTIONS = 3;

const REPORT: OptionNames<HtmlReport> = {
  title: true,
  subtitle: true,
  generatedAt: true,
  text: true,
  highlights: true,
  warnings: true,
  notes: true,
  sections: true,
  provenance: true,
};

const SECTION: OptionNames<ReportSection> = {
  heading: true,
  text: true,
  warnings: true,
  notes: true,
  fields: true,
  tables: true,
  figures: true,
  figureColumns: true,
  isFolded: true,
  sections: true,
};

const HIGHLIGHT: OptionNames<NonNullable<HtmlReport['highlights']>[number]> = {
  label: true,
  value: true,
  digits: true,
  isPercent: true,
};

/**
 * A report as one HTML file that needs nothing else: style, drawings and pictures are inside, no script, no request. It
 * opens from disk, follows the reader's light or dark setting, and prints in black on white.
 *
 * All text is escaped; line breaks in it are spaces, empty lines part paragraphs. Drawings that are not static, or refer
 * outside, are refused. The same report gives the same text.
 *
 * @returns the text of the file, UTF-8.
 * @throws RangeError for empty texts, rows unlike the columns, numbers that are not finite, or drawings that are not
 *   static; TypeError for values of another kind and for names that there are not. The message names the place, `sections[1].tables[0].rows[3]`.
 */
export function htmlReport(report: HtmlReport): string {
  checkKind('report.htmlReport: report', report, 'object');
  checkOptions('report.htmlReport', report, REPORT);
  const where = 'report.htmlReport: ';
  const title = escapeHtml(checkText(`${where}title`, report.title));
  checkNonEmptyArray(`${where}sections`, report.sections);
  const sections = report.sections.map((section, i) =>
    htmlSection(section, { where: `${where}sections[${i}]`, id: `section-${i + 1}`, level: 2 }),
  );
  const body = [
    `<header>\n${opening(report, title, where)}\n</header>`,
    ...contents(report),
    `<main>\n${sections.join('\n')}`,
    ...provenance(report, where),
    '</main>',
  ];
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${SECURITY_POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${title}</title>`,
    '<link rel="icon" href="data:,">',
    `<style>\n${reportStyle()}</style>`,
  ];
  const lines = [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    ...head,
    '</head>',
    '<body>',
    ...body,
    '</body>',
    '</html>',
  ];
  return `${lines.join('\n')}\n`;
}

function opening(
  { subtitle, generatedAt, text, highlights, warnings, notes }: HtmlReport,
  title: string,
  where: string,
): string {
  const parts = [`<h1>${title}</h1>`];
  if (subtitle !== undefined) {
    parts.push(`<p class="subtitle">${escapeHtml(checkText(`${where}subtitle`, subtitle))}</p>`);
  }
  if (generatedAt !== undefined) parts.push(`<p class="date">${date(generatedAt, where)}</p>`);
  parts.push(...paragraphs(text, `${where}text`), ...remarks({ warnings, notes }, where));
  if (highlights !== undefined && highlights.length > 0) {
    const items = highlights.map((highlight, i) => {
      checkKind(`${where}highlights[${i}]`, highlight, 'object');
      checkOptions(`${where}highlights[${i}]`, highlight, HIGHLIGHT);
      const { label, value, ...format } = highlight;
      const name = escapeHtml(checkText(`${where}highlights[${i}].label`, label));
      checkDigits(`${where}highlights[${i}]`, format.digits);
      const text = formatCell(`${where}highlights[${i}].value`, value, format);
      const unit = format.isPercent && typeof value === 'number' ? ' %' : '';
      return `<div><dt>${name}</dt><dd>${escapeHtml(text + unit)}</dd></div>`;
    });
    parts.push(`<dl class="highlights">\n${items.join('\n')}\n</dl>`);
  }
  return parts.join('\n');
}

function date(generatedAt: Date | string, where: string): string {
  if (typeof generatedAt === 'string') return escapeHtml(checkText(`${where}generatedAt`, generatedAt));
  if (!(generatedAt instanceof Date) || Number.isNaN(generatedAt.getTime())) {
    throw new RangeError(`${where}generatedAt must be a valid Date or a text, got ${String(generatedAt)}.`);
  }
  const iso = generatedAt.toISOString();
  return `<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

function contents({ sections, provenance }: HtmlReport): string[] {
  if (sections.length < MIN_LISTED_SECTIONS) return [];
  const items = sections.map(({ heading }, i): [string, string] => [`section-${i + 1}`, heading]);
  if (provenance !== undefined) items.push(['provenance', PROVENANCE_HEADING]);
  const links = items.map(([id, heading]) => `<li><a href="#${id}">${escapeHtml(heading)}</a></li>`);
  return [`<nav aria-label="Contents">\n<ul>\n${links.join('\n')}\n</ul>\n</nav>`];
}

const PROVENANCE_HEADING = 'Provenance';

function provenance({ provenance: fields }: HtmlReport, where: string): string[] {
  if (fields === undefined) return [];
  const table = htmlFields(fields, `${where}provenance`);
  const heading = { text: PROVENANCE_HEADING, id: 'provenance', level: 2, isFolded: true };
  return headed(heading, [table]);
}

/** Where a section stands. */
interface Place {
  where: string;
  id: string;
  level: number;
}

function htmlSection(section: ReportSection, { where, id, level }: Place): string {
  checkKind(where, section, 'object');
  checkOptions(where, section, SECTION);
  const heading = escapeHtml(checkText(`${where}.heading`, section.heading));
  const { fields, tables = [], figures = [], figureColumns = 1, sections = [] } = section;
  checkOneOf(`${where}.figureColumns`, figureColumns, [1, 2, 3] as const);
  const pictures = figures.map((figure, i) =>
    htmlFigure(figure, `${where}.figures[${i}]`, `${id}-figure-${i + 1}`),
  );
  const parts = sections.map((part, i) =>
    htmlSection(part, {
      where: `${where}.sections[${i}]`,
      id: `${id}-${i + 1}`,
      level: Math.min(MAX_LEVEL, level + 1),
    }),
  );
  const { isFolded = false } = section;
  checkKind(`${where}.isFolded`, isFolded, 'boolean');
  const content = [
    ...paragraphs(section.text, `${where}.text`),
    ...remarks(section, `${where}.`),
    ...(fields === undefined ? [] : [htmlFields(fields, `${where}.fields`)]),
    ...tables.map((table, i) => htmlTable(table, `${where}.tables[${i}]`)),
    ...(pictures.length === 0
      ? []
      : [`<div class="figures columns-${figureColumns}">`, ...pictures, '</div>']),
    ...parts,
  ];
  return headed({ text: heading, id, level, isFolded }, content).join('\n');
}

/** A section with its heading, which opens it where it is folded. */
function headed(
  { text, id, level, isFolded }: { text: string; id: string; level: number; isFolded: boolean },
  content: readonly string[],
): string[] {
  const heading = `<h${level} id="${id}-heading">${text}</h${level}>`;
  const section = `<section id="${id}" aria-labelledby="${id}-heading">`;
  if (!isFolded) return [section, heading, ...content, '</section>'];
  return [section, '<details>', `<summary>${heading}</summary>`, ...content, '</details>', '</section>'];
}

function paragraphs(text: string | undefined, where: string): string[] {
  if (text === undefined) return [];
  const parts = checkText(where, text)
    .trim()
    .split(/\n\s*\n/);
  return parts.map((part) => `<p>${escapeHtml(part)}</p>`);
}

function remarks(
  { warnings = [], notes = [] }: Pick<ReportSection, 'warnings' | 'notes'>,
  where: string,
): string[] {
  const remark = (kind: 'Warning' | 'Note', text: string, place: string) =>
    `<p class="remark ${kind.toLowerCase()}" role="note"><strong>${kind}:</strong> ${escapeHtml(checkText(place, text))}</p>`;
  return [
    ...warnings.map((text, i) => remark('Warning', text, `${where}warnings[${i}]`)),
    ...notes.map((text, i) => remark('Note', text, `${where}notes[${i}]`)),
  ];
}
