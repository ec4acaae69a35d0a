type Child = Node | string | null;
type Attributes = Readonly<Record<string, string | number | boolean | null>>;

/** An element with attributes and children; `true` is an attribute without value, `false` and `null` none. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter((each) => each !== null));
  return element;
}

export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export interface ButtonOptions {
  icon?: IconName | undefined;
  /** `primary` once a view. */
  kind?: 'primary' | 'plain' | 'quiet' | undefined;
  /** What a screen reader says in place of the text. */
  label?: string | undefined;
}

export function button(text: string, onClick: () => void, options: ButtonOptions = {}): HTMLButtonElement {
  const { icon, kind = 'plain', label } = options;
  const attributes = { type: 'button', class: `button ${kind}`, 'aria-label': label ?? null };
  const made = el('button', attributes, icon === undefined ? null : iconOf(icon), el('span', {}, text));
  made.addEventListener('click', onClick);
  return made;
}

/** Text and icon of a button that says another thing now. */
export function relabel(target: HTMLButtonElement, text: string, icon?: IconName): void {
  target.replaceChildren(...(icon === undefined ? [] : [iconOf(icon)]), el('span', {}, text));
}

/** Drawn on 24 x 24. */
const ICONS = {
  play: 'M8 5.5v13l10.5-6.5z',
  pause: 'M7 5h3.5v14H7zM13.5 5H17v14h-3.5z',
  stop: 'M7 7h10v10H7z',
  microphone:
    'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zm5.5-3a5.5 5.5 0 0 1-11 0H5a7 7 0 0 0 6.2 6.95V21h1.6v-2.55A7 7 0 0 0 19 11.5z',
  open: 'M4 6a1.5 1.5 0 0 1 1.5-1.5H10l2 2h6.5A1.5 1.5 0 0 1 20 8v9.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.5z',
  save: 'M11.2 4h1.6v8.2l3-3 1.1 1.1-4.9 4.9-4.9-4.9 1.1-1.1 3 3zM5 17.5h14V19H5z',
  lock: 'M8 10V8a4 4 0 1 1 8 0v2h1a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zm1.6 0h4.8V8a2.4 2.4 0 0 0-4.8 0z',
  close: 'M6.4 5.3 12 10.9l5.6-5.6 1.1 1.1-5.6 5.6 5.6 5.6-1.1 1.1-5.6-5.6-5.6 5.6-1.1-1.1 5.6-5.6-5.6-5.6z',
  wave: 'M3 11h2v2H3zm4-4h2v10H7zm4-4h2v18h-2zm4 6h2v6h-2zm4 2h2v2h-2z',
} as const;
export type IconName = keyof typeof ICONS;

export function iconOf(name: IconName): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  setAttributes(svg, { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' });
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** A labelled choice of a few. */
export function select<Value extends string>(
  label: string,
  choices: Readonly<Record<Value, string>>,
  onChange: (value: Value) => void,
): { root: HTMLLabelElement; input: HTMLSelectElement } {
  const input = el('select', {});
  for (const [value, text] of Object.entries<string>(choices)) input.append(el('option', { value }, text));
  input.addEventListener('change', () => onChange(input.value as Value));
  return { root: el('label', { class: 'field' }, el('span', {}, label), input), input };
}

/** Lets the user choose files. */
export function chooseFiles(options: {
  accept?: string;
  isFolder?: boolean;
  isMultiple?: boolean;
}): Promise<File[]> {
  const { accept = '', isFolder = false, isMultiple = false } = options;
  const input = el('input', {
    type: 'file',
    accept,
    webkitdirectory: isFolder,
    multiple: isMultiple,
    hidden: true,
  });
  document.body.append(input); // Playwright and Safari want it in the page
  return new Promise((resolve) => {
    const done = (files: File[]) => {
      input.remove();
      resolve(files);
    };
    input.addEventListener('change', () => done(Array.from(input.files ?? [])));
    input.addEventListener('cancel', () => done([]));
    input.click();
  });
}

/** Offers bytes or text as a file. */
export function saveAs(name: string, content: Uint8Array<ArrayBuffer> | string, type: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = el('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
