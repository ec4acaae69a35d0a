import type { App } from '../app';
import { eventsCsv, stamp, windowsCsv } from '../csv';
import { button, el, saveAs } from '../dom';
import type { StoredEvent, StoredSession } from '../store';
import { formatDate, TEXTS } from '../texts';
import { EventList } from './event-list';

/** What was heard before, out of this browser. */
export class HistoryView {
  readonly root = el('div', { class: 'history' });
  readonly #app: App;
  readonly #body = el('tbody', {});
  readonly #none = el('p', { class: 'muted' }, TEXTS.history.none);
  readonly #table: HTMLElement;
  readonly #events: EventList;
  #stored: StoredEvent[] = [];

  constructor(app: App) {
    this.#app = app;
    const { history } = TEXTS;
    this.#events = new EventList(app);
    const { started, source, model, windows, peak, actions } = history.columns;
    const head = [started, source, model, windows, peak, actions].map((each) =>
      el('th', { scope: 'col' }, each),
    );
    this.#table = el('table', {}, el('thead', {}, el('tr', {}, ...head)), this.#body);
    const saveEvents = () => saveAs(`events-${stamp(Date.now())}.csv`, eventsCsv(this.#stored), 'text/csv');
    const save = button(history.allEvents, saveEvents, { icon: 'save', kind: 'quiet' });
    const clear = button(history.clear, () => void this.#clear(), { kind: 'quiet' });
    const scroller = el('div', {
      class: 'scroller',
      tabindex: 0,
      role: 'region',
      'aria-label': history.sessions,
    });
    scroller.append(this.#table);
    const sessions = el('section', { class: 'card', 'aria-labelledby': 'history-heading' });
    sessions.append(
      el('div', { class: 'card-head' }, el('h2', { id: 'history-heading' }, history.heading), clear),
      el('p', { class: 'muted' }, history.intro),
      ...[this.#none, scroller],
    );
    const events = el('section', { class: 'card', 'aria-labelledby': 'history-events' });
    events.append(
      el('div', { class: 'card-head' }, el('h2', { id: 'history-events' }, history.events), save),
    );
    events.append(this.#events.root);
    this.root.append(sessions, events);
  }

  async show(): Promise<void> {
    const sessions = await this.#app.store.sessions();
    this.#stored = await this.#app.store.events();
    this.#events.set(this.#stored);
    this.#body.replaceChildren(...sessions.map((session) => this.#row(session)));
    this.#none.hidden = sessions.length > 0;
    this.#table.hidden = sessions.length === 0;
  }

  async #clear(): Promise<void> {
    if (!confirm(TEXTS.history.clearAsk)) return;
    await this.#app.store.clearHistory();
    this.#app.notices.info(TEXTS.history.cleared);
    await this.show();
  }

  #row({ startedAt, source, model, nWindows, peak }: StoredSession): HTMLElement {
    const { history } = TEXTS;
    const date = formatDate(startedAt);
    const save = async () => {
      const windows = await this.#app.store.scoresOf(startedAt);
      saveAs(`scores-${stamp(startedAt)}.csv`, windowsCsv(windows), 'text/csv');
    };
    const csv = button(history.csv, () => void save(), {
      ...{ icon: 'save', kind: 'quiet', label: history.csvOf(date) },
    });
    const { columns } = history;
    const cells = [
      [columns.started, date],
      [columns.source, source],
      [columns.model, model],
      [columns.windows, String(nWindows)],
      [columns.peak, peak?.toFixed(0) ?? '–'],
    ] as const;
    // A narrow page shows the cells one below the other, each with its heading.
    const shown = cells.map(([heading, text]) => el('td', { 'data-heading': heading }, text));
    return el('tr', {}, ...shown, el('td', {}, csv));
  }
}
