import { Player } from './audio/player';
import { Notices } from './notices';
import { ScorerClient } from './scorer-client';
import { Store } from './store';
import { TEXTS } from './texts';
import type { Backend, BundleSource, ModelFacts } from './worker/protocol';

/** Where the demo's files are, which the build made. */
const DEMO = 'demo/';

export const TABS = ['live', 'recordings', 'machine', 'history'] as const;
export type Tab = (typeof TABS)[number];

/** What all parts of the page share. */
export class App {
  readonly scorer = new ScorerClient();
  readonly notices = new Notices();
  readonly player = new Player();
  readonly store = new Store(() => this.notices.warn(TEXTS.errors.store));
  /** Set by the page. */
  showTab: (tab: Tab) => void = () => {};
  #backend: Backend = 'wasm';
  #source: BundleSource | null = null;
  #facts: ModelFacts | null = null;
  #machineId = '';
  #isLoading = false;
  readonly #listeners: (() => void)[] = [];

  /** Told when a model is loaded or its machine changes. */
  onModel(listener: () => void): void {
    this.#listeners.push(listener);
  }

  get facts(): ModelFacts | null {
    return this.#facts;
  }

  get machineId(): string {
    return this.#machineId;
  }

  set machineId(value: string) {
    this.#machineId = value;
    this.#tell();
  }

  get isLoading(): boolean {
    return this.#isLoading;
  }

  get isDemo(): boolean {
    return this.#facts?.name === TEXTS.model.demoName;
  }

  get backend(): Backend {
    return this.#backend;
  }

  /** Loads the model anew, if there is one; falls back to WASM where there is no WebGPU. */
  async setBackend(backend: Backend): Promise<void> {
    this.#backend = backend;
    if (this.#source !== null && this.#facts?.backend !== null) await this.load(this.#source);
  }

  /** Says what failed, and keeps the model that was there. */
  async load(source: BundleSource): Promise<boolean> {
    this.#isLoading = true;
    this.#tell();
    try {
      await this.#loadWith(source);
      this.notices.info(TEXTS.model.loaded(source.name));
      return true;
    } catch (error) {
      this.notices.error(error, source.name);
      return false;
    } finally {
      this.#isLoading = false;
      this.#tell();
    }
  }

  loadDemo(): Promise<boolean> {
    return this.load({
      kind: 'url',
      url: new URL(`${DEMO}demo.serialoe`, document.baseURI).href,
      name: TEXTS.model.demoName,
    });
  }

  /** A model that the worker has loaded already. */
  adopt(facts: ModelFacts, source: BundleSource): void {
    this.#source = source;
    this.#facts = facts;
    this.#machineId = facts.machines[0]!.machineId;
    this.#tell();
  }

  async demoRecording(): Promise<Uint8Array> {
    return fetchBytes(`${DEMO}demo.wav`);
  }

  /** The demo's normal clips are read when they are first asked for; other models bring theirs along or have none. */
  async prepareNormals(): Promise<void> {
    if (!this.isDemo || this.#facts!.nNormalClips > 0) return;
    const { normals } = JSON.parse(new TextDecoder().decode(await fetchBytes(`${DEMO}demo.json`)));
    const recordingIds: number[] = [];
    for (const name of normals as string[]) {
      const bytes = await fetchBytes(`${DEMO}normal/${name}`);
      recordingIds.push((await this.scorer.call('read', { name, bytes })).id);
    }
    await this.compareWith(recordingIds);
    for (const recordingId of recordingIds) await this.scorer.call('forget', { recordingId });
  }

  async compareWith(recordingIds: number[]): Promise<void> {
    const { machineId } = this;
    this.#facts!.nNormalClips = (
      await this.scorer.call('setNormals', { machineId, recordingIds })
    ).nNormalClips;
    this.#tell();
  }

  async #loadWith(source: BundleSource): Promise<void> {
    const load = (backend: Backend) => this.scorer.call('load', { source, backend });
    let facts: ModelFacts;
    try {
      facts = await load(this.#backend);
    } catch (error) {
      if ((error as Error).name !== 'NoWebGpuError') throw error;
      this.notices.error(error);
      this.#backend = 'wasm';
      facts = await load('wasm');
    }
    this.adopt(facts, source);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
