const EVENTS = ['status', 'progress', 'cancel', 'deleted', 'end'];

export interface Following {
  readonly eventsPath: string;
  /** Something may be new. */
  readonly refresh: () => void;
  readonly pollMs: number;
  /** Nothing will be new any more, as far as the page knows. */
  readonly isOver?: () => boolean;
}

/**
 * Refreshes with every event of a stream, and every so often where there is no stream. A page that nobody looks at
 * does not ask. Gives what ends it.
 */
export function follow({ eventsPath, refresh, pollMs, isOver }: Following): () => void {
  const events = new EventSource(eventsPath);
  for (const name of EVENTS) events.addEventListener(name, refresh);
  // The server has nothing more to say, and a browser would connect again.
  events.addEventListener('end', () => {
    events.close();
  });
  // What happened while there was no connection.
  events.addEventListener('open', refresh);
  const timer = setInterval(() => {
    const isSilent = events.readyState !== EventSource.OPEN;
    if (isSilent && !document.hidden && isOver?.() !== true) refresh();
  }, pollMs);
  const onVisible = () => {
    if (!document.hidden) refresh();
  };
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    events.close();
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onVisible);
  };
}
