/** Plays one sound at a time. */
export class Player {
  readonly #audio = new Audio();
  #url: string | null = null;
  #onStopped: (() => void) | null = null;

  constructor() {
    this.#audio.addEventListener('ended', () => this.stop());
  }

  set isMuted(value: boolean) {
    this.#audio.muted = value;
  }

  /** @param onStopped told at the end, or when another sound takes its place */
  play(wav: Uint8Array<ArrayBuffer>, onStopped: () => void = () => {}): void {
    this.stop();
    this.#url = URL.createObjectURL(new Blob([wav], { type: 'audio/wav' }));
    this.#onStopped = onStopped;
    this.#audio.src = this.#url;
    this.#audio.play().catch(() => this.stop()); // a device without an output: what is shown goes on
  }

  stop(): void {
    this.#audio.pause();
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
    const told = this.#onStopped;
    this.#onStopped = null;
    told?.();
  }
}
