import type { App } from '../app';
import { button, chooseFiles, el, select } from '../dom';
import { takeFiles } from '../dropped-files';
import { formatBytes, formatShare, TEXTS } from '../texts';
import type { MachineFacts, ModelFacts, WorkerEvent } from '../worker/protocol';

/** Which model listens, where it comes from, and what it is. */
export class ModelPanel {
  readonly root = el('section', { class: 'card model', 'aria-labelledby': 'model-heading' });
  readonly #app: App;
  readonly #name = el('p', { class: 'model-name' });
  readonly #more = el('p', { class: 'muted' });
  readonly #machine = el('div', { class: 'machine' });
  readonly #facts = el('details', { class: 'facts' });
  readonly #progress = el('progress', { max: 1, 'aria-label': TEXTS.stages.progress, hidden: true });
  readonly #stage = el('p', { class: 'muted stage', 'aria-live': 'polite' });
  readonly #buttons: HTMLButtonElement[];

  constructor(app: App) {
    this.#app = app;
    const { model } = TEXTS;
    this.#buttons = [
      button(model.open, () => void this.#open(false), { icon: 'open' }),
      button(model.openFolder, () => void this.#open(true), { kind: 'quiet' }),
      button(model.useDemo, () => void app.loadDemo(), { kind: 'quiet' }),
    ];
    this.root.append(
      el('h2', { id: 'model-heading', class: 'overline' }, model.heading),
      el('div', { class: 'model-main' }, this.#name, this.#more, this.#machine),
      el('div', { class: 'actions' }, ...this.#buttons),
      el('div', { class: 'model-progress' }, this.#progress, this.#stage),
      this.#facts,
    );
    this.#buttons[0]!.title = model.openHint;
    app.onModel(() => this.#show());
    app.scorer.listen((event) => this.#follow(event));
    this.#show();
  }

  async #open(isFolder: boolean): Promise<void> {
    const files = await chooseFiles(isFolder ? { isFolder } : { accept: '.serialoe,.zip' });
    if (files.length > 0) await takeFiles(this.#app, files);
  }

  #follow(event: WorkerEvent): void {
    if (!this.#app.isLoading) return;
    const { stages } = TEXTS;
    if (event.kind === 'download') {
      const { nBytes, nTotal } = event;
      this.#progress.hidden = false;
      if (nTotal === null) this.#progress.removeAttribute('value');
      else this.#progress.value = nBytes / nTotal;
      this.#stage.textContent = stages.download(
        formatBytes(nBytes),
        nTotal === null ? null : formatBytes(nTotal),
      );
    }
    if (event.kind === 'stage') {
      this.#progress.hidden = false;
      this.#progress.removeAttribute('value');
      this.#stage.textContent = stages[event.stage];
    }
  }

  #show(): void {
    const { facts, isLoading, isDemo, machineId } = this.#app;
    const { model } = TEXTS;
    for (const each of this.#buttons) each.disabled = isLoading;
    this.#buttons[2]!.hidden = isDemo;
    this.#progress.hidden = !isLoading;
    if (!isLoading) this.#stage.textContent = '';
    this.#name.textContent = facts?.name ?? model.none;
    this.#more.textContent =
      facts === null
        ? model.noneMore
        : isDemo
          ? model.demoMore
          : model.summary(facts.machineType, facts.systems);
    this.#machine.replaceChildren();
    this.#facts.replaceChildren();
    this.#facts.hidden = facts === null;
    if (facts === null) return;
    if (facts.machines.length > 1) this.#machine.append(this.#chooseMachine(facts));
    const machine = facts.machines.find((each) => each.machineId === machineId) ?? facts.machines[0]!;
    this.#facts.append(el('summary', {}, model.facts), factList(facts, machine));
  }

  #chooseMachine({ machines }: ModelFacts): HTMLElement {
    const choices = Object.fromEntries(machines.map(({ machineId }) => [machineId, machineId]));
    const { root, input } = select(TEXTS.model.machine, choices, (id) => {
      this.#app.machineId = id;
    });
    for (const option of Array.from(input.options)) option.selected = option.value === this.#app.machineId;
    return root;
  }
}

function factList(facts: ModelFacts, machine: MachineFacts): HTMLElement {
  const { model, header } = TEXTS;
  const threshold = model.thresholdValue(
    machine.threshold,
    machine.nClips,
    formatShare(machine.falseAlarmRate),
  );
  const computed =
    facts.backend === null
      ? model.noNetwork
      : model.computedValue(header.backends[facts.backend], facts.warmUpMs);
  const rows: [string, string][] = [
    [model.systems, facts.systems.join(', ')],
    ...facts.leftOut.map(({ name, reason }): [string, string] => [model.leftOut, `${name}: ${reason}`]),
    [model.threshold, threshold + (machine.isExtrapolated ? model.extrapolated : '')],
    [model.window, model.windowValue(facts.windowSeconds, facts.sampleRate)],
    [model.computed, computed],
    [model.normals, model.normalsValue(facts.nNormalClips)],
    [model.size, formatBytes(facts.bytes)],
  ];
  const list = el('dl', {}, ...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
  return el('div', {}, list, facts.hasSeverity ? null : el('p', { class: 'muted' }, model.noSeverity));
}
