import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin from 'wavesurfer.js/plugins/regions';
import type { App } from '../app';
import { windowsCsv } from '../csv';
import { button, el, relabel, saveAs } from '../dom';
import { formatClock, TEXTS } from '../texts';
import { colorOf } from '../theme';
import type { ModelFacts, ReadRecording, SoundEvent, WindowScore } from '../worker/protocol';
import { showExplanation } from './explanation-dialog';
import { SeverityChart } from './severity-chart';

export interface RecordingScores {
  windows: WindowScore[];
  events: SoundEvent[];
  facts: ModelFacts;
  machineId: string;
}

/** A recording with its waveform, its scores, and what is anomalous in it. */
export class RecordingCard {
  readonly root = el('article', { class: 'card recording' });
  readonly recording: ReadRecording;
  readonly #app: App;
  readonly #wave = el('div', { class: 'wave', role: 'img' });
  readonly #chart = new SeverityChart();
  readonly #verdict = el('p', { class: 'verdict' });
  readonly #play: HTMLButtonElement;
  readonly #explain: HTMLButtonElement;
  readonly #save: HTMLButtonElement;
  readonly #surfer: WaveSurfer;
  readonly #regions = RegionsPlugin.create();
  #scores: RecordingScores | null = null;
  /** The loaded model, of which there may be another of the same name. */
  #scoredBy: { facts: ModelFacts; machineId: string } | null = null;

  constructor(app: App, recording: ReadRecording, onRemove: () => void) {
    this.#app = app;
    this.recording = recording;
    const { recordings } = TEXTS;
    this.#play = button(recordings.play, () => void this.#surfer.playPause(), { icon: 'play' });
    this.#explain = button(recordings.explain, () => this.#explainPeak(), {});
    this.#save = button(recordings.save, () => this.#saveScores(), { icon: 'save', kind: 'quiet' });
    const remove = () => {
      this.#surfer.destroy();
      onRemove();
    };
    const actions = el('div', { class: 'actions' }, this.#play, this.#explain, this.#save);
    actions.append(button(recordings.remove, remove, { kind: 'quiet' }));
    this.root.append(this.#head(), this.#wave, this.#chart.root, actions);
    this.#wave.setAttribute('aria-label', recordings.waveLabel(recording.name));
    this.#surfer = this.#makeSurfer();
    this.#show();
  }

  isScoredBy(facts: ModelFacts, machineId: string): boolean {
    return this.#scoredBy?.facts === facts && this.#scoredBy.machineId === machineId;
  }

  /** It is being scored by this one; what another model has said is shown no longer. */
  beginScoring(facts: ModelFacts, machineId: string): void {
    this.#scoredBy = { facts, machineId };
    this.#scores = null;
    this.#mark([]);
    this.#show();
  }

  showScores(scores: RecordingScores): void {
    this.#scores = scores;
    const { facts, machineId, windows, events } = scores;
    const { threshold } = facts.machines.find((each) => each.machineId === machineId)!;
    this.#chart.clear({ hasSeverity: facts.hasSeverity, threshold });
    this.#chart.showTimes(0, this.recording.seconds);
    this.#chart.set(windows, events);
    this.#mark(events);
    this.#show();
  }

  redraw(): void {
    this.#chart.rebuild();
    this.#surfer.setOptions(waveColors());
    this.#mark(this.#scores?.events ?? []);
  }

  #head(): HTMLElement {
    const { name, seconds, sampleRate, nChannels, findings, warnings } = this.recording;
    const facts = TEXTS.recordings.facts(seconds, sampleRate, nChannels);
    const notes = [...findings.map(({ message }) => message), ...warnings];
    return el(
      'div',
      { class: 'recording-head' },
      el('div', {}, el('h3', {}, name), el('p', { class: 'muted' }, facts)),
      this.#verdict,
      ...notes.map((note) => el('p', { class: 'hint' }, note)),
    );
  }

  #makeSurfer(): WaveSurfer {
    const { wav, peaks, seconds } = this.recording;
    const surfer = WaveSurfer.create({
      container: this.#wave,
      height: 72,
      ...waveColors(),
      peaks: [peaks],
      duration: seconds,
      url: URL.createObjectURL(new Blob([wav], { type: 'audio/wav' })),
      plugins: [this.#regions],
    });
    surfer.on('play', () => relabel(this.#play, TEXTS.recordings.pause, 'pause'));
    surfer.on('pause', () => relabel(this.#play, TEXTS.recordings.play, 'play'));
    return surfer;
  }

  #mark(events: readonly SoundEvent[]): void {
    this.#regions.clearRegions();
    for (const { time, endTime } of events) {
      const shape = {
        start: time,
        end: Math.min(endTime, this.recording.seconds),
        drag: false,
        resize: false,
      };
      this.#regions.addRegion({ ...shape, color: colorOf('alarm-soft') });
    }
  }

  #explainPeak(): void {
    const peak = this.#peak();
    if (peak === null || this.#scores === null) return;
    const { time, endTime } = peak;
    const { machineId } = this.#scores;
    void showExplanation(this.#app, { recordingId: this.recording.id, time, endTime, machineId });
  }

  #saveScores(): void {
    const name = this.recording.name.replace(/\.[^.]+$/, '');
    saveAs(`${name}-scores.csv`, windowsCsv(this.#scores!.windows), 'text/csv');
  }

  #peak(): WindowScore | null {
    const windows = this.#scores?.windows ?? [];
    return windows.length === 0
      ? null
      : windows.reduce((most, each) => (each.anomalyScore > most.anomalyScore ? each : most));
  }

  #show(): void {
    const peak = this.#peak();
    const { recordings } = TEXTS;
    for (const each of [this.#explain, this.#save]) each.hidden = peak === null;
    this.#chart.root.hidden = peak === null;
    this.#verdict.replaceChildren();
    if (peak === null) return;
    const { events } = this.#scores!;
    const isAnomalous = events.length > 0 || peak.isAnomaly;
    const badge = el('span', { class: `badge ${isAnomalous ? 'alarm' : 'normal'}` });
    badge.textContent = isAnomalous ? recordings.anomalous(Math.max(1, events.length)) : recordings.normal;
    const value = this.#chart.valueOf(peak).toFixed(this.#scores!.facts.hasSeverity ? 0 : 1);
    this.#verdict.append(badge, el('span', { class: 'muted' }, recordings.peak(value)));
    const list = events.map(({ time, endTime }) => `${formatClock(time)}–${formatClock(endTime)}`).join(', ');
    const label = recordings.waveLabel(this.recording.name);
    this.#wave.setAttribute('aria-label', list === '' ? label : `${label}. ${recordings.regions(list)}`);
  }
}

function waveColors(): { waveColor: string; progressColor: string; cursorColor: string } {
  return { waveColor: colorOf('wave'), progressColor: colorOf('accent'), cursorColor: colorOf('text') };
}
