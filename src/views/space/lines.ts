// Lines of the memory scene: outlines of places, trays and rectangles, several pixels wide, rebuilt only when they
// change.
import {
  DynamicDrawUsage,
  Float32BufferAttribute,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  type ShaderMaterial,
} from 'three';
import type { Rect } from '../../frame/frame-types';
import type { Area, Place } from './layout';

/** Flat coordinates of segments: six numbers each. */
export type Segments = number[];

/** The outline of a rectangle at height y. */
export function outline({ x0, x1, z0, z1, y }: Area): Segments {
  return [x0, y, z0, x1, y, z0, x1, y, z0, x1, y, z1, x1, y, z1, x0, y, z1, x0, y, z1, x0, y, z0];
}

/** The outline of some cells of a place, `lift` above it. */
export const outlineOf = (place: Place, rect: Rect, lift: number): Segments =>
  outline({
    x0: place.x + rect.c0,
    x1: place.x + rect.c1 + 1,
    z0: place.z + rect.r0,
    z1: place.z + rect.r1 + 1,
    y: place.y + lift,
  });

/** All twelve edges of a box that hangs `height` under an area. */
export function edges(area: Area, height: number): Segments {
  const { x0, x1, z0, z1, y } = area;
  const posts = [
    [x0, z0],
    [x1, z0],
    [x0, z1],
    [x1, z1],
  ] as const;
  return [
    ...outline(area),
    ...outline({ ...area, y: y - height }),
    ...posts.flatMap(([x, z]) => [x, y, z, x, y - height, z]),
  ];
}

/** Segments of one look. */
export class Lines {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  #room = 0;
  #shown = '';

  constructor(material: ShaderMaterial, order: number) {
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('position', new Float32BufferAttribute([0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0], 3));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.instanceCount = 0;
    this.mesh = new Mesh(geometry, material);
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = order;
    this.mesh.visible = false;
  }

  /** Shows these segments and no others. */
  set(segments: Segments): void {
    const key = segments.join();
    if (key === this.#shown) return;
    this.#shown = key;
    const { geometry } = this.mesh;
    const count = segments.length / 6;
    if (count > this.#room) this.#grow(count);
    const [start, end] = [geometry.getAttribute('start'), geometry.getAttribute('end')];
    for (let i = 0; i < count; i++) {
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = segments.slice(i * 6, i * 6 + 6);
      start?.setXYZ(i, a, b, c);
      end?.setXYZ(i, d, e, f);
    }
    if (start && end) start.needsUpdate = end.needsUpdate = true;
    geometry.instanceCount = count;
    this.mesh.visible = count > 0;
  }

  #grow(count: number): void {
    this.#room = Math.max(16, count * 2);
    const { geometry } = this.mesh;
    geometry.dispose();
    for (const name of ['start', 'end']) {
      const attribute = new InstancedBufferAttribute(new Float32Array(this.#room * 3), 3);
      attribute.setUsage(DynamicDrawUsage);
      geometry.setAttribute(name, attribute);
    }
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
