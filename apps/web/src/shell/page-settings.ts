/** What the gateway writes into the page. */
export interface PageSettings {
  /** How often a page asks again where no event stream tells it what is new. */
  readonly pollMs: number;
}

const POLL_MS_OF_DEVELOPMENT = 5_000;

/** @param content of the page's element `millrace-settings`. */
export function pageSettings(content: string | null): PageSettings {
  // As in the source: nobody has filled it in.
  if (content === null || !content.startsWith('{')) return { pollMs: POLL_MS_OF_DEVELOPMENT };
  const { pollMs } = JSON.parse(content) as PageSettings;
  return { pollMs };
}

export const settings = (): PageSettings =>
  pageSettings(document.querySelector('meta[name="millrace-settings"]')?.getAttribute('content') ?? null);
