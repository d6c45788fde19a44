/** A bell that is heard also by one who begins to wait after it rang. */
export class Wakeup {
  private isRung = false;
  private heard: (() => void) | undefined;

  ring(): void {
    this.isRung = true;
    this.heard?.();
  }

  /** Resolves at the next ring, at once when it rang since the last wait, and at the latest after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.isRung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.heard = resolve;
        timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.heard = undefined;
    }
    this.isRung = false;
  }
}
