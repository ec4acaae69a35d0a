import { RECORDING_EXTENSIONS } from '@serial-oe/audio-features';
import type { App } from '../app';
import { button, chooseFiles, el } from '../dom';
import { bytesOf, takeFiles, takeRecordingsBy } from '../dropped-files';
import { TEXTS } from '../texts';
import type { ReadRecording, WorkerEvent } from '../worker/protocol';
import { HOP_SECONDS } from './live-view';
import { RecordingCard } from './recording-card';

/** Files: scored window by window, drawn as waveforms with what is anomalous marked. */
export class RecordingsView {
  readonly root = el('div', { class: 'recordings' });
  readonly #app: App;
  readonly #list = el('div', { class: 'recording-list' });
  readonly #none = el('p', { class: 'muted' }, TEXTS.recordings.none);
  readonly #progress = el('p', { class: 'muted', role: 'status' });
  readonly #needsModel = el('p', { class: 'hint' }, TEXTS.recordings.needsModel);
  readonly #demo: HTMLButtonElement;
  readonly #compare: HTMLButtonElement;
  #cards: RecordingCard[] = [];
  #current = '';

  constructor(app: App) {
    this.#app = app;
    const { recordings } = TEXTS;
    const choose = button(recordings.choose, () => void this.#choose(), { icon: 'open', kind: 'primary' });
    this.#demo = button(recordings.demo, () => void this.#takeDemo(), { icon: 'wave' });
    this.#compare = button(recordings.compare, () => void this.#compareWith(), { kind: 'quiet' });
    this.#compare.title = recordings.compareHint;
    const drop = el('section', { class: 'card drop', 'aria-labelledby': 'recordings-heading' });
    drop.append(
      el('h2', { id: 'recordings-heading' }, recordings.heading),
      el('p', {}, recordings.drop),
      el('div', { class: 'actions' }, choose, this.#demo, this.#compare),
      el('p', { class: 'muted' }, recordings.kinds),
      ...[this.#needsModel, this.#progress],
    );
    this.root.append(drop, this.#none, this.#list);
    takeRecordingsBy(this);
    app.onModel(() => this.#modelChanged());
    app.scorer.listen((event) => this.#follow(event));
    this.#show();
  }

  /** One after the other; what cannot be read is said, and the others go on. */
  async take(files: readonly File[]): Promise<void> {
    for (const file of files) await this.#takeOne(file.name, await bytesOf(file));
  }

  /** After a change of colours. */
  redraw(): void {
    for (const card of this.#cards) card.redraw();
  }

  async #choose(): Promise<void> {
    const accept = RECORDING_EXTENSIONS.map((extension) => `.${extension.replace(/^\./, '')}`).join(',');
    const files = await chooseFiles({ accept, isMultiple: true });
    if (files.length > 0) await takeFiles(this.#app, files);
  }

  async #takeDemo(): Promise<void> {
    if (this.#app.facts === null && !(await this.#app.loadDemo())) return;
    await this.#takeOne('demo.wav', await this.#app.demoRecording());
  }

  async #takeOne(name: string, bytes: Uint8Array): Promise<void> {
    const { scorer, notices } = this.#app;
    try {
      this.#current = name;
      this.#progress.textContent = TEXTS.recordings.reading(name);
      const recording = await scorer.call('read', { name, bytes }, [bytes.buffer as ArrayBuffer]);
      const card = new RecordingCard(this.#app, recording, () => this.#remove(card));
      this.#cards = [card, ...this.#cards];
      this.#list.prepend(card.root);
      this.#show();
      await this.#score(card, recording);
    } catch (error) {
      notices.error(error, name);
    } finally {
      this.#progress.textContent = '';
    }
  }

  async #score(card: RecordingCard, { id: recordingId, name, seconds }: ReadRecording): Promise<void> {
    const { facts, machineId, scorer, notices } = this.#app;
    if (facts === null) return;
    if (seconds < facts.chunkSeconds) {
      notices.warn(TEXTS.recordings.tooShort(name, seconds, facts.chunkSeconds));
      return;
    }
    card.beginScoring(facts, machineId);
    const scored = await scorer.call('scoreRecording', { recordingId, machineId, hopSeconds: HOP_SECONDS });
    if (card.isScoredBy(facts, machineId)) card.showScores({ ...scored, facts, machineId });
  }

  /** Scores are of one model: another one scores anew. */
  #modelChanged(): void {
    this.#show();
    const { facts, isLoading, machineId } = this.#app;
    if (isLoading || facts === null) return;
    for (const card of this.#cards) {
      if (card.isScoredBy(facts, machineId)) continue;
      void this.#score(card, card.recording).catch((error) =>
        this.#app.notices.error(error, card.recording.name),
      );
    }
  }

  async #compareWith(): Promise<void> {
    try {
      await this.#app.compareWith(this.#cards.map(({ recording }) => recording.id));
      this.#app.notices.info(TEXTS.recordings.compared(this.#cards.length));
    } catch (error) {
      this.#app.notices.error(error, TEXTS.recordings.compare);
    }
  }

  #remove(card: RecordingCard): void {
    this.#cards = this.#cards.filter((each) => each !== card);
    card.root.remove();
    void this.#app.scorer.call('forget', { recordingId: card.recording.id });
    this.#show();
  }

  #follow(event: WorkerEvent): void {
    if (event.kind !== 'scoring') return;
    this.#progress.textContent = TEXTS.recordings.scoring(this.#current, event.nDone, event.nTotal);
  }

  #show(): void {
    const { facts, isDemo } = this.#app;
    this.#none.hidden = this.#cards.length > 0;
    this.#needsModel.hidden = facts !== null;
    this.#demo.hidden = facts !== null && !isDemo;
    this.#compare.hidden = this.#cards.length === 0 || facts === null;
  }
}
