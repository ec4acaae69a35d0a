import { TABS, type Tab } from './app';
import { el, setAttributes } from './dom';
import { TEXTS } from './texts';

/** Tabs by the pattern of the WAI-ARIA Authoring Practices: arrow keys move, Home and End too. */
export class TabBar {
  readonly root = el('div', { class: 'tabs', role: 'tablist', 'aria-label': TEXTS.tabList });
  readonly #tabs = new Map<Tab, HTMLButtonElement>();
  readonly #panels = new Map<Tab, HTMLElement>();
  readonly #onShown: (tab: Tab) => void;

  constructor(views: Readonly<Record<Tab, HTMLElement>>, onShown: (tab: Tab) => void) {
    this.#onShown = onShown;
    for (const tab of TABS) {
      const made = el('button', {
        type: 'button',
        role: 'tab',
        id: `tab-${tab}`,
        'aria-controls': `panel-${tab}`,
      });
      made.textContent = TEXTS.tabs[tab];
      made.addEventListener('click', () => this.show(tab));
      made.addEventListener('keydown', (event) => this.#move(event, tab));
      this.#tabs.set(tab, made);
      this.root.append(made);
      const panel = el('div', {
        role: 'tabpanel',
        id: `panel-${tab}`,
        'aria-labelledby': `tab-${tab}`,
        class: 'panel',
      });
      panel.append(views[tab]);
      this.#panels.set(tab, panel);
    }
    this.show('live');
  }

  get panels(): HTMLElement[] {
    return [...this.#panels.values()];
  }

  show(shown: Tab): void {
    for (const tab of TABS) {
      const isShown = tab === shown;
      setAttributes(this.#tabs.get(tab)!, { 'aria-selected': String(isShown), tabindex: isShown ? 0 : -1 });
      this.#panels.get(tab)!.hidden = !isShown;
    }
    this.#onShown(shown);
  }

  #move(event: KeyboardEvent, from: Tab): void {
    const at = TABS.indexOf(from);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: TABS.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const tab = TABS[(to + TABS.length) % TABS.length]!;
    this.show(tab);
    this.#tabs.get(tab)!.focus();
  }
}
