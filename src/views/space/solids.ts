// The matrices of the memory scene as things in space: slabs with a picture for tensors in HBM, fields of instanced
// cells for arrays on the chip.
import {
  BoxGeometry,
  CanvasTexture,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  NearestFilter,
  type DataTexture,
  type ShaderMaterial,
} from 'three';
import type { Rect } from '../../frame/frame-types';
import type { Matrix } from '../shared/matrix';
import { Painter } from '../shared/level-paint';
import type { Theme } from '../../ui/palette';
import { colourCells, sameCells } from './cells';
import type { Place } from './layout';
import { cellMaterial, cellTexture, slabMaterial, type Screen, type Skin } from './materials';

/** A unit box: x and z from -0.5 to 0.5, its upper face at y = 0. */
export function unitBox(): BoxGeometry {
  const box = new BoxGeometry(1, 1, 1);
  box.translate(0, -0.5, 0);
  return box;
}

/** Something that shows a matrix, and whose picture a flying tile can carry. */
export interface Solid {
  readonly mesh: Mesh;
  readonly place: Place;
  readonly texture: CanvasTexture | DataTexture;
  /** Brings it to the frame's state, or empties it; false when it was there already. */
  show(m: Matrix | undefined, tensor: Float32Array | undefined): boolean;
  /** Hides cells that are still on their way: 0 shows them, 1 hides them. */
  hold(rect: Rect, held: number): void;
  dispose(): void;
}

/** Thickness of a slab of HBM, in cells. */
export const SLAB = 2.4;

/**
 * A tensor: the same painter as the flat view, on a slab. Only rectangles written at or before the cursor have colour.
 */
export function makeSlab(place: Place, theme: Theme, skin: Skin, screen: Screen, anisotropy: number): Solid {
  const painter = new Painter(theme);
  const texture = new CanvasTexture(painter.canvas);
  texture.flipY = false;
  texture.magFilter = NearestFilter;
  texture.minFilter = LinearMipmapLinearFilter;
  texture.anisotropy = anisotropy;
  const material = slabMaterial(skin, screen, texture, place.cols, place.rows);
  const mesh = new Mesh(unitBox(), material);
  mesh.scale.set(place.cols, SLAB, place.rows);
  mesh.position.set(place.x + place.cols / 2, place.y, place.z + place.rows / 2);
  let size = '';
  return {
    mesh,
    place,
    texture,
    show(m) {
      if (!m) return false;
      const before = painter.paints;
      painter.paint(m, false, undefined);
      if (painter.paints === before) return false;
      const now = `${painter.canvas.width} ${painter.canvas.height}`;
      // A texture has one size for life: another canvas size needs another.
      if (now !== size) texture.dispose();
      size = now;
      texture.needsUpdate = true;
      return true;
    },
    hold: (rect, held) => holdBack(material, rect, held),
    dispose() {
      mesh.geometry.dispose();
      material.dispose();
      texture.dispose();
    },
  };
}

function holdBack(material: ShaderMaterial, rect: Rect, held: number): void {
  material.uniforms['hold']?.value.set(rect.c0, rect.r0, rect.c1 + 1, rect.r1 + 1);
  if (material.uniforms['held']) material.uniforms['held'].value = held;
}

/** An array: one instance a cell, its colour the captured value's. */
export function makeField(place: Place, theme: Theme, skin: Skin, screen: Screen): Solid {
  const bytes = new Uint8Array(place.rows * place.cols * 4);
  const tint = new InstancedBufferAttribute(bytes, 4, true);
  tint.setUsage(DynamicDrawUsage);
  const box = new BoxGeometry(1, 1, 1);
  box.translate(0, 0.5, 0);
  const geometry = new InstancedBufferGeometry();
  geometry.index = box.index;
  for (const name of ['position', 'normal']) geometry.setAttribute(name, box.getAttribute(name));
  geometry.setAttribute('tint', tint);
  geometry.instanceCount = place.rows * place.cols;
  const material = cellMaterial(skin, screen, place.cols);
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  mesh.position.set(place.x, place.y, place.z);
  const texture = cellTexture(bytes, place.cols, place.rows);
  texture.minFilter = LinearFilter;
  let shown: Matrix | undefined;
  return {
    mesh,
    place,
    texture,
    show(m, tensor) {
      if (m ? sameCells(shown, m) : shown === undefined) return false;
      shown = m;
      if (m) colourCells(m, theme, tensor, bytes);
      else bytes.fill(0);
      tint.needsUpdate = true;
      texture.needsUpdate = true;
      return true;
    },
    hold(_rect, held) {
      if (material.uniforms['held']) material.uniforms['held'].value = held;
    },
    dispose() {
      geometry.dispose();
      box.dispose();
      material.dispose();
      texture.dispose();
    },
  };
}
