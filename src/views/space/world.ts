// The memory scene's things, built once for a layout and brought to each frame: ground, trays, slabs, cells, ghosts,
// outlines. No camera, no renderer.
import { Group, Mesh, Vector2, Vector4, type Material, type Vector3 } from 'three';
import type { Frame } from '../../frame/frame-types';
import { arraysOf, localPart, rowsAreQueries, tensorsOf, type Matrix } from '../shared/matrix';
import { stepsOf } from '../shared/level-steps';
import type { Theme } from '../../ui/palette';
import { isPairs, PAIRS } from '../../frame/axes';
import { contentsOf, ghostKey, idOfGhost, occupancyOf } from './contents';
import { flowsOf, type Flow } from './flows';
import { areaOf, layoutOf, type Area, type Layout, type Place } from './layout';
import { edges, Lines, outline, outlineOf, type Segments } from './lines';
import {
  ghostMaterial,
  glassMaterial,
  groundMaterial,
  lineMaterial,
  rgb,
  slabMaterial,
  type Screen,
  type Skin,
} from './materials';
import { Motion } from './motion';
import { makeField, makeSlab, SLAB, unitBox, type Solid } from './solids';

/** Height of the trays under the chip's arrays. */
const TRAY = 3;
/** Outlines lie this far above the cells. */
const LIFT = 0.6;

const LOOKS = {
  hbm: ['--hbm', 1, 0, 0.6],
  sram: ['--sram', 1.4, 0, 0.9],
  reg: ['--reg', 1.4, 0, 0.9],
  fits: ['--sram', 1.2, 0, 0.6],
  others: ['--sram', 1, 0, 0.22],
  ghosts: ['--ink-3', 1.4, 5, 0.9],
  scale: ['--ink-2', 1.2, 0, 0.8],
  live: ['--ink-2', 1.3, 0, 0.9],
  row: ['--ink', 1.2, 0, 0.6],
  reads: ['--input', 2.5, 0, 1],
  writes: ['--live', 2.5, 5, 1],
  input: ['--focus', 2.5, 0, 1],
  cell: ['--focus', 3.5, 0, 1],
} as const satisfies Record<string, readonly [tone: string, width: number, dash: number, opacity: number]>;
type Look = keyof typeof LOOKS;

export interface WorldEnv {
  theme: Theme;
  /** Reads a custom property of the page's theme. */
  css(name: string): string;
  screen: Screen;
  anisotropy: number;
}

export class World {
  readonly group = new Group();
  readonly layout: Layout;
  readonly motion: Motion;
  readonly solids = new Map<string, Solid>();
  readonly #lines = new Map<Look, Lines>();
  readonly #scrap: { dispose(): void }[] = [];
  readonly #skin: Skin;
  readonly #env: WorldEnv;
  /** The live tile once more, where it would lie in S or P. */
  #echo: { mesh: Mesh; key: string } | undefined;

  constructor(frame: Frame, env: WorldEnv) {
    this.#env = env;
    const tone = (name: string): Vector3 => rgb(env.css(name));
    this.layout = layoutOf(contentsOf(frame));
    this.#skin = { base: tone('--panel'), hatch: tone('--hatch'), side: tone('--line') };
    this.motion = new Motion({
      skin: this.#skin,
      screen: env.screen,
      tones: { hbm: tone('--hbm'), sram: tone('--sram') },
    });
    for (const [i, [name, [colour, width, dash, opacity]]] of Object.entries(LOOKS).entries()) {
      const lines = new Lines(lineMaterial(tone(colour), env.screen, width, dash, opacity), 3 + i / 100);
      this.#lines.set(name as Look, lines);
      this.group.add(lines.mesh);
    }
    this.group.add(this.motion.group);
    this.#ground(tone);
    this.#trays(tone);
    this.#matrices(tone);
    this.#still(frame);
  }

  #add(mesh: Mesh, order: number): void {
    mesh.renderOrder = order;
    this.group.add(mesh);
    this.#scrap.push(mesh.geometry, mesh.material as Material);
  }

  /** A box whose upper face is the area. */
  #slab(area: Area, height: number, material: Material, order: number): void {
    const mesh = new Mesh(unitBox(), material);
    mesh.scale.set(area.x1 - area.x0, height, area.z1 - area.z0);
    mesh.position.set((area.x0 + area.x1) / 2, area.y, (area.z0 + area.z1) / 2);
    this.#add(mesh, order);
  }

  #ground(tone: (name: string) => Vector3): void {
    const { floor, sram, reg } = this.layout;
    const shade = (a: Area): Vector4 =>
      new Vector4((a.x0 + a.x1) / 2, (a.z0 + a.z1) / 2, (a.x1 - a.x0) / 2, (a.z1 - a.z0) / 2);
    const soft = 0.3 * Math.max((floor.x1 - floor.x0) / 8, floor.z1 - floor.z0);
    const wide = { x0: floor.x0 - soft, x1: floor.x1 + soft, z0: floor.z0 - soft, z1: floor.z1 + soft, y: -SLAB };
    const half = new Vector2((wide.x1 - wide.x0) / 2, (wide.z1 - wide.z0) / 2);
    const shadow = this.#env.theme === 'dark' ? 0.55 : 0.14;
    const cell = this.layout.scale.x1 - this.layout.scale.x0;
    const material = groundMaterial(
      tone('--hbm-soft'),
      tone('--hbm'),
      shadow,
      half,
      cell,
      [shade(sram ?? reg), shade(reg)],
      reg.y * 0.25,
    );
    this.#slab(wide, 0.01, material, 0);
  }

  #trays(tone: (name: string) => Vector3): void {
    const { sram, reg, ghosts } = this.layout;
    if (sram) this.#slab({ ...sram, y: sram.y - 0.1 }, TRAY, glassMaterial(tone('--sram-soft'), 0.93), 1);
    this.#slab({ ...reg, y: reg.y - 0.1 }, TRAY, glassMaterial(tone('--reg-soft'), 0.93), 1.2);
    for (const ghost of ghosts) this.#slab(areaOf(ghost), 0.01, ghostMaterial(tone('--ink-3'), this.#env.screen), 1.1);
  }

  #matrices(tone: (name: string) => Vector3): void {
    const { theme, screen, anisotropy } = this.#env;
    for (const place of this.layout.places.values()) {
      const skin = place.level === 'hbm' ? { ...this.#skin, side: tone('--hbm').multiplyScalar(0.55) } : this.#skin;
      const solid =
        place.level === 'hbm'
          ? makeSlab({ ...place, y: 0 }, theme, skin, screen, anisotropy)
          : makeField(place, theme, skin, screen);
      solid.mesh.renderOrder = 2;
      this.solids.set(place.key, solid);
      this.group.add(solid.mesh);
    }
  }

  /** Outlines that stay. */
  #still(frame: Frame): void {
    const { sram, reg, ghosts, others, scale, places } = this.layout;
    const fit = (occupancyOf(frame).fit ?? 1) - 1;
    this.#set('sram', sram ? edges(sram, TRAY) : []);
    this.#set('reg', edges(reg, TRAY));
    this.#set('fits', others.slice(0, Math.max(0, fit)).flatMap(outline));
    this.#set('others', others.slice(Math.max(0, fit)).flatMap(outline));
    this.#set(
      'ghosts',
      ghosts.flatMap((g) => outline(areaOf(g))),
    );
    this.#set('scale', outline({ ...scale, y: 0.2 }));
    this.#set(
      'hbm',
      [...places.values()].filter((p) => p.level === 'hbm').flatMap((p) => outline(areaOf(p))),
    );
  }

  #set(look: Look, segments: Segments): void {
    this.#lines.get(look)?.set(segments);
  }

  /** Brings everything to the frame. Returns its ways, for whoever wants them to fly. */
  draw(frame: Frame): Flow[] {
    const matrices = [...tensorsOf(frame), ...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg')];
    const byKey = new Map(matrices.map((m) => [m.key, m]));
    for (const [key, solid] of this.solids) {
      const m = byKey.get(key);
      const tensor = m?.level === 'sram' ? frame.tensors[m.role] : undefined;
      solid.show(m, tensor?.materialised ? tensor.values : undefined);
    }
    this.#marks(frame, matrices);
    this.#tile(matrices);
    const flows = flowsOf(frame);
    this.motion.arrows(flows, this.layout, frame.workgroup ? stepsOf(frame.pass, frame.workgroup).largest : 1);
    return flows;
  }

  #marks(frame: Frame, matrices: readonly Matrix[]): void {
    const { row, cell } = frame.selection;
    const marks: Record<'live' | 'row' | 'reads' | 'writes' | 'input' | 'cell', Segments> = {
      live: [],
      row: [],
      reads: [],
      writes: [],
      input: [],
      cell: [],
    };
    const inputs = frame.explanation?.inputs ?? [];
    const ghosts = this.#ghostMatrices(matrices);
    for (const m of [...matrices, ...ghosts]) {
      const place = this.layout.places.get(m.key) ?? this.layout.ghosts.find((g) => g.key === m.key);
      if (!place) continue;
      const put = (look: keyof typeof marks, rect: ReturnType<typeof localPart>, lift = LIFT): void => {
        if (rect) marks[look].push(...outlineOf(place, rect, place.level === 'hbm' ? lift * 0.3 : lift));
      };
      put('live', m.live);
      put('reads', m.reads);
      put('writes', m.writes, LIFT * 1.3);
      if (rowsAreQueries(m) && m.bytes > 0) put('row', localPart(m, { r0: row, r1: row, c0: 0, c1: Infinity }));
      for (const input of inputs) if (input.tensor === m.role) put('input', localPart(m, input.rect));
      if (cell?.role === m.role) put('cell', localPart(m, { r0: cell.row, r1: cell.row, c0: cell.col, c1: cell.col }));
    }
    for (const [look, segments] of Object.entries(marks)) this.#set(look as Look, segments);
  }

  /** Ghosts as matrices without a value, so that rows, cells and the live tile can be marked on them. */
  #ghostMatrices(matrices: readonly Matrix[]): Matrix[] {
    const held = matrices.find((m) => m.level === 'sram' && isPairs(m.axes));
    return this.layout.ghosts.map(({ key, rows, cols }) => {
      const role = idOfGhost(key);
      const tile =
        held?.role === role
          ? { r0: held.row0, r1: held.row0 + held.rows - 1, c0: held.col0, c1: held.col0 + held.cols - 1 }
          : undefined;
      const whole = {
        key,
        level: 'sram',
        name: role,
        role,
        axes: PAIRS,
        rows,
        cols,
        row0: 0,
        col0: 0,
        values: new Float32Array(0),
        bytes: 0,
      } as const;
      const ghost: Matrix = {
        ...whole,
        inside: { rows, cols },
        written: [],
        reads: undefined,
        writes: undefined,
        live: undefined,
      };
      return { ...ghost, live: tile && localPart(ghost, tile) };
    });
  }

  /** The tile of S or P that workgroup memory holds, laid where it would be in the whole matrix. */
  #tile(matrices: readonly Matrix[]): void {
    const held = matrices.find((m) => m.level === 'sram' && isPairs(m.axes));
    const ghost = held && this.layout.ghosts.find((g) => g.key === ghostKey(held.role));
    const solid = held && this.solids.get(held.key);
    if (!held || !ghost || !solid) {
      if (this.#echo) this.#echo.mesh.visible = false;
      return;
    }
    if (this.#echo?.key !== held.key) this.#makeEcho(held, solid);
    const mesh = this.#echo?.mesh;
    if (!mesh) return;
    mesh.visible = true;
    mesh.position.set(ghost.x + held.col0 + held.cols / 2, ghost.y + 0.5, ghost.z + held.row0 + held.rows / 2);
  }

  #makeEcho(held: Matrix, solid: Solid): void {
    const mesh = new Mesh(unitBox(), slabMaterial(this.#skin, this.#env.screen, solid.texture, held.cols, held.rows));
    mesh.scale.set(held.cols, 0.4, held.rows);
    this.#add(mesh, 2.1);
    this.#echo = { mesh, key: held.key };
  }

  /** Places that a pointer can meet, and how high their cells stand. */
  get places(): readonly Place[] {
    return [...this.layout.places.values()];
  }

  dispose(): void {
    this.motion.dispose();
    for (const solid of this.solids.values()) solid.dispose();
    for (const lines of this.#lines.values()) lines.dispose();
    for (const piece of this.#scrap) piece.dispose();
  }
}
