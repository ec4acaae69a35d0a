import { checkKind, checkOptions, type OptionNames } from '@serial-oe/foundation';
import { base64 } from './base64';
import { checkText } from './check-text';
import { escapeHtml } from './escape-html';
import { inlineSvg } from './inline-svg';
import type { ReportFigure } from './report-types';

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Bytes up to the end of width and height in a PNG. */
const PNG_HEADER_LENGTH = 24;

const FIGURE: OptionNames<ReportFigure> = { svg: true, png: true, alt: true, caption: true };

/**
 * HTML of a picture with its caption.
 *
 * @param id of the figure in the page.
 */
export function htmlFigure(figure: ReportFigure, where: string, id: string): string {
  checkKind(where, figure, 'object');
  checkOptions(where, figure, FIGURE);
  const { caption, alt } = figure;
  if (caption !== undefined) checkText(`${where}.caption`, caption);
  if (alt !== undefined) checkText(`${where}.alt`, alt);
  const picture = figure.png === undefined ? drawing(figure, where, id) : pixels(figure, where);
  const text = caption === undefined ? '' : `\n<figcaption>${escapeHtml(caption)}</figcaption>`;
  return `<figure id="${id}">\n${picture}${text}\n</figure>`;
}

function drawing({ svg, alt, caption }: ReportFigure, where: string, id: string): string {
  const text = checkText(`${where}.svg`, svg);
  return inlineSvg(text, {
    where: `${where}.svg`,
    idPrefix: `${id}-`,
    alt,
    fallbackAlt: caption ?? 'Drawing',
  });
}

function pixels({ png, alt, caption }: ReportFigure, where: string): string {
  if (!(png instanceof Uint8Array) || png.length < PNG_HEADER_LENGTH) {
    throw new TypeError(`${where}.png must be the bytes of a PNG as Uint8Array, got ${typeof png}.`);
  }
  const wrong = PNG_SIGNATURE.findIndex((byte, i) => png[i] !== byte);
  if (wrong >= 0) {
    throw new RangeError(
      `${where}.png must begin with a PNG's signature, got ${png[wrong]} at byte ${wrong}.`,
    );
  }
  const name = alt ?? caption;
  if (name === undefined)
    throw new RangeError(`${where} must have an alt text or a caption, got none. Say what it shows.`);
  const header = new DataView(png.buffer, png.byteOffset, PNG_HEADER_LENGTH);
  const size = `width="${header.getUint32(16)}" height="${header.getUint32(20)}"`;
  return `<img src="data:image/png;base64,${base64(png)}" ${size} alt="${escapeHtml(name)}">`;
}
