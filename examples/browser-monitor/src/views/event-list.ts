import type { App } from '../app';
import { stamp } from '../csv';
import { button, el, relabel, saveAs } from '../dom';
import { MAX_EVENTS, type StoredEvent } from '../store';
import { formatMoment, TEXTS } from '../texts';
import { explainEvent } from './explanation-dialog';

/** A list of events with their sounds; in the live view and the history. */
export class EventList {
  readonly root = el('div', { class: 'event-list' });
  readonly #app: App;
  readonly #list = el('ol', { class: 'events' });
  readonly #empty = el('p', { class: 'muted' }, TEXTS.events.none);
  #ongoing: HTMLElement | null = null;

  constructor(app: App) {
    this.#app = app;
    this.root.append(this.#empty, this.#list);
  }

  set(events: readonly StoredEvent[]): void {
    this.#ongoing = null;
    this.#list.replaceChildren(...events.map((event) => this.#item(event)));
    this.#empty.hidden = events.length > 0;
  }

  /** One that has begun. */
  begin(startedAt: number): void {
    this.#ongoing?.remove();
    const time = el('time', { datetime: new Date(startedAt).toISOString() }, formatMoment(startedAt));
    this.#ongoing = el(
      'li',
      { class: 'event ongoing' },
      time,
      el('span', { class: 'badge alarm' }, TEXTS.events.ongoing),
    );
    this.#list.prepend(this.#ongoing);
    this.#empty.hidden = true;
  }

  /** It is over. */
  add(event: StoredEvent): void {
    this.#ongoing?.remove();
    this.#ongoing = null;
    this.#list.prepend(this.#item(event));
    while (this.#list.childElementCount > MAX_EVENTS) this.#list.lastElementChild!.remove();
    this.#empty.hidden = true;
  }

  #item(event: StoredEvent): HTMLElement {
    const { events } = TEXTS;
    const date = formatMoment(event.startedAt);
    const name = events.at(date);
    const value = event.peakSeverity === null ? event.peakScore.toFixed(1) : event.peakSeverity.toFixed(0);
    const play = button(events.play, () => this.#play(event, play), {
      icon: 'play',
      label: events.playOf(name),
    });
    const explain = button(events.explain, () => void explainEvent(this.#app, event), {
      label: events.explainOf(name),
    });
    const file = `event-${stamp(event.startedAt)}.wav`;
    const save = button(events.save, () => saveAs(file, event.wav, 'audio/wav'), {
      ...{ icon: 'save', kind: 'quiet', label: events.saveOf(name) },
    });
    return el(
      'li',
      { class: 'event' },
      el('time', { datetime: new Date(event.startedAt).toISOString() }, date),
      el('span', { class: 'muted' }, `${events.seconds(event.seconds)} · ${event.source}`),
      el('span', { class: 'badge alarm' }, events.peak(value)),
      el('div', { class: 'actions' }, play, explain, save),
    );
  }

  #play(event: StoredEvent, own: HTMLButtonElement): void {
    const { player } = this.#app;
    if (own.dataset.playing === '') {
      player.stop();
      return;
    }
    player.play(event.wav, () => {
      delete own.dataset.playing;
      relabel(own, TEXTS.events.play, 'play');
    });
    own.dataset.playing = '';
    relabel(own, TEXTS.events.pause, 'pause');
  }
}
