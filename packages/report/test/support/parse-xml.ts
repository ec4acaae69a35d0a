/** An element of a parsed document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: (XmlElement | string)[];
}

const TAG = /<(\/?)([A-Za-z_][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/y;
const ENTITIES: Record<string, string> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#39': "'",
  apos: "'",
  '#160': '\u00a0',
};

/**
 * A strict reader of XML elements, attributes and text; throws where the text is not well-formed. Knows no
 * declarations, comments and CDATA, which our files do not hold.
 */
export function parseXml(source: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open = [root];
  let position = 0;
  while (position < source.length) {
    const parent = open.at(-1)!;
    if (source[position] !== '<') {
      const end = source.indexOf('<', position);
      const text = decode(source.slice(position, end < 0 ? source.length : end));
      if (parent === root && text.trim() !== '') throw new Error(`text outside the root: ${text}`);
      parent.children.push(text);
      position = end < 0 ? source.length : end;
      continue;
    }
    TAG.lastIndex = position;
    const [, slash, name, attributes, empty] = TAG.exec(source) ?? [];
    if (name === undefined) throw new Error(`not a tag: ${source.slice(position, position + 80)}`);
    position = TAG.lastIndex;
    if (slash) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes another element before ${position}`);
      continue;
    }
    const element = { name, attributes: readAttributes(attributes!), children: [] };
    parent.children.push(element);
    if (!empty) open.push(element);
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is never closed`);
  const elements = root.children.filter((child): child is XmlElement => typeof child !== 'string');
  if (elements.length !== 1) throw new Error(`${elements.length} root elements`);
  return elements[0]!;
}

/** The element and all below it, in document order. */
export function allElements(element: XmlElement): XmlElement[] {
  return [
    element,
    ...element.children.flatMap((child) => (typeof child === 'string' ? [] : allElements(child))),
  ];
}

/** The text below an element. */
export function textOf(element: XmlElement): string {
  return element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

/** Texts of all elements of a name. */
export function textsOf(root: XmlElement, name: string): string[] {
  return allElements(root)
    .filter((element) => element.name === name)
    .map(textOf);
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of source.matchAll(/([\w:.-]+)="([^"]*)"/g)) {
    if (name! in attributes) throw new Error(`attribute ${name} twice`);
    attributes[name!] = decode(value!);
  }
  return attributes;
}

function decode(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text)) throw new Error('a character that XML forbids');
  return text.replace(/&([#\w]*);?/g, (entity, name: string) => {
    const character = ENTITIES[name];
    if (character === undefined || !entity.endsWith(';')) throw new Error(`entity ${entity}`);
    return character;
  });
}
