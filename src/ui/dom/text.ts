// Text that changes with a step.

/**
 * Writes a text only when it changed, into the existing text node: a new node would have to be attached and laid out
 * again.
 */
export function setText(node: Element, text: string): void {
  const inner = node.firstChild;
  if (inner instanceof Text && inner === node.lastChild) {
    if (inner.data !== text) inner.data = text;
  } else if (node.textContent !== text) node.textContent = text;
}
