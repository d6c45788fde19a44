import { effect, signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'millrace-theme';

function stored(): Theme {
  const found = localStorage.getItem(KEY);
  return THEMES.find((theme) => theme === found) ?? 'system';
}

/** What the person chose; the system's choice until then. */
export const theme = signal<Theme>(stored());

/** Counts changes of colours: charts have theirs as values and are drawn anew. */
export const coloursChanged = signal(0);

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
  localStorage.setItem(KEY, theme.value);
  coloursChanged.value = coloursChanged.peek() + 1;
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  coloursChanged.value += 1;
});
