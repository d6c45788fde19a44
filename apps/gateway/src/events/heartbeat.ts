import { HEARTBEAT_FRAME } from './event-frames';
import type { EventSink } from './event-sink';
import type { Wakeup } from './wakeup';

/** Waits for the bell; a connection that is quiet for too long meanwhile gets a comment. */
export async function waitForMore(sink: EventSink, wakeup: Wakeup, heartbeatMs: number): Promise<void> {
  await wakeup.wait(Math.max(0, heartbeatMs - sink.idleMs));
  if (sink.idleMs >= heartbeatMs) await sink.write(HEARTBEAT_FRAME);
}
