// What moves in the memory scene: an arrow for every counted way of the step, and, when a step is taken, the tiles
// themselves flying along it.
import { BufferGeometry, Float32BufferAttribute, Group, Mesh, type ShaderMaterial, type Vector3 } from 'three';
import type { Rect } from '../../frame/frame-types';
import type { Vec } from './camera';
import type { End, Flow } from './flows';
import type { Area, Layout } from './layout';
import { arrowMaterial, slabMaterial, type Screen, type Skin } from './materials';
import { unitBox, type Solid } from './solids';

/** How long tiles fly, ms. */
export const FLIGHT_MS = 340;

const middle = (a: Area): Vec => [(a.x0 + a.x1) / 2, a.y, (a.z0 + a.z1) / 2];

/** Where a way ends in space: the middle of its cells, a little above them. */
function pointOf(end: End, layout: Layout): Vec {
  const place = end.key === undefined ? undefined : layout.places.get(end.key);
  if (!place || end.key === undefined) return middle(layout.reg);
  return [place.x + (end.rect.c0 + end.rect.c1 + 1) / 2, place.y + 1, place.z + (end.rect.r0 + end.rect.r1 + 1) / 2];
}

/** A bow from a to c: its middle point raised by a part of the way. */
function bow(a: Vec, c: Vec): Vec {
  const way = Math.hypot(c[0] - a[0], c[1] - a[1], c[2] - a[2]);
  return [(a[0] + c[0]) / 2, Math.max(a[1], c[1]) + 0.22 * way, (a[2] + c[2]) / 2];
}

const along = (a: Vec, b: Vec, c: Vec, t: number): Vec => {
  const at = (i: 0 | 1 | 2): number => (1 - t) * (1 - t) * a[i] + 2 * t * (1 - t) * b[i] + t * t * c[i];
  return [at(0), at(1), at(2)];
};

/** The strip that an arrow's shader bends: t along, -1 and 1 across; the head begins at a doubled point. */
function strip(): BufferGeometry {
  const ts = [...Array.from({ length: 25 }, (_, i) => (i / 24) * 0.9), 0.905, 0.95, 1];
  const geometry = new BufferGeometry();
  const corners = ts.flatMap((t) => [t, -1, 0, t, 1, 0]);
  geometry.setAttribute('position', new Float32BufferAttribute(corners, 3));
  geometry.setIndex(ts.slice(1).flatMap((_, i) => [2 * i, 2 * i + 1, 2 * i + 2, 2 * i + 2, 2 * i + 1, 2 * i + 3]));
  return geometry;
}

interface Flight {
  mesh: Mesh;
  material: ShaderMaterial;
  path: readonly [Vec, Vec, Vec];
  /** Part of the whole time in which it flies. */
  begin: number;
  end: number;
  /** Cells that wait for it. */
  waiting: { solid: Solid; rect: Rect } | undefined;
}

export interface MotionEnv {
  skin: Skin;
  screen: Screen;
  tones: Readonly<Record<'hbm' | 'sram', Vector3>>;
}

export class Motion {
  readonly group = new Group();
  readonly #env: MotionEnv;
  readonly #strip = strip();
  readonly #box = unitBox();
  readonly #arrows: Mesh<BufferGeometry, ShaderMaterial>[] = [];
  #flights: Flight[] = [];

  constructor(env: MotionEnv) {
    this.#env = env;
  }

  /** Arrows for these ways; widths by √bytes against the widest step. */
  arrows(flows: readonly Flow[], layout: Layout, widest: number): void {
    for (const [i, flow] of flows.entries()) {
      const arrow = this.#arrows[i] ?? this.#addArrow();
      const [a, c] = [pointOf(flow.from, layout), pointOf(flow.to, layout)];
      const { uniforms } = arrow.material;
      uniforms['a']?.value.set(...a);
      uniforms['b']?.value.set(...bow(a, c));
      uniforms['c']?.value.set(...c);
      if (uniforms['px']) uniforms['px'].value = 1.2 + 2.6 * Math.sqrt(flow.bytes / Math.max(widest, 1));
      const touchesHbm = flow.from.level === 'hbm' || flow.to.level === 'hbm';
      uniforms['colour']?.value.copy(this.#env.tones[touchesHbm ? 'hbm' : 'sram']);
      arrow.visible = true;
    }
    for (const arrow of this.#arrows.slice(flows.length)) arrow.visible = false;
  }

  #addArrow(): Mesh<BufferGeometry, ShaderMaterial> {
    const arrow = new Mesh(this.#strip, arrowMaterial(this.#env.tones.hbm.clone(), this.#env.screen));
    arrow.frustumCulled = false;
    arrow.renderOrder = 8;
    this.#arrows.push(arrow);
    this.group.add(arrow);
    return arrow;
  }

  /**
   * Sends a copy of every way's cells off: what is read first, what is written after it. Needs `advance` until it
   * returns false.
   */
  launch(flows: readonly Flow[], layout: Layout, solids: ReadonlyMap<string, Solid>): void {
    this.land();
    const gathers = flows.some((f) => f.to.key === undefined) && flows.some((f) => f.from.key === undefined);
    for (const flow of flows) {
      const carried = flow.from.key === undefined ? flow.to : flow.from;
      const solid = carried.key === undefined ? undefined : solids.get(carried.key);
      if (!solid || carried.key === undefined) continue;
      const target = flow.to.key === undefined ? undefined : solids.get(flow.to.key);
      const { rect } = carried;
      const material = slabMaterial(
        this.#env.skin,
        this.#env.screen,
        solid.texture,
        solid.place.cols,
        solid.place.rows,
      );
      material.uniforms['part']?.value.set(rect.c0, rect.r0, rect.c1 - rect.c0 + 1, rect.r1 - rect.r0 + 1);
      const mesh = new Mesh(this.#box, material);
      mesh.scale.set(rect.c1 - rect.c0 + 1, 0.8, rect.r1 - rect.r0 + 1);
      mesh.renderOrder = 7;
      const [a, c] = [pointOf(flow.from, layout), pointOf(flow.to, layout)];
      const [begin, end] = !gathers ? [0, 1] : flow.from.key === undefined ? [0.45, 1] : [0, 0.55];
      const waiting = target && flow.to.key !== undefined ? { solid: target, rect: flow.to.rect } : undefined;
      waiting?.solid.hold(waiting.rect, 1);
      this.#flights.push({ mesh, material, path: [a, bow(a, c), c], begin, end, waiting });
      this.group.add(mesh);
    }
  }

  get flying(): boolean {
    return this.#flights.length > 0;
  }

  /** The picture at part t of the flight's time. */
  advance(t: number): void {
    if (t >= 1) return this.land();
    for (const { mesh, material, path, begin, end, waiting } of this.#flights) {
      const part = Math.max(0, Math.min(1, (t - begin) / (end - begin)));
      const eased = part * part * (3 - 2 * part);
      mesh.position.set(...along(...path, eased));
      mesh.visible = part > 0 && part < 1;
      if (material.uniforms['opacity'])
        material.uniforms['opacity'].value = waiting ? 1 : 1 - Math.max(0, eased - 0.7) / 0.3;
      waiting?.solid.hold(waiting.rect, eased < 0.8 ? 1 : (1 - eased) / 0.2);
    }
  }

  /** Ends all flights: everything stands where it belongs. */
  land(): void {
    for (const { mesh, material, waiting } of this.#flights) {
      waiting?.solid.hold(waiting.rect, 0);
      this.group.remove(mesh);
      material.dispose();
    }
    this.#flights = [];
  }

  dispose(): void {
    this.land();
    for (const arrow of this.#arrows) arrow.material.dispose();
    this.#strip.dispose();
    this.#box.dispose();
  }
}
