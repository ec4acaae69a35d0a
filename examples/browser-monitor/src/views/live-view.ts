import type { App } from '../app';
import { type Microphone, openMicrophone } from '../audio/microphone';
import { ScreenLock } from '../audio/wake-lock';
import { stamp, windowsCsv } from '../csv';
import { button, el, relabel, saveAs } from '../dom';
import { TEXTS } from '../texts';
import type { Sound, SoundEvent, WindowScore, WorkerEvent } from '../worker/protocol';
import { EventList } from './event-list';
import { LiveMel, SHOWN_SECONDS } from './live-mel';
import { floatWav, LiveSession } from './live-session';
import { SeverityChart } from './severity-chart';
import { StatusCard } from './status-card';

/** From one window to the next, seconds. */
export const HOP_SECONDS = 1;

type SourceKind = 'demo' | 'microphone';

/** Sound as it comes: the demo or the microphone. */
export class LiveView {
  readonly root = el('div', { class: 'live' });
  readonly chart = new SeverityChart();
  readonly mel = new LiveMel();
  readonly #app: App;
  readonly #status = new StatusCard();
  readonly #events: EventList;
  readonly #demo: HTMLButtonElement;
  readonly #listen: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #mute: HTMLButtonElement;
  readonly #saveSound: HTMLButtonElement;
  readonly #saveScores: HTMLButtonElement;
  readonly #lock = new ScreenLock();
  #microphone: Microphone | null = null;
  #session: LiveSession | null = null;
  #heard: Sound | null = null;
  /** The event that has not ended. */
  #ongoing: SoundEvent | null = null;
  #isBusy = false;
  #isRunning = false;
  #isMuted = false;

  constructor(app: App) {
    this.#app = app;
    const { live } = TEXTS;
    this.#demo = button(live.playDemo, () => void this.start('demo'), { icon: 'play', kind: 'primary' });
    this.#listen = button(live.listen, () => void this.start('microphone'), { icon: 'microphone' });
    this.#stop = button(live.stop, () => void this.stop(), { icon: 'stop', kind: 'primary' });
    this.#mute = button(live.mute, () => this.#toggleMute(), { kind: 'quiet' });
    this.#saveSound = button(live.saveSound, () => this.#save('sound'), { icon: 'save', kind: 'quiet' });
    this.#saveScores = button(live.saveScores, () => this.#save('scores'), { icon: 'save', kind: 'quiet' });
    this.#events = new EventList(app);
    this.#status.actions.append(this.#demo, this.#listen, this.#stop, this.#mute);
    const saves = el('div', { class: 'actions' }, this.#saveScores, this.#saveSound);
    const signal = el(
      'section',
      { class: 'card signal', 'aria-labelledby': 'heard-heading' },
      el('h2', { id: 'heard-heading' }, live.heard),
      this.mel.canvas,
      el('h2', { class: 'second' }, live.severity),
      el('p', { class: 'muted' }, live.severityMore),
      this.chart.root,
      saves,
    );
    const events = el('section', { class: 'card events-card', 'aria-labelledby': 'events-heading' });
    events.append(el('h2', { id: 'events-heading' }, TEXTS.events.heading), this.#events.root);
    this.root.append(this.#status.root, signal, events);
    app.onModel(() => this.#modelChanged());
    app.scorer.listen((event) => void this.#follow(event));
    this.#buttons();
  }

  async start(kind: SourceKind): Promise<void> {
    if (this.#isBusy || this.#isRunning) return;
    this.#isBusy = true;
    this.#buttons();
    try {
      this.#app.notices.clear();
      if (kind === 'demo' && !this.#app.isDemo && !(await this.#app.loadDemo())) return;
      if (this.#app.facts === null && !(await this.#app.loadDemo())) return;
      await (kind === 'demo' ? this.#startDemo() : this.#startMicrophone());
      this.#isRunning = true;
      await this.#lock.hold();
    } catch (error) {
      await this.#microphone?.stop(); // a start that fails must not leave it open
      this.#microphone = null;
      this.#status.idle();
      if (error instanceof TypeError) this.#app.notices.warn(TEXTS.errors.microphoneInsecure, error.message);
      else this.#app.notices.error(error);
    } finally {
      this.#isBusy = false;
      this.#buttons();
    }
  }

  async stop(): Promise<void> {
    if (!this.#isRunning) return;
    this.#isRunning = false;
    this.#isBusy = true; // what waits is scored first: another start would find this session
    this.#buttons();
    const session = this.#session;
    try {
      this.#app.player.stop();
      await this.#microphone?.stop();
      this.#microphone = null;
      await this.#lock.release();
      this.#heard = await this.#app.scorer.call('closeStream', null);
      await session?.end();
      this.#status.ended(session?.windows.length ?? 0, session?.events.length ?? 0);
    } finally {
      this.#isBusy = false;
      this.#buttons();
    }
  }

  async #startDemo(): Promise<void> {
    const bytes = await this.#app.demoRecording();
    const recording = await this.#app.scorer.call('read', { name: 'demo.wav', bytes });
    const { sampleRate, id: recordingId, wav } = recording;
    this.#begin(TEXTS.live.source.demo, sampleRate);
    const { machineId } = this.#app;
    await this.#app.scorer.call('openStream', { machineId, hopSeconds: HOP_SECONDS, recordingId });
    this.#app.player.isMuted = this.#isMuted;
    this.#app.player.play(wav);
  }

  async #startMicrophone(): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const microphone = await openMicrophone(port1, () => {
      this.#app.notices.warn(TEXTS.errors.microphoneEnded);
      void this.stop();
    });
    this.#microphone = microphone;
    this.#begin(microphone.label || TEXTS.live.source.microphone, microphone.sampleRate);
    const { machineId } = this.#app;
    await this.#app.scorer.call('openStream', { machineId, hopSeconds: HOP_SECONDS });
    this.#app.scorer.connect(port2);
  }

  #begin(source: string, rate: number): void {
    const facts = this.#app.facts!;
    const { threshold } = facts.machines.find(({ machineId }) => machineId === this.#app.machineId)!;
    this.#session = new LiveSession(this.#app, source);
    this.#heard = null;
    this.#ongoing = null;
    this.mel.clear(facts.mel);
    this.chart.clear({ hasSeverity: facts.hasSeverity, threshold });
    this.chart.showTimes(0, SHOWN_SECONDS);
    this.#status.begin(TEXTS.live.sourceRate(source, rate), facts);
  }

  async #follow(event: WorkerEvent): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    switch (event.kind) {
      case 'mel':
        this.mel.push(event.columns, event.endTime);
        this.chart.showTimes(
          Math.max(0, event.endTime - SHOWN_SECONDS),
          Math.max(SHOWN_SECONDS, event.endTime),
        );
        break;
      case 'level':
        this.#status.level(event.levelDb);
        break;
      case 'score':
        this.#scored(session, event.score);
        this.#status.cost(event.scoringSeconds, event.nDropped);
        break;
      case 'alarm':
        this.#status.alarm(event.state === 'active');
        if (event.state === 'active') this.#events.begin(session.facts.startedAt + 1000 * event.event.time);
        else this.#events.add(await session.addEvent(event.event));
        this.#ongoing = event.state === 'active' ? event.event : null;
        this.#showEvents(session);
        break;
      case 'hearing':
        if (!event.isHealthy) this.#app.notices.warn(TEXTS.errors.hearing(event.message));
        break;
      case 'played':
        await this.stop();
        break;
      case 'streamError':
        this.#app.notices.warn(TEXTS.errors.scoring, event.error.message);
        await this.stop();
    }
  }

  #scored(session: LiveSession, score: WindowScore): void {
    session.addScore(score);
    this.chart.add(score);
    this.#status.score(score, this.chart.valueOf(score));
    if (this.#ongoing !== null) {
      this.#ongoing = { ...this.#ongoing, endTime: score.endTime };
      this.#showEvents(session);
    }
    this.#buttons();
  }

  #showEvents({ events }: LiveSession): void {
    this.chart.showEvents(this.#ongoing === null ? events : [...events, this.#ongoing]);
  }

  #modelChanged(): void {
    if (this.#isRunning && !this.#isBusy) void this.stop();
    this.#buttons();
  }

  #toggleMute(): void {
    this.#isMuted = !this.#isMuted;
    this.#app.player.isMuted = this.#isMuted;
    relabel(this.#mute, this.#isMuted ? TEXTS.live.unmute : TEXTS.live.mute);
  }

  #save(what: 'sound' | 'scores'): void {
    const { facts, windows } = this.#session!;
    const name = `${what}-${stamp(facts.startedAt)}`;
    if (what === 'sound') saveAs(`${name}.wav`, floatWav(this.#heard!), 'audio/wav');
    else saveAs(`${name}.csv`, windowsCsv(windows), 'text/csv');
  }

  #buttons(): void {
    const isStill = !this.#isRunning;
    const isWaiting = this.#isBusy || this.#app.isLoading;
    this.#demo.hidden = !isStill;
    this.#listen.hidden = !isStill;
    this.#stop.hidden = isStill;
    this.#mute.hidden = isStill || this.#microphone !== null;
    for (const each of [this.#demo, this.#listen]) each.disabled = isWaiting;
    this.#saveScores.hidden = (this.#session?.windows.length ?? 0) === 0;
    this.#saveSound.hidden = !isStill || (this.#heard?.waveform.length ?? 0) === 0;
  }
}
