// The timeline of a workgroup's phases: what each does by colour, grouped by tile; the tile under the cursor once more,
// large, with names.
import type { Frame } from '../../frame/frame-types';
import { element } from '../../ui/dom/element';

type Phase = Frame['phases'][number];

/** What a phase does, which gives its colour. Names are those of the kernels' `// phase:` comments. */
export function phaseKind(name: string): 'load' | 'scores' | 'softmax' | 'output' | 'write' | 'other' {
  if (name.startsWith('load')) return 'load';
  if (name.startsWith('S =')) return 'scores';
  if (name === 'softmax' || name.startsWith('row') || name === 'merge m, l') return 'softmax';
  if (name.startsWith('O ') || name === 'merge O') return 'output';
  return name.startsWith('write') ? 'write' : 'other';
}

/** Runs of phases of one tile, in order. */
export function tileGroups(phases: readonly Phase[]): Phase[][] {
  const groups: Phase[][] = [];
  for (const phase of phases) {
    const last = groups.at(-1);
    if (last && last[0]?.tile === phase.tile) last.push(phase);
    else groups.push([phase]);
  }
  return groups;
}

/**
 * Which tile a phase is of, as it is written: its round; where loops stand in loops the round of each, outermost first,
 * and nothing of what is in none of them.
 */
export function tileLabel(phase: Pick<Phase, 'tile' | 'loops'>, nested: boolean): string {
  if (nested) return phase.loops.map(({ round }) => round + 1).join('·');
  return String(phase.tile + 1);
}

/** Whether loops stand in loops around any of the phases. */
export const isNested = (phases: readonly Pick<Phase, 'loops'>[]): boolean =>
  phases.some(({ loops }) => loops.length > 1);

/** The label of a group: that of its innermost step. */
const groupLabel = (group: readonly Phase[], nested: boolean): string => {
  const inner = group.reduce<Phase | undefined>(
    (most, phase) => (most && most.loops.length >= phase.loops.length ? most : phase),
    undefined,
  );
  return inner ? tileLabel(inner, nested) : '';
};

/** More phases than this, and the overview shows tiles instead of phases. */
const MANY = 120;
/** Room that a name needs. */
const NAMED = 76;
/** Room that a tile's number needs, and each character of a longer one. */
const NUMBERED = 30;
const CHARACTER = 9;

interface Segment {
  cell: HTMLElement;
  /** The executed phases it stands for. */
  from: number;
  to: number;
  state: '' | 'later' | 'now' | 'done';
}

/** What a tile is called, and how a phase's name is said. */
interface TimelineWords {
  tile: string;
  phaseNamed(name: string): string;
}

export interface Timeline {
  overview: HTMLElement;
  /** The tile under the cursor with names; hidden when the overview has room for names itself. */
  detail: HTMLElement;
  /** `width` in pixels decides what is named. */
  draw(frame: Frame, width: number): void;
}

/** Mounts the timeline. `go` gets the executed phase that was clicked. */
export function timeline(go: (phase: number) => void, words: TimelineWords): Timeline {
  const [overview, detail] = [element('div', 'overview'), element('div', 'detail')];
  for (const part of [overview, detail]) {
    // For the pointer only: keys and screen readers have the range input.
    part.ariaHidden = 'true';
    part.addEventListener('click', (event) => {
      const k = (event.target as Element).closest<HTMLElement>('[data-k]')?.dataset['k'];
      if (k !== undefined) go(Number(k));
    });
  }
  let built: { phases: unknown; width: number } | undefined;
  let cells: Segment[] = [];
  let chips: Segment[] = [];
  let detailed = -1;
  let written = '';

  const build = (phases: readonly Phase[], width: number): void => {
    const groups = tileGroups(phases);
    const nested = isNested(phases);
    const labels = groups.map((group) => groupLabel(group, nested));
    const condensed = phases.length > MANY;
    const named = !condensed && width / Math.max(1, phases.length) >= NAMED;
    cells = [];
    detailed = -1;
    overview.classList.toggle('named', named);
    overview.classList.toggle('condensed', condensed);
    const least = Math.min(...groups.map((group) => group.length));
    const room = Math.max(NUMBERED, CHARACTER * Math.max(...labels.map(({ length }) => length)));
    overview.classList.toggle('numbered', groups.length > 1 && (least * width) / phases.length >= room);
    overview.replaceChildren(
      ...groups.flatMap((group, at) => {
        const last = group.at(-1) as Phase;
        const label = labels[at] ?? '';
        const parts = condensed
          ? [element('div', 'cell whole')]
          : group.map((phase) => segment(phase, named ? words.phaseNamed(phase.name) : ''));
        parts.forEach((cell, i) => {
          const from = group[i] as Phase;
          const to = condensed ? last : from;
          cell.dataset['k'] = String(from.k);
          const own = tileLabel(from, nested);
          cell.title = condensed
            ? `${words.tile} ${label}`
            : words.phaseNamed(from.name) + (own && ` · ${words.tile} ${own}`);
          cell.style.setProperty('flex-grow', String(to.k - from.k + 1));
          cells.push({ cell, from: from.k, to: to.k, state: '' });
        });
        parts[0]?.classList.add('starts');
        if (parts[0]) parts[0].dataset['tile'] = label;
        return parts;
      }),
    );
    detail.hidden = named || phases.length < 2;
    built = { phases, width };
  };

  const drawDetail = (group: readonly Phase[]): void => {
    const first = group[0] as Phase;
    if (detailed === first.k) return;
    detailed = first.k;
    const names = group.map(({ name }) => name).join();
    // The next tile has the same phases: their cells stay.
    if (names === written) {
      group.forEach(({ k }, i) => {
        const chip = chips[i];
        if (!chip) return;
        chip.cell.dataset['k'] = String(k);
        chip.from = chip.to = k;
      });
    } else {
      chips = group.map((phase) => ({
        cell: segment(phase, words.phaseNamed(phase.name)),
        from: phase.k,
        to: phase.k,
        state: '',
      }));
      detail.replaceChildren(...chips.map(({ cell }) => cell));
    }
    written = names;
  };

  return {
    overview,
    detail,
    draw(frame, width) {
      if (built?.phases !== frame.phases || built.width !== width) build(frame.phases, width);
      const k = frame.cursor.phase;
      for (const cell of cells) tell(cell, k);
      if (detail.hidden) return;
      const group = frame.phases.filter((phase) => phase.tile === frame.phase.tile);
      if (group.length === 0) return;
      drawDetail(group);
      for (const chip of chips) tell(chip, k);
    },
  };
}

function tell(one: Segment, k: number): void {
  const next = k < one.from ? 'later' : k > one.to ? 'done' : 'now';
  if (one.state === next) return;
  one.state = next;
  one.cell.dataset['state'] = next;
}

function segment(phase: Phase, text: string): HTMLElement {
  const cell = element('div', `cell ${phaseKind(phase.name)}`, text);
  cell.dataset['k'] = String(phase.k);
  return cell;
}
