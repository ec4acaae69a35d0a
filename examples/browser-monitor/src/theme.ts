import { TEXTS } from './texts';

export type Theme = keyof typeof TEXTS.header.themes;
const KEY = 'serial-oe-theme';

/** Light, dark, or as the system has it; kept in this browser. */
export class ThemeSetting {
  readonly #listeners: (() => void)[] = [];

  constructor() {
    this.#apply(this.theme);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#tell());
  }

  get theme(): Theme {
    const kept = read();
    return kept !== null && kept in TEXTS.header.themes ? (kept as Theme) : 'auto';
  }

  set theme(theme: Theme) {
    try {
      localStorage.setItem(KEY, theme);
    } catch {} // a browser that keeps nothing
    this.#apply(theme);
    this.#tell();
  }

  /** What is drawn on a canvas has to be drawn anew. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #apply(theme: Theme): void {
    document.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const probe = document.createElement('span');

/** The colour behind a custom property now, for a canvas. */
export function colorOf(name: string): string {
  probe.style.color = `var(--${name})`;
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  return getComputedStyle(probe).color;
}
