import { type Described, describeError } from './describe-error';
import { button, el } from './dom';
import { TEXTS } from './texts';

/** Messages on top of the page, which a screen reader says. */
export class Notices {
  readonly root = el('div', { class: 'notices' });
  readonly #polite = el('div', { role: 'status', 'aria-live': 'polite' });
  readonly #alert = el('div', { role: 'alert' });

  constructor() {
    this.root.append(this.#alert, this.#polite);
  }

  /** Stays until it is dismissed, or the same is said again. */
  error(error: unknown, what = ''): void {
    const { text, details } = describeError(error, what);
    this.warn(text, details);
  }

  warn(text: string, details: string | null = null): void {
    this.#show(this.#alert, { text, details });
  }

  info(text: string): void {
    const shown = this.#show(this.#polite, { text, details: null });
    setTimeout(() => shown.remove(), 8000);
  }

  clear(): void {
    this.#alert.replaceChildren();
  }

  #show(place: HTMLElement, { text, details }: Described): HTMLElement {
    for (const old of Array.from(place.children)) if (old.getAttribute('data-text') === text) old.remove();
    const more = details === null ? null : el('p', { class: 'details' }, details);
    const notice = el(
      'div',
      { class: `notice ${place === this.#alert ? 'error' : ''}`, 'data-text': text },
      el('div', {}, el('p', {}, text), more),
    );
    const close = button('', () => notice.remove(), { icon: 'close', kind: 'quiet', label: TEXTS.dismiss });
    notice.append(close);
    place.append(notice);
    return notice;
  }
}
