import { DatasetError } from '../../errors';

/** What is given the name of a manifest by mistake, by its first bytes. */
const OTHER_KINDS = [
  { start: [0x50, 0x4b, 0x03, 0x04], kind: 'a workbook (XLSX, ODS) or another zip archive' },
  { start: [0xd0, 0xcf, 0x11, 0xe0], kind: 'an old Excel workbook (XLS)' },
];

/**
 * The text of a manifest: UTF-8, with or without a byte-order mark, or UTF-16 as spreadsheets save it.
 * @throws DatasetError for any other encoding, which it names as far as one can, with a way to convert it
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const other = OTHER_KINDS.find(({ start }) => start.every((byte, i) => bytes[i] === byte));
  if (other) {
    throw new DatasetError(
      `datasets.readManifest: ${path} must be a CSV text, got ${other.kind}. Open it in the spreadsheet and save it as "CSV UTF-8".`,
    );
  }
  const encoding = utf16Encoding(bytes) ?? 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes); // which drops the mark
  } catch {
    const line = lineOfBadByte(bytes);
    throw new DatasetError(
      encoding === 'utf-8'
        ? `datasets.readManifest: ${path} must be UTF-8 or UTF-16 with a byte-order mark, got other bytes on line ${line}, as in Latin-1 ` +
            '(Windows-1252) or Shift-JIS. Save it as "CSV UTF-8" in the spreadsheet, or convert it: ' +
            `iconv -f WINDOWS-1252 -t UTF-8 "${path}" > utf8.csv.`
        : `datasets.readManifest: ${path} must be whole UTF-16 text, as its first bytes say, got others. Save it again as "CSV UTF-8".`,
    );
  }
}

/** By the byte-order mark, or by the zero in the second byte of what must be a letter or a sign of the header. */
function utf16Encoding([first, second, third, fourth]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return 'utf-16le';
  if (first === 0 && second !== 0 && third === 0 && fourth !== 0) return 'utf-16be';
  return undefined;
}

function lineOfBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let start = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if (i < bytes.length && bytes[i] !== 10) continue;
    try {
      decoder.decode(bytes.subarray(start, i));
    } catch {
      return line;
    }
    line++;
    start = i + 1;
  }
  return line;
}
