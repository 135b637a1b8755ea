import type { Clock } from "../support/clock.ts";

/** A wait that somebody else can end. Calls while nobody waits are kept, and are one however many they were. */
export class Wakeup {
  readonly #clock: Clock;
  #isDue = false;
  #end: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  wake(): void {
    this.#isDue = true;
    this.#end?.();
  }

  /** What it was woken for is under way. */
  clear(): void {
    this.#isDue = false;
  }

  /** Resolves after the time, when it is woken, or when the signal aborts; says whether it was woken. */
  async wait(ms: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isDue && !signal.aborted) await this.#sleep(ms, signal);
    const wasWoken = this.#isDue;
    this.#isDue = false;
    return wasWoken;
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const controller = new AbortController();
    const end = (): void => controller.abort();
    this.#end = end;
    signal.addEventListener("abort", end, { once: true });
    try {
      await this.#clock.sleep(ms, controller.signal);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      this.#end = undefined;
      signal.removeEventListener("abort", end);
    }
  }
}
