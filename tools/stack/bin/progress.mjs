const HEARTBEAT_MS = 15_000;
const REDRAW_MS = 250;
const NAME_WIDTH = 13;

/** `0.8 s`, `42 s`, `3 min 05 s`. */
export function formatElapsed(ms) {
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** One line of a step: its name, what it does, and at the right how it stands. */
export function formatLine(name, text, state, width) {
  const left = ` ${name.padEnd(NAME_WIDTH)}${text}`;
  const room = width - state.length - 2;
  const cut = left.length > room ? `${left.slice(0, Math.max(0, room - 3))}...` : left;
  return `${cut.padEnd(Math.max(0, room))}  ${state}`.trimEnd();
}

/** Whether colour is wanted: NO_COLOR and FORCE_COLOR first, then the terminal. */
export function wantsColour(env, isTerminal) {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR && env.FORCE_COLOR !== '0') return true;
  return isTerminal && env.TERM !== 'dumb';
}

function painter(enabled) {
  const paint = (code) => (text) => (enabled ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { green: paint(32), red: paint(31), yellow: paint(33), dim: paint(2), bold: paint(1) };
}

/**
 * Shows steps: on a terminal one line each, updated in place; in a log a line at the start, a line at the end, and a
 * sign of life every 15 s between them. Steps may run at the same time.
 */
export function createReporter({ out = process.stdout, env = process.env } = {}) {
  const inPlace = Boolean(out.isTTY) && env.TERM !== 'dumb' && !env.CI;
  const colours = painter(wantsColour(env, Boolean(out.isTTY)));
  const state = { out, inPlace, colours, active: new Set(), drawn: 0, timer: undefined };
  return {
    colours,
    step: (name, text) => startStep(state, name, text),
    say: (text) => permanent(state, text),
    close: () => {
      erase(state);
      state.active.clear();
      clearInterval(state.timer);
      state.timer = undefined;
    },
  };
}

function startStep(state, name, text) {
  const step = { name, text, startedAt: Date.now(), saidAt: Date.now() };
  state.active.add(step);
  if (!state.inPlace) state.out.write(` ${name.padEnd(NAME_WIDTH)}${text}\n`);
  state.timer ??= setInterval(() => tick(state), REDRAW_MS).unref();
  redraw(state);
  const end = (word, colour) => (finalText) => {
    if (!state.active.delete(step)) return;
    const status = `${word} ${formatElapsed(Date.now() - step.startedAt)}`;
    const line = formatLine(name, finalText ?? step.text, status, lineWidth(state));
    permanent(state, line.slice(0, line.length - status.length) + colour(status));
  };
  return {
    note: (newText) => {
      step.text = newText;
    },
    done: end('ok', state.colours.green),
    skip: end('-', state.colours.dim),
    fail: end('FAILED', state.colours.red),
  };
}

function tick(state) {
  if (state.active.size === 0) {
    clearInterval(state.timer);
    state.timer = undefined;
    return;
  }
  if (state.inPlace) redraw(state);
  else heartbeats(state);
}

function heartbeats(state) {
  const now = Date.now();
  for (const step of state.active) {
    if (now - step.saidAt < HEARTBEAT_MS) continue;
    step.saidAt = now;
    state.out.write(
      `${` ${step.name.padEnd(NAME_WIDTH)}${step.text}  ... ${formatElapsed(now - step.startedAt)}`}\n`,
    );
  }
}

function permanent(state, text) {
  erase(state);
  state.out.write(`${text}\n`);
  redraw(state);
}

function erase(state) {
  if (state.drawn > 0) state.out.write(`\u001b[${state.drawn}A\u001b[0J`);
  state.drawn = 0;
}

function redraw(state) {
  if (!state.inPlace) return;
  const now = Date.now();
  const lines = [...state.active].map((step) =>
    formatLine(step.name, step.text, formatElapsed(now - step.startedAt), lineWidth(state)),
  );
  const up = state.drawn > 0 ? `\u001b[${state.drawn}A\u001b[0J` : '';
  state.out.write(up + lines.map((line) => `${state.colours.dim(line)}\n`).join(''));
  state.drawn = lines.length;
}

function lineWidth(state) {
  return Math.min((state.out.columns ?? 100) - 1, 110);
}
