import type { Delivery } from '@millrace/generator';
import type { Message } from 'kafkajs';

/** A topic in memory. */
export class InMemoryDelivery implements Delivery {
  readonly sends: Message[][] = [];
  readonly mayHaveDoubled = false;

  /** @param onSend is waited for before a send is acknowledged, and may refuse it. */
  constructor(
    readonly maxEventsPerSend: number,
    private readonly onSend: (sends: number, giveUp: AbortSignal | undefined) => Promise<void> = () =>
      Promise.resolve(),
  ) {}

  async send(messages: Message[], giveUp?: AbortSignal): Promise<void> {
    this.sends.push(messages);
    await this.onSend(this.sends.length, giveUp);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get keys(): string[] {
    return this.sends.flat().map(({ key }) => String(key));
  }
}
