// The 3D scene of a block through all layers, with three.js; loaded on demand. Renders only when something changed.
import {
  AmbientLight,
  Box3,
  Box3Helper,
  BoxGeometry,
  Color,
  DirectionalLight,
  InstancedMesh,
  Matrix4,
  MeshLambertMaterial,
  PerspectiveCamera,
  Quaternion,
  Scene,
  Spherical,
  Vector3,
  WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { CacheShape } from '../../../paging';
import { inkOf } from '../../../ui/paint/ink';
import { stackBars, stackSize } from './stack';

const FOV = 32;
const THICK = 0.8;
/** The camera's distance, as a share of the distance from which everything fits. */
const NEAR = 0.97;

export class StackScene {
  readonly #stage: HTMLElement;
  readonly #renderer = new WebGLRenderer({ alpha: true, antialias: true, preserveDrawingBuffer: true });
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FOV);
  readonly #controls: OrbitControls;
  readonly #geometry = new BoxGeometry(1, 1, 1);
  readonly #material = new MeshLambertMaterial();
  readonly #colours: Readonly<Record<'key' | 'value' | 'empty' | 'line', Color>>;
  readonly #sizes: ResizeObserver;
  #mesh: InstancedMesh | undefined;
  #frame: Box3Helper | undefined;
  #handle = 0;
  #extent = 0;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    const ink = inkOf(stage, 'input', 'live', 'line', 'line-strong');
    this.#colours = {
      key: new Color(ink.input),
      value: new Color(ink.live),
      empty: new Color(ink.line),
      line: new Color(ink['line-strong']),
    };
    const { domElement: canvas } = this.#renderer;
    canvas.style.setProperty('touch-action', 'pan-y');
    stage.prepend(canvas);
    const sun = new DirectionalLight('white', 1.6);
    sun.position.set(-1, 3, 2);
    this.#scene.add(new AmbientLight('white', 1.7), sun);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enableZoom = false;
    this.#controls.enablePan = false;
    this.#controls.addEventListener('change', () => this.#request());
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(stage);
  }

  get bars(): number {
    return this.#mesh?.count ?? 0;
  }

  /** The camera keeps the distance from which MHA would fit, so that the eye sees what sharing saves. */
  show(shape: CacheShape, blockSize: number, filled: number): void {
    this.#clear();
    const bars = stackBars(shape, blockSize, filled);
    const mesh = new InstancedMesh(this.#geometry, this.#material, bars.length);
    const [matrix, turn] = [new Matrix4(), new Quaternion()];
    for (const [i, { x, y, z, width, length, filled: full, part }] of bars.entries()) {
      mesh.setMatrixAt(i, matrix.compose(new Vector3(x, y, z), turn, new Vector3(width, THICK, length)));
      mesh.setColorAt(i, full ? this.#colours[part] : this.#colours.empty);
    }
    this.#mesh = mesh;
    const most = stackSize({ ...shape, kvHeads: shape.heads });
    const half = new Vector3(most.width, most.height, most.depth).multiplyScalar(0.5);
    this.#frame = new Box3Helper(new Box3(half.clone().negate(), half), this.#colours.line);
    this.#scene.add(mesh, this.#frame);
    const extent = half.length();
    if (extent !== this.#extent) this.#look(extent);
    this.#request();
  }

  /** Turns the camera around the block, in radians. */
  turn(across: number, up: number): void {
    const at = new Spherical().setFromVector3(this.#camera.position);
    at.theta += across;
    at.phi -= up;
    this.#camera.position.setFromSpherical(at.makeSafe());
    this.#controls.update();
    this.#request();
  }

  dispose(): void {
    cancelAnimationFrame(this.#handle);
    this.#sizes.disconnect();
    this.#controls.dispose();
    this.#clear();
    this.#geometry.dispose();
    this.#material.dispose();
    this.#renderer.dispose();
    // Lost at once: a browser keeps only a few contexts alive, and the garbage collector may take long.
    this.#renderer.forceContextLoss();
    this.#renderer.domElement.remove();
  }

  #look(extent: number): void {
    this.#extent = extent;
    const far = (NEAR * extent) / Math.sin((FOV * Math.PI) / 360);
    this.#camera.near = far / 50;
    this.#camera.far = far * 4;
    this.#camera.position.setFromSphericalCoords(far, 1.12, 0.72);
    this.#camera.lookAt(0, 0, 0);
    this.#camera.updateProjectionMatrix();
    this.#controls.update();
  }

  #clear(): void {
    this.#mesh?.removeFromParent();
    this.#mesh?.dispose();
    this.#frame?.removeFromParent();
    this.#frame?.dispose();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#stage;
    if (width === 0 || height === 0) return;
    this.#renderer.setPixelRatio(devicePixelRatio || 1);
    this.#renderer.setSize(width, height);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    this.#request();
  }

  #request(): void {
    if (this.#handle) return;
    this.#handle = requestAnimationFrame(() => {
      this.#handle = 0;
      this.#renderer.render(this.#scene, this.#camera);
    });
  }
}
