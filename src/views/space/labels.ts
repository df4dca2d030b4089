// Names over the picture: HTML text at projected points, moved aside or left out where it would cover another.

/** A label's box around its point, in CSS pixels. */
export interface Want {
  /** Centre across, upper edge down. */
  x: number;
  y: number;
  w: number;
  h: number;
  /** The lower, the sooner it gets its place. */
  rank: number;
}

const MARGIN = 3;
/** In a picture narrower than this, names of matrices stand alone: with their bytes they would cover it. */
const BRIEF = 460;

/**
 * Where each label goes: its own place, or up to a few lines above or below, in the order of rank; undefined where
 * there is no room. No two boxes overlap, and each lies inside width x height.
 */
export function arrange(
  wants: readonly Want[],
  width: number,
  height: number,
  taken: readonly Want[] = [],
): ({ x: number; y: number } | undefined)[] {
  const placed: Want[] = [...taken];
  const result: ({ x: number; y: number } | undefined)[] = wants.map(() => undefined);
  const order = wants.map((want, i) => ({ want, i })).toSorted((a, b) => a.want.rank - b.want.rank || a.i - b.i);
  for (const { want, i } of order) {
    for (const shift of [0, 0.5, 1.05, 2.1, -1.1]) {
      const at = { ...want, y: want.y + shift * want.h };
      // Half out of the picture is pushed in; a point far outside has no label.
      if (want.x < 0 || want.x > width) break;
      at.x = Math.max(want.w / 2 + 2, Math.min(width - want.w / 2 - 2, at.x));
      const inside = at.y >= 0 && at.y + at.h <= height && at.w + 4 <= width;
      const free = placed.every(
        (p) => Math.abs(p.x - at.x) >= (p.w + at.w) / 2 + MARGIN || at.y >= p.y + p.h + 1 || p.y >= at.y + at.h + 1,
      );
      if (!inside || !free) continue;
      placed.push(at);
      result[i] = { x: at.x, y: at.y };
      break;
    }
  }
  return result;
}

/** One label: a name and what is told of it, at a point of the scene. */
export interface Label {
  key: string;
  name: string;
  detail: string;
  at: readonly [number, number, number];
  rank: number;
  /** Where its box lies from the point; below it and centred unless said. */
  side?: 'above' | 'left';
  tone: 'hbm' | 'sram' | 'reg' | 'ghost' | 'title-hbm' | 'title-sram' | 'title-reg';
}

interface Shown {
  element: HTMLElement;
  text: string;
  w: number;
  h: number;
  /** Length of its leader, px. */
  lead: number;
}

/** Keeps one element a label; `project` turns a point of the scene into pixels, or undefined behind the eye. */
export class Labels {
  readonly #host: HTMLElement;
  readonly #shown = new Map<string, Shown>();
  #labels: readonly Label[] = [];
  #brief = false;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  set(labels: readonly Label[]): void {
    this.#labels = labels;
    const kept = new Set(labels.map((l) => l.key));
    for (const [key, { element }] of this.#shown) {
      if (kept.has(key)) continue;
      element.remove();
      this.#shown.delete(key);
    }
    for (const label of labels) this.#write(label);
  }

  #write({ key, name, detail, tone }: Label): void {
    let shown = this.#shown.get(key);
    const text = `${tone}\n${name}\n${detail}`;
    if (shown?.text === text) return;
    if (!shown) {
      const element = document.createElement('div');
      element.append(document.createElement('b'), document.createElement('span'));
      this.#host.append(element);
      shown = { element, text, w: 0, h: 0, lead: 0 };
      this.#shown.set(key, shown);
    }
    shown.text = text;
    shown.w = 0;
    shown.element.className = `label ${tone}`;
    const [b, span] = shown.element.children;
    if (b) b.textContent = name;
    if (span) span.textContent = detail;
  }

  place(project: (at: Label['at']) => { x: number; y: number } | undefined, width: number, height: number): void {
    if (width < BRIEF !== this.#brief) {
      this.#brief = !this.#brief;
      this.#host.classList.toggle('brief', this.#brief);
      for (const shown of this.#shown.values()) shown.w = 0;
    }
    // Measured here, all at once and just before the browser lays out anyway.
    for (const shown of this.#shown.values())
      if (shown.w === 0) [shown.w, shown.h] = [shown.element.offsetWidth, shown.element.offsetHeight];
    const visible = this.#labels.flatMap((label) => {
      const [point, shown] = [project(label.at), this.#shown.get(label.key)];
      if (shown && !point) hide(shown.element, true);
      return shown && point
        ? [
            {
              shown,
              side: label.side,
              want: { ...beside(label, point, shown), w: shown.w, h: shown.h, rank: label.rank },
            },
          ]
        : [];
    });
    const at = arrange(
      visible.map((v) => v.want),
      width,
      height,
    );
    for (const [i, { shown, want, side }] of visible.entries()) {
      const to = at[i];
      hide(shown.element, !to);
      if (!to) continue;
      shown.element.style.setProperty(
        'transform',
        `translate(${(to.x - shown.w / 2).toFixed(1)}px, ${to.y.toFixed(1)}px)`,
      );
      if (!side) lead(shown, to.y - want.y, want.x - to.x);
    }
  }
}

/** Centre across and upper edge of a label's box. */
const beside = ({ side }: Label, { x, y }: { x: number; y: number }, { w, h }: Shown): { x: number; y: number } =>
  side === 'left' ? { x: x - w / 2 - 8, y: y - h / 2 } : { x, y: side === 'above' ? y - h - 4 : y };

/** A label that gave way downwards keeps a line to its point: else it would seem to name what it now lies beside. */
function lead(shown: Shown, down: number, across: number): void {
  const length = down > 3 ? Math.round(down) : 0;
  if (length !== shown.lead) shown.element.style.setProperty('--lead', `${length}px`);
  if (length > 0) shown.element.style.setProperty('--lead-across', `${across.toFixed(1)}px`);
  shown.lead = length;
}

/** Out of sight, but measurable. */
const hide = (element: HTMLElement, hidden: boolean): void => {
  if (element.classList.contains('out') !== hidden) element.classList.toggle('out', hidden);
};
