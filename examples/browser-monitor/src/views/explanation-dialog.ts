import { decodeWav, encodeWav } from '@serial-oe/audio-features';
import type { App } from '../app';
import { button, el } from '../dom';
import type { StoredEvent } from '../store';
import { TEXTS } from '../texts';
import type { ExplainedSound, ScoringApi, Sound } from '../worker/protocol';
import { byFrame, drawMel } from './mel-picture';

/** Which sound is explained: samples, or a stretch of a recording that the worker has. */
export type Explained = Parameters<ScoringApi['explain']>[0];

export function explainEvent(app: App, event: StoredEvent): Promise<void> {
  if (app.facts?.name !== event.model) {
    app.notices.warn(TEXTS.events.otherModel(event.model));
    return Promise.resolve();
  }
  const { channels, sampleRate } = decodeWav(event.wav);
  const [from, to] = [event.peakTime, event.peakEndTime].map((time) => Math.round(time * sampleRate));
  const waveform = channels[0]!.slice(from, to) as Float32Array<ArrayBuffer>;
  return showExplanation(app, { sound: { waveform, sampleRate }, machineId: event.machineId });
}

/** Opens the dialog at once and fills it when the worker has the answer. */
export async function showExplanation(app: App, explained: Explained): Promise<void> {
  const { explanation } = TEXTS;
  const body = el(
    'div',
    { class: 'explanation', 'aria-live': 'polite' },
    el('p', { class: 'muted' }, explanation.working),
  );
  body.append(el('progress', { 'aria-label': TEXTS.stages.progress }));
  const dialog = el('dialog', { class: 'dialog', 'aria-labelledby': 'explanation-heading' });
  const close = button(explanation.close, () => dialog.close(), { icon: 'close', kind: 'quiet' });
  const heading = el('h2', { id: 'explanation-heading' }, explanation.heading);
  dialog.append(el('div', { class: 'dialog-head' }, heading, close), body);
  dialog.addEventListener('close', () => {
    app.player.stop();
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
  try {
    await app.prepareNormals();
    const before = performance.now();
    const answer = await app.scorer.call('explain', explained);
    fill(app, body, { answer, ms: performance.now() - before });
  } catch (error) {
    dialog.close();
    app.notices.error(error, explanation.heading);
  }
}

function fill(app: App, body: HTMLElement, { answer, ms }: { answer: ExplainedSound; ms: number }): void {
  const { explanation: texts } = TEXTS;
  const { explanation, mel, sound } = answer;
  const { mainPart, segments, bands } = explanation.occlusion;
  const place = `${texts.from(mainPart.fLow, mainPart.fHigh)}, ${texts.during(mainPart.time, mainPart.endTime)}`;
  const canvas = el('canvas', { class: 'mel', role: 'img', 'aria-label': texts.mapLabel(place) });
  const bandBars = bars(
    texts.bands,
    [...bands].reverse().map(({ fLow, fHigh, importance }) => [texts.from(fLow, fHigh), importance]),
  );
  const segmentBars = bars(
    texts.segments,
    segments.map(({ time, endTime, importance }) => [texts.during(time, endTime), importance]),
  );
  const playThis = button(texts.playThis, () => app.player.play(toWav(sound)), { icon: 'play' });
  body.replaceChildren(
    el('p', { class: 'lead' }, explanation.text),
    canvas,
    el('div', { class: 'actions' }, playThis),
    el('div', { class: 'two' }, segmentBars, bandBars),
    el('h3', {}, texts.nearestHeading),
    nearest(app, answer),
    el('p', { class: 'muted' }, texts.scored(explanation.nScorings, ms)),
  );
  const draw = () =>
    drawMel(canvas, {
      columns: byFrame(mel.data, mel.nMels, mel.nFrames),
      ...{ nFrames: mel.nFrames, facts: mel.facts, startTime: 0, from: 0, mark: mainPart },
      to: explanation.clipSeconds,
    });
  new ResizeObserver(draw).observe(canvas);
}

function nearest(app: App, { nearest: found }: ExplainedSound): HTMLElement {
  const { explanation } = TEXTS;
  if (found === null) return el('p', { class: 'muted' }, explanation.noNormals);
  const { name, distance, sound } = found;
  const play = button(explanation.playNearest, () => app.player.play(toWav(sound)), { icon: 'play' });
  return el(
    'div',
    {},
    el('p', {}, explanation.nearest(name, distance)),
    el('div', { class: 'actions' }, play),
  );
}

/** Shares of the sum of what raises the score. */
function bars(title: string, rows: readonly (readonly [string, number])[]): HTMLElement {
  const sum = rows.reduce((total, [, value]) => total + Math.max(0, value), 0);
  const share = (value: number) => (sum > 0 ? Math.max(0, value) / sum : 0);
  const list = rows.map(([name, value]) => {
    const percent = Math.round(100 * share(value));
    const bar = el('span', { class: 'bar' }, el('span', { style: `width: ${percent}%` }));
    return el(
      'li',
      {},
      el('span', { class: 'bar-name' }, name),
      bar,
      el('span', { class: 'bar-value' }, `${percent} %`),
    );
  });
  return el('div', { class: 'bars' }, el('h3', {}, title), el('ul', {}, ...list));
}

function toWav({ waveform, sampleRate }: Sound): Uint8Array<ArrayBuffer> {
  return encodeWav({ sampleRate, channels: [waveform] }) as Uint8Array<ArrayBuffer>;
}
