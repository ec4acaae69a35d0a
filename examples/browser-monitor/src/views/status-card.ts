import { el, setAttributes } from '../dom';
import { TEXTS } from '../texts';
import type { ModelFacts, WindowScore } from '../worker/protocol';

type State = 'idle' | 'waiting' | 'normal' | 'above' | 'alarm' | 'ended';
/** Silence and full scale of the meter, dB. */
const METER_DB = -80;

/** How the machine sounds now, large enough to be seen from the machine. */
export class StatusCard {
  readonly root = el('section', { class: 'card status', 'data-state': 'idle' });
  readonly actions = el('div', { class: 'actions' });
  readonly #word = el('p', { class: 'status-word', role: 'status' });
  readonly #more = el('p', { class: 'muted status-more' });
  readonly #number = el('p', { class: 'status-number', 'aria-hidden': 'true' });
  readonly #unit = el('p', { class: 'muted status-unit', 'aria-hidden': 'true' });
  readonly #source = el('p', { class: 'muted status-source' });
  readonly #meter = el('meter', { min: METER_DB, max: 0, 'aria-label': TEXTS.live.inputLevel });
  readonly #level = el('span', { class: 'muted level-value' });
  readonly #input = el('div', { class: 'input', hidden: true });
  readonly #cost = el('p', { class: 'muted cost' });
  #hasSeverity = true;
  #isAlarm = false;

  constructor() {
    this.#input.append(this.#source, el('div', { class: 'level' }, this.#meter, this.#level), this.#cost);
    const words = el('div', { class: 'status-words' }, this.#word, this.#more);
    const number = el('div', { class: 'status-figure' }, this.#number, this.#unit);
    this.root.append(el('div', { class: 'status-main' }, number, words), this.actions, this.#input);
    this.idle();
  }

  idle(): void {
    this.#show('idle', TEXTS.live.idle, TEXTS.live.idleMore);
    this.#figure(null);
    this.#input.hidden = true;
  }

  begin(source: string, { windowSeconds, hasSeverity }: ModelFacts): void {
    this.#isAlarm = false;
    this.#hasSeverity = hasSeverity;
    this.#show('waiting', TEXTS.live.waiting, TEXTS.live.waitingMore(windowSeconds));
    this.#figure(null);
    this.#source.textContent = source;
    this.#cost.textContent = '';
    this.#input.hidden = false;
  }

  level(decibels: number): void {
    this.#meter.value = Math.max(METER_DB, decibels);
    this.#level.textContent = TEXTS.live.level(decibels);
  }

  cost(scoringSeconds: number, nDropped: number): void {
    const { live } = TEXTS;
    this.#cost.textContent = nDropped > 0 ? live.dropped(nDropped) : live.scoring(1000 * scoringSeconds);
  }

  alarm(isActive: boolean): void {
    this.#isAlarm = isActive;
    if (isActive) this.#show('alarm', TEXTS.live.alarm, TEXTS.live.alarmMore);
  }

  score(score: WindowScore, value: number): void {
    const { live } = TEXTS;
    this.#figure(value);
    if (this.#isAlarm) this.#show('alarm', live.alarm, score.isUnlikeTraining ? live.unlike : live.alarmMore);
    else if (score.isAnomaly) this.#show('above', live.above, live.aboveMore);
    else this.#show('normal', live.normal, live.normalMore);
  }

  ended(nWindows: number, nEvents: number): void {
    this.#show('ended', TEXTS.live.ended, TEXTS.live.endedMore(nWindows, nEvents));
    this.#figure(null);
    this.#input.hidden = true;
  }

  #figure(value: number | null): void {
    const { live } = TEXTS;
    const digits = this.#hasSeverity ? 0 : 1;
    this.#number.parentElement!.hidden = value === null;
    this.#number.textContent = value?.toFixed(digits) ?? '';
    this.#unit.textContent = this.#hasSeverity ? live.of100 : live.score;
  }

  /** Said by a screen reader only when it changes. */
  #show(state: State, word: string, more: string): void {
    setAttributes(this.root, { 'data-state': state });
    if (this.#word.textContent !== word) this.#word.textContent = word;
    if (this.#more.textContent !== more) this.#more.textContent = more;
  }
}
