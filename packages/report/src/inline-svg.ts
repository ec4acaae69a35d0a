import { escapeHtml } from './escape-html';

/** Elements of a static drawing. Scripts, style sheets, links and foreign content are not among them. */
const ELEMENTS = new Set(
  (
    'svg g path rect circle ellipse line polyline polygon text tspan title desc defs clipPath mask image use symbol ' +
    'marker pattern linearGradient radialGradient stop'
  ).split(' '),
);

/** One tag, comment or declaration, or a run of text. */
const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

const NAMED_ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** How a drawing is set into a page. */
interface InlineSvgOptions {
  /** Opens the messages. */
  where: string;
  /** Put before each id, so that drawings of one page do not clash. */
  idPrefix: string;
  /** Accessible name. Default: the drawing's own `aria-label`, else `fallbackAlt`. */
  alt?: string | undefined;
  fallbackAlt: string;
}

/**
 * Rewrites SVG text for use inside an HTML page: checked to be well-formed, static and free of outside references, its
 * ids made unique, with an accessible name and without namespace declarations, which HTML does not need.
 *
 * @throws RangeError for anything else than a static drawing.
 */
export function inlineSvg(svg: string, options: InlineSvgOptions): string {
  const { where } = options;
  const open: string[] = [];
  let output = '';
  let position = 0;
  let nRoots = 0;
  while (position < svg.length) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(svg);
    if (!token) throw refuse(where, `${JSON.stringify(svg.slice(position, position + 40))} at ${position}`);
    position = TOKEN.lastIndex;
    const [, slash, name, attributes = '', selfClosing, text] = token;
    if (text !== undefined) {
      if (open.length > 0) output += escapeHtml(decode(text, where));
      else if (text.trim() !== '') throw refuse(where, 'text outside the drawing');
    } else if (name !== undefined && slash) {
      if (open.pop() !== name || attributes !== '') throw refuse(where, `</${name}> without its start`);
      output += `</${name}>`;
    } else if (name !== undefined) {
      if (!ELEMENTS.has(name)) throw refuse(where, `<${name}>`);
      if (open.length === 0 && (name !== 'svg' || nRoots++ > 0)) throw refuse(where, `<${name}> as its root`);
      const list = readAttributes(attributes, options);
      output += startTag(name, open.length === 0 ? withName(list, options) : list, selfClosing === '/');
      if (!selfClosing) open.push(name);
    }
  }
  if (open.length > 0 || nRoots === 0)
    throw refuse(where, open.length > 0 ? `<${open.at(-1)}> without end` : 'none');
  return output;
}

type Attribute = [name: string, value: string];

function readAttributes(source: string, { where, idPrefix }: InlineSvgOptions): Attribute[] {
  const attributes = new Map<string, string>();
  for (const [, name, doubleQuoted, singleQuoted] of source.matchAll(ATTRIBUTE)) {
    const value = decode(doubleQuoted ?? singleQuoted ?? '', where);
    if (attributes.has(name!)) throw refuse(where, `${name} twice in an element`);
    checkAttribute(name!, value, where);
    if (name !== 'xmlns' && !name!.startsWith('xmlns:'))
      attributes.set(name!, prefixIds(name!, value, idPrefix));
  }
  return Array.from(attributes);
}

function checkAttribute(name: string, value: string, where: string): void {
  const isReference = /^(xlink:)?href$/i.test(name);
  const isInside = value.startsWith('#') || /^data:image\/(png|jpeg|gif|webp);base64,[\w+/=\s]*$/.test(value);
  const hasOutsideUrl = /url\s*\(\s*(?!["']?#)/i.test(value) || /\\|@import|expression\s*\(/i.test(value);
  const isHandler = /^on/i.test(name) || /^(src|srcset|xml:base)$/i.test(name);
  if (isHandler || (isReference && !isInside) || (!isLabel(name) && hasOutsideUrl)) {
    throw refuse(where, `${name}="${value.slice(0, 60)}"`);
  }
}

/** Attributes that are read out and never fetched. */
function isLabel(name: string): boolean {
  return name.startsWith('aria-');
}

function prefixIds(name: string, value: string, prefix: string): string {
  if (name === 'id') return prefix + value;
  if (/^(xlink:)?href$/.test(name)) return value.startsWith('#') ? `#${prefix}${value.slice(1)}` : value;
  if (isLabel(name)) return value;
  return value.replace(/url\(\s*(["']?)#/g, (_, quote: string) => `url(${quote}#${prefix}`);
}

function withName(attributes: Attribute[], { alt, fallbackAlt }: InlineSvgOptions): Attribute[] {
  const rest = attributes.filter(([name]) => name !== 'role' && name !== 'aria-label');
  const own = attributes.find(([name]) => name === 'aria-label')?.[1];
  return [['role', 'img'], ['aria-label', alt ?? own ?? fallbackAlt], ...rest];
}

function startTag(name: string, attributes: Attribute[], isEmpty: boolean): string {
  const list = attributes.map(([key, value]) => ` ${key}="${escapeHtml(value)}"`).join('');
  return `<${name}${list}${isEmpty ? '/' : ''}>`;
}

/** Text behind XML's entities. */
function decode(text: string, where: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));|&/gi, (entity, ...groups: string[]) => {
    const [decimal, hex, name] = groups;
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    const character = NAMED_ENTITIES[name!];
    if (character === undefined) throw refuse(where, `the entity ${entity}`);
    return character;
  });
}

function refuse(where: string, found: string): RangeError {
  return new RangeError(
    `${where} must be a well-formed static SVG drawing without scripts, style sheets or outside references, got ` +
      `${found}. Draw it with this package, or give it as PNG.`,
  );
}
