// The keys of the transport, the same in every figure with time. They stay out of the way of text fields, buttons and
// whatever handled a key itself.
import type { Keyboard } from '../ui/dom/keyboard';

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

/**
 * Steps by the keys that `keyboard` has for `root`, until the returned function is called. A key without an action is
 * left alone.
 */
export function listenForKeys(keyboard: Keyboard, root: Element, actions: Partial<KeyActions>): () => void {
  const { togglePlay, go, toEdge, row, workgroup, unpin, help } = actions;
  const bindings: Record<string, (() => void) | undefined> = {
    ' ': togglePlay,
    ArrowLeft: go && (() => go(-1)),
    ArrowRight: go && (() => go(1)),
    'Shift+ArrowLeft': go && (() => go(-1, 'tile')),
    'Shift+ArrowRight': go && (() => go(1, 'tile')),
    Home: toEdge && (() => toEdge(-1)),
    End: toEdge && (() => toEdge(1)),
    ArrowUp: row && (() => row(-1)),
    ArrowDown: row && (() => row(1)),
    '[': workgroup && (() => workgroup(-1)),
    ']': workgroup && (() => workgroup(1)),
    Escape: unpin,
    '?': help,
  };
  return keyboard.listen(root, (event) => {
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
  });
}
