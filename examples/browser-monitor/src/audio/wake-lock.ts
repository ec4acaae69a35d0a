/** Keeps the screen on, so that a phone goes on listening; where the browser allows it. */
export class ScreenLock {
  #lock: WakeLockSentinel | null = null;
  #isWanted = false;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible' && this.#isWanted) void this.#request(); // it was lost when the page was hidden
    });
  }

  async hold(): Promise<void> {
    this.#isWanted = true;
    await this.#request();
  }

  async release(): Promise<void> {
    this.#isWanted = false;
    await this.#lock?.release().catch(() => {});
    this.#lock = null;
  }

  async #request(): Promise<void> {
    this.#lock = (await navigator.wakeLock?.request('screen').catch(() => null)) ?? null;
  }
}
