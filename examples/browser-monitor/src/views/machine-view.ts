import { decodeWav, toMono } from '@serial-oe/audio-features';
import type { App } from '../app';
import { type Microphone, openMicrophone } from '../audio/microphone';
import { ScreenLock } from '../audio/wake-lock';
import { button, chooseFiles, el, saveAs, select } from '../dom';
import { bytesOf } from '../dropped-files';
import type { StoredModel } from '../store';
import { formatBytes, formatDate, TEXTS } from '../texts';
import type { FittedModel, Sound } from '../worker/protocol';

const RECORD_SECONDS = 120;
/** Ten windows of 4 s, the least that is fitted. */
const MIN_SECONDS = 40;
const NAME = /^[\w-]{1,40}$/;

/** Record what is normal, fit, listen. */
export class MachineView {
  readonly root = el('div', { class: 'machine-view' });
  readonly #app: App;
  readonly #name = el('input', {
    type: 'text',
    required: true,
    maxlength: 40,
    autocomplete: 'off',
    placeholder: TEXTS.machine.namePlaceholder,
  });
  readonly #progress = el('progress', {
    max: RECORD_SECONDS,
    value: 0,
    hidden: true,
    'aria-label': TEXTS.stages.progress,
  });
  readonly #state = el('p', { class: 'muted', role: 'status' });
  readonly #result = el('div', { class: 'result', hidden: true });
  readonly #saved = el('ul', { class: 'saved' });
  readonly #record: HTMLButtonElement;
  readonly #finish: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #files: HTMLButtonElement;
  readonly #lock = new ScreenLock();
  #rate = 0.001;
  #microphone: Microphone | null = null;
  #pieces: Sound[] = [];
  #isBusy = false;

  constructor(app: App) {
    this.#app = app;
    const { machine } = TEXTS;
    this.#record = button(machine.record, () => void this.#start(), { icon: 'microphone', kind: 'primary' });
    this.#finish = button(machine.finish, () => void this.#end(), { kind: 'primary' });
    this.#cancel = button(machine.cancel, () => void this.#stop(), { kind: 'quiet' });
    this.#files = button(machine.fromFiles, () => void this.#choose(), { icon: 'open' });
    const rate = select(machine.rate, machine.rates, (value) => {
      this.#rate = Number(value);
    });
    rate.input.value = String(this.#rate);
    const form = el('section', { class: 'card', 'aria-labelledby': 'machine-heading' });
    form.append(
      el('h2', { id: 'machine-heading' }, machine.heading),
      el('p', { class: 'prose' }, machine.intro),
      el(
        'div',
        { class: 'fields' },
        el('label', { class: 'field' }, el('span', {}, machine.name), this.#name),
        rate.root,
      ),
      el('div', { class: 'actions' }, this.#record, this.#finish, this.#cancel, this.#files),
      ...[this.#progress, this.#state, this.#result],
    );
    const saved = el('section', { class: 'card', 'aria-labelledby': 'saved-heading' });
    saved.append(el('h2', { id: 'saved-heading' }, machine.saved), this.#saved);
    this.root.append(form, saved);
    this.#state.textContent = machine.enough(MIN_SECONDS);
    this.#buttons();
    void this.#showSaved();
  }

  async #start(): Promise<void> {
    if (!this.#hasName()) return;
    try {
      const { port1, port2 } = new MessageChannel();
      this.#pieces = [];
      port2.onmessage = ({ data }: MessageEvent<Sound>) => this.#take(data);
      this.#microphone = await openMicrophone(port1, () => {
        this.#app.notices.warn(TEXTS.errors.microphoneEnded);
        void this.#end();
      });
      await this.#lock.hold();
      this.#progress.value = 0;
      this.#progress.hidden = false;
    } catch (error) {
      if (error instanceof TypeError) this.#app.notices.warn(TEXTS.errors.microphoneInsecure, error.message);
      else this.#app.notices.error(error);
    }
    this.#buttons();
  }

  #take(piece: Sound): void {
    if (this.#microphone === null) return;
    this.#pieces.push(piece);
    const seconds = this.#seconds();
    this.#progress.value = Math.min(RECORD_SECONDS, seconds);
    const text = TEXTS.machine.recorded(seconds, RECORD_SECONDS);
    if (this.#state.textContent !== text) this.#state.textContent = text;
    this.#finish.disabled = seconds < MIN_SECONDS;
    if (seconds >= RECORD_SECONDS) void this.#end();
  }

  #seconds(): number {
    return this.#pieces.reduce((sum, { waveform, sampleRate }) => sum + waveform.length / sampleRate, 0);
  }

  /** Fits what was recorded. */
  async #end(): Promise<void> {
    const pieces = this.#pieces;
    await this.#stop();
    if (pieces.length > 0) await this.#fit(joined(pieces));
  }

  async #stop(): Promise<void> {
    const microphone = this.#microphone;
    this.#microphone = null;
    this.#pieces = [];
    await microphone?.stop();
    await this.#lock.release();
    this.#progress.hidden = true;
    this.#state.textContent = TEXTS.machine.enough(MIN_SECONDS);
    this.#buttons();
  }

  async #choose(): Promise<void> {
    if (!this.#hasName()) return;
    const files = await chooseFiles({ isMultiple: true });
    if (files.length === 0) return;
    try {
      const sounds: Sound[] = [];
      for (const file of files) sounds.push(await this.#readSound(file));
      await this.#fit(joined(sounds));
    } catch (error) {
      this.#app.notices.error(error, files.map(({ name }) => name).join(', '));
    }
  }

  async #readSound(file: File): Promise<Sound> {
    const { scorer } = this.#app;
    const recording = await scorer.call('read', { name: file.name, bytes: await bytesOf(file) });
    const { channels, sampleRate } = decodeWav(recording.wav);
    await scorer.call('forget', { recordingId: recording.id });
    return { waveform: new Float32Array(toMono(channels)), sampleRate };
  }

  async #fit(sound: Sound): Promise<void> {
    const name = this.#name.value.trim();
    this.#isBusy = true;
    this.#buttons();
    this.#state.textContent = TEXTS.machine.fitting;
    try {
      const request = { name, sound, falseAlarmRate: this.#rate };
      const fitted = await this.#app.scorer.call('fit', request, [sound.waveform.buffer]);
      await this.#app.store.putModel({ name, madeAt: Date.now(), bundle: fitted.bundle });
      this.#app.adopt(fitted.facts, sourceOf(name, fitted.bundle));
      this.#showResult(name, fitted);
      await this.#showSaved();
    } catch (error) {
      this.#app.notices.error(error, name);
    } finally {
      this.#isBusy = false;
      this.#state.textContent = TEXTS.machine.enough(MIN_SECONDS);
      this.#buttons();
    }
  }

  #showResult(name: string, { bundle, nWindows, findings, warnings }: FittedModel): void {
    const { machine } = TEXTS;
    const notes = [...findings.map(({ message }) => message), ...warnings];
    const listen = button(machine.listen, () => this.#app.showTab('live'), {
      icon: 'microphone',
      kind: 'primary',
    });
    const save = button(machine.save, () => saveAs(`${name}.serialoe`, bundle, 'application/zip'), {
      icon: 'save',
    });
    this.#result.replaceChildren(
      el('p', { class: 'lead', role: 'status' }, machine.done(name, nWindows)),
      ...notes.map((note) => el('p', { class: 'hint' }, note)),
      el('p', { class: 'muted' }, machine.advice),
      el('div', { class: 'actions' }, listen, save),
    );
    this.#result.hidden = false;
  }

  async #showSaved(): Promise<void> {
    const models = await this.#app.store.models();
    const items = models.map((model) => this.#savedItem(model));
    const none = el('li', { class: 'muted' }, TEXTS.machine.noneSaved);
    this.#saved.replaceChildren(...(items.length > 0 ? items : [none]));
  }

  #savedItem({ name, madeAt, bundle }: StoredModel): HTMLElement {
    const { machine } = TEXTS;
    const made = machine.made(formatDate(madeAt), formatBytes(bundle.length));
    const remove = async () => {
      await this.#app.store.removeModel(name);
      await this.#showSaved();
    };
    const say = (text: string) => `${text}: ${name}`;
    return el(
      'li',
      {},
      el('div', {}, el('strong', {}, name), el('p', { class: 'muted' }, made)),
      el(
        'div',
        { class: 'actions' },
        button(machine.load, () => void this.#app.load(sourceOf(name, bundle)), { label: say(machine.load) }),
        button(machine.save, () => saveAs(`${name}.serialoe`, bundle, 'application/zip'), {
          ...{ icon: 'save', kind: 'quiet', label: say(machine.save) },
        }),
        button(machine.remove, () => void remove(), { kind: 'quiet', label: say(machine.remove) }),
      ),
    );
  }

  #hasName(): boolean {
    const isRight = NAME.test(this.#name.value.trim());
    this.#name.setCustomValidity(isRight ? '' : TEXTS.machine.nameRule);
    this.#name.toggleAttribute('aria-invalid', !isRight);
    this.#name.reportValidity();
    if (!isRight) this.#state.textContent = TEXTS.machine.nameRule;
    return isRight;
  }

  #buttons(): void {
    const isRecording = this.#microphone !== null;
    this.#record.hidden = isRecording;
    this.#files.hidden = isRecording;
    this.#finish.hidden = !isRecording;
    this.#cancel.hidden = !isRecording;
    this.#finish.disabled = true;
    for (const each of [this.#record, this.#files]) each.disabled = this.#isBusy;
  }
}

function sourceOf(name: string, bundle: Uint8Array) {
  return { kind: 'files' as const, name, files: [{ name: `${name}.serialoe`, bytes: bundle }] };
}

/** One after the other; all of one rate, as those of one microphone are. */
function joined(pieces: readonly Sound[]): Sound {
  const { sampleRate } = pieces[0]!;
  const same = pieces.filter((piece) => piece.sampleRate === sampleRate);
  const waveform = new Float32Array(same.reduce((sum, piece) => sum + piece.waveform.length, 0));
  let at = 0;
  for (const piece of same) {
    waveform.set(piece.waveform, at);
    at += piece.waveform.length;
  }
  return { waveform, sampleRate };
}
