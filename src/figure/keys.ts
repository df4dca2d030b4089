// The keys of the transport, the same in every lab with time. They stay out of the way of text fields, buttons and whatever handled a key itself.

/** What a key does; the key map in the header lists these in this order. */
export const keyMap = [
  { keys: ['Space'], action: 'play' },
  { keys: ['←', '→'], action: 'step' },
  { keys: ['Shift ←', 'Shift →'], action: 'tile' },
  { keys: ['Home', 'End'], action: 'edge' },
  { keys: ['↑', '↓'], action: 'row' },
  { keys: ['[', ']'], action: 'workgroup' },
  { keys: ['Esc'], action: 'unpin' },
  { keys: ['?'], action: 'help' },
] as const satisfies readonly { keys: readonly string[]; action: string }[];

export interface KeyActions {
  togglePlay(): void;
  go(direction: 1 | -1, by?: 'tile'): void;
  toEdge(direction: 1 | -1): void;
  row(by: 1 | -1): void;
  workgroup(direction: 1 | -1): void;
  unpin(): void;
  help(): void;
}

const typing = 'input, textarea, select, [contenteditable]';
const pressable = 'button, summary, a, [role="button"], [role="tab"]';

/** Listens on the window until the returned function is called. */
export function listenForKeys(actions: KeyActions): () => void {
  const bindings: Record<string, () => void> = {
    ' ': actions.togglePlay,
    ArrowLeft: () => actions.go(-1),
    ArrowRight: () => actions.go(1),
    'Shift+ArrowLeft': () => actions.go(-1, 'tile'),
    'Shift+ArrowRight': () => actions.go(1, 'tile'),
    Home: () => actions.toEdge(-1),
    End: () => actions.toEdge(1),
    ArrowUp: () => actions.row(-1),
    ArrowDown: () => actions.row(1),
    '[': () => actions.workgroup(-1),
    ']': () => actions.workgroup(1),
    Escape: actions.unpin,
    '?': actions.help,
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target instanceof Element) {
      if (target.closest(typing) || target.closest('dialog')) return;
      if (event.key === ' ' && target.closest(pressable)) return;
    }
    const action = bindings[event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
