// Memory in three dimensions: HBM as a floor of planes, SRAM and registers above it. This file is the frame around the
// scene; three.js comes with the scene, which is loaded when the pane is first seen.
import { signOf } from '../../ops/rules';
import { html, nothing, render, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import type { CellRef } from '../../frame/cell';
import type { Frame } from '../../frame/frame-types';
import { value } from '../../ui/format';
import { markCss, markText, mountMarks } from '../../ui/dom/mark';
import { arraysOf, captured, tensorsOf, valueAt, type Matrix } from '../shared/matrix';
import { memorySpeech, missingWords } from '../shared/levels.words';
import { colourAt, colourTable, type Scale, type Theme } from '../../ui/palette';
import { describeSpace, labelsOf, movedText, occupancyText } from './captions';
import type { Preset } from './camera';
import { cellOf, firstStep, step, type Move, type Step } from './walk';
import type { SpaceScene } from './space-scene';
import css from './space.css?inline';
import { spaceSpeech } from './space.words';
import { styles } from '../../ui/dom/style';
import type { MountedView, View, ViewEnv } from '../view';
import { hasWebGL } from '../../ui/paint/webgl';
import { byTouch } from '../../ui/dom/touch';

type Status = 'waiting' | 'loading' | 'ready' | 'lost' | 'missing' | 'failed';

/** Radians an arrow key turns. */
const TURN = 0.14;
const ZOOM = 1.25;
/** A pointer that moved farther than this between down and up turned the scene and chose nothing. */
const CLICK_PX = 4;

export const space: View = {
  id: 'space',
  title: { en: 'Memory in 3D', zh: '内存三维图' },
  css: markCss + css,
  describe: describeSpace,
  mount: (host, env) => new Space(host, env),
};

class Space implements MountedView {
  readonly #env: ViewEnv;
  readonly #words;
  readonly #root = document.createElement('div');
  readonly #stage = document.createElement('div');
  readonly #gone = new AbortController();
  readonly #sight: IntersectionObserver;
  readonly #unmark: () => void;
  #scene: SpaceScene | undefined;
  /** A named view that was asked for while there was no scene yet. */
  #wanted: Preset | undefined;
  #frame: Frame | undefined;
  #status: Status = 'waiting';
  #seen = false;
  #hovered: CellRef | undefined;
  #focused = false;
  /** Where the keys stand, once they were used. */
  #at: Step | undefined;

  constructor(host: HTMLElement, env: ViewEnv) {
    this.#env = env;
    this.#words = spaceSpeech(env.language);
    this.#root.className = 'view-space';
    this.#stage.className = 'stage';
    this.#stage.tabIndex = 0;
    this.#stage.role = 'application';
    this.#stage.ariaRoleDescription = this.#words.scene;
    this.#stage.ariaLabel = this.#words.stage;
    host.append(this.#root);
    this.#unmark = mountMarks(this.#root);
    this.#listen();
    this.#sight = new IntersectionObserver((entries) => this.#onSight(entries.at(-1)?.isIntersecting ?? false));
    this.#sight.observe(host);
    this.#update();
  }

  draw(frame: Frame): void {
    this.#frame = frame;
    if (!this.#seen) return;
    this.#scene?.draw(frame);
    this.#update();
  }

  #onSight(seen: boolean): void {
    this.#seen = seen;
    if (seen && this.#status === 'waiting') void this.#load();
    else if (seen && this.#frame) this.draw(this.#frame);
  }

  async #load(): Promise<void> {
    this.#show('loading');
    try {
      const { SpaceScene: Scene } = await import('./space-scene');
      if (!this.#gone.signal.aborted) this.#start(Scene);
    } catch {
      this.#show('failed');
    }
  }

  #start(Scene: typeof SpaceScene): void {
    const { language, theme, motion } = this.#env;
    this.#scene?.dispose();
    this.#scene = undefined;
    if (!hasWebGL()) return this.#show('missing');
    this.#scene = new Scene({
      stage: this.#stage,
      theme,
      motion,
      labels: (frame, layout) => labelsOf(frame, layout, language),
      lost: (lost) => this.#show(lost ? 'lost' : 'ready'),
    });
    if (this.#frame) this.#scene.draw(this.#frame);
    if (this.#wanted) this.#scene.view(this.#wanted, false);
    this.#wanted = undefined;
    this.#show('ready');
  }

  #view(preset: Preset): void {
    if (this.#scene) this.#scene.view(preset);
    else this.#wanted = preset;
  }

  #show(status: Status): void {
    if (this.#gone.signal.aborted) return;
    this.#status = status;
    this.#root.dataset['status'] = status;
    this.#update();
  }

  #update(): void {
    const { theme } = this.#env;
    const words = this.#words;
    render(
      html`<div class="top-line">
          ${this.#frame ? this.#told(this.#frame) : nothing}
          <div class="tools">
            <div class="segmented" role="group" aria-label=${words.views}>
              ${this.#button('home', 'R')} ${this.#button('top', 'T')} ${this.#button('front', 'F')}
            </div>
            <div class="segmented" role="group" aria-label=${words.zoom}>
              <button aria-label=${words.closer} title=${words.closer} @click=${() => this.#scene?.zoom(1 / ZOOM)}>+</button>
              <button aria-label=${words.farther} title=${words.farther} @click=${() => this.#scene?.zoom(ZOOM)}>−</button>
            </div>
          </div>
        </div>
        <div class="picture">
          ${this.#stage}
          <p class="readout" role="status">${this.#frame ? this.#readout(this.#frame) : nothing}</p>
          ${this.#message()}
        </div>
        ${guard([theme, words], () => legend(words, theme))}`,
      this.#root,
    );
  }

  #button(preset: Preset, key: string): TemplateResult {
    const label = this.#words[preset];
    return html`<button aria-keyshortcuts=${key} @click=${() => this.#view(preset)}>${label} <kbd>${key}</kbd></button>`;
  }

  /** What moves, and what is known of workgroups. */
  #told(frame: Frame): TemplateResult {
    const words = this.#words;
    const { language } = this.#env;
    const counted = markText({ kind: 'counted', provenance: frame.provenance, note: words.movedNote }, language);
    const { line, note } = occupancyText(frame, words);
    const computed = markText({ kind: 'computed', note }, language);
    return html`<p class="told">
      <span class="moved" tabindex="0" role="group" data-mark=${counted} aria-description=${counted}>${movedText(frame, words)}</span>
      <span class="groups" tabindex="0" role="group" data-mark=${computed} aria-description=${computed}>${line}</span>
    </p>`;
  }

  #message(): TemplateResult | typeof nothing {
    if (this.#status === 'ready' || this.#status === 'waiting') return nothing;
    const again = this.#status === 'lost' || this.#status === 'failed';
    return html`<p class="message" role="status">
      ${this.#words[this.#status]} ${again ? html`<button @click=${() => void this.#load()}>${this.#words.again}</button>` : nothing}
    </p>`;
  }

  #listen(): void {
    const { on } = this.#env;
    const stage = this.#stage;
    const options = { signal: this.#gone.signal };
    let down: PointerEvent | undefined;
    const hover = (cell: CellRef | undefined): void => this.#point(cell);
    stage.addEventListener(
      'pointermove',
      (event) => event.buttons === 0 && hover(this.#scene?.pick(event.clientX, event.clientY)),
      options,
    );
    stage.addEventListener('pointerleave', () => hover(undefined), options);
    // The transport's keys stay with the page: pointing takes no focus.
    stage.addEventListener('mousedown', (event) => event.preventDefault(), options);
    stage.addEventListener('pointerdown', (event) => (down = event), { ...options, capture: true });
    stage.addEventListener(
      'click',
      (event) => {
        const moved = down ? Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) : 0;
        const cell = moved <= CLICK_PX ? this.#scene?.pick(event.clientX, event.clientY) : undefined;
        if (cell) on.pin(cell);
      },
      options,
    );
    const wheel = (event: WheelEvent): void => {
      if (this.#scene) this.#scene.wheel = event.ctrlKey || event.metaKey;
    };
    stage.addEventListener('wheel', wheel, { ...options, capture: true, passive: true });
    stage.addEventListener('keydown', (event) => this.#key(event), options);
    stage.addEventListener('focus', () => this.#focus(true), options);
    stage.addEventListener('blur', () => this.#focus(false), options);
    window.addEventListener('keydown', (event) => this.#shortcut(event), options);
  }

  /** Keys of the focused scene: arrows walk over cells, with Shift they turn. Nothing of them reaches the transport. */
  #key(event: KeyboardEvent): void {
    const scene = this.#scene;
    if (!scene || event.ctrlKey || event.altKey || event.metaKey) return;
    const turns: Record<string, () => void> = {
      ArrowLeft: () => scene.turn(-TURN, 0),
      ArrowRight: () => scene.turn(TURN, 0),
      ArrowUp: () => scene.turn(0, TURN),
      ArrowDown: () => scene.turn(0, -TURN),
      '+': () => scene.zoom(1 / ZOOM),
    };
    const keys: Record<string, () => void> = {
      ArrowLeft: () => this.#walk({ rows: 0, cols: -1 }),
      ArrowRight: () => this.#walk({ rows: 0, cols: 1 }),
      ArrowUp: () => this.#walk({ rows: -1, cols: 0 }),
      ArrowDown: () => this.#walk({ rows: 1, cols: 0 }),
      PageDown: () => this.#walk({ matrices: 1 }),
      PageUp: () => this.#walk({ matrices: -1 }),
      '+': () => scene.zoom(1 / ZOOM),
      '=': () => scene.zoom(1 / ZOOM),
      '-': () => scene.zoom(ZOOM),
    };
    const pointed = this.#hovered;
    if (pointed) keys['Enter'] = () => this.#env.on.pin(pointed);
    const act = (event.shiftKey ? turns : keys)[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Points at a cell; `at` where keys did. */
  #point(cell: CellRef | undefined, at?: Step): void {
    const same =
      cell?.role === this.#hovered?.role && cell?.row === this.#hovered?.row && cell?.col === this.#hovered?.col;
    this.#hovered = cell;
    this.#at = at;
    if (!same) this.#env.on.hover(cell);
    else this.#update();
  }

  #focus(has: boolean): void {
    this.#focused = has;
    if (!has && this.#at) this.#point(undefined);
    else this.#update();
  }

  #walk(move: Move): void {
    const frame = this.#frame;
    if (!frame) return;
    const all = matricesOf(frame);
    const at = this.#at ? step(all, this.#at, move) : firstStep(all, frame.selection.cell);
    const matrix = all.find(({ key }) => key === at?.key);
    if (at && matrix) this.#point(cellOf(matrix, at), at);
  }

  /** The cell that is pointed at, in words; where keys point, in which level's array it stands. */
  #readout(frame: Frame): string {
    const { cell } = frame.selection;
    if (!cell) return this.#focused ? this.#words.keys : byTouch() ? this.#words.touch : this.#words.hint;
    const all = matricesOf(frame);
    const own = all.find(({ key }) => key === this.#at?.key);
    const found =
      own && this.#at
        ? valueAt(own, this.#at.row, this.#at.col)
        : captured([...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg'), ...tensorsOf(frame)], cell)?.value;
    const words = memorySpeech(this.#env.language);
    const number =
      found === undefined ? (own ? words.notWritten : missingWords(frame.explanation, words)) : value(found);
    const where = own ? `${this.#words[own.level]} ${own.name} · ` : '';
    return `${where}${signOf(cell.role)} · ${words.cellText(cell.row, cell.col, number)}`;
  }

  /** The named views, from anywhere on the page while the scene is seen. */
  #shortcut(event: KeyboardEvent): void {
    const preset = ({ t: 'top', f: 'front', r: 'home' } as const satisfies Record<string, Preset>)[
      event.key.toLowerCase() as 't'
    ];
    const target = event.composedPath()[0];
    const typing =
      target instanceof Element && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
    if (!preset || !this.#seen || typing || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey)
      return;
    event.preventDefault();
    this.#view(preset);
  }

  dispose(): void {
    this.#gone.abort();
    this.#sight.disconnect();
    this.#unmark();
    this.#scene?.dispose();
    this.#scene = undefined;
    this.#root.remove();
  }
}

/** Everything that has cells, from the floor up. */
const matricesOf = (frame: Frame): Matrix[] => [
  ...tensorsOf(frame),
  ...arraysOf(frame, 'sram'),
  ...arraysOf(frame, 'reg'),
];

/** What colours, hatches and outlines mean. */
function legend(words: ReturnType<typeof spaceSpeech>, theme: Theme): TemplateResult {
  const ramp = (scale: Scale): TemplateResult => {
    const stops = Array.from({ length: 9 }, (_, i) => colourAt(colourTable(theme, scale), i / 8));
    return html`<i class="ramp" ${styles({ 'background-image': `linear-gradient(90deg, ${stops.join(', ')})` })}></i>`;
  };
  return html`<ul class="legend">
    <li class="area">${words.area}</li>
    <li>${words.signedKey} <span class="num">−</span>${ramp('diverging')}<span class="num">+</span></li>
    <li>${words.weightKey} <span class="num">0</span>${ramp('sequential')}<span>${words.most}</span></li>
    <li><i class="swatch reads"></i>${words.readKey}</li>
    <li><i class="swatch writes"></i>${words.writeKey}</li>
    <li><i class="swatch empty"></i>${words.emptyKey}</li>
    <li><i class="swatch ghost"></i>${words.ghostKey}</li>
    <li><i class="swatch other"></i>${words.otherKey}</li>
  </ul>`;
}
