// The memory scene on screen: renderer, camera and controls around a world of things. Renders when something changed
// and never otherwise.
import { PerspectiveCamera, Raycaster, Scene, Vector2, Vector3, WebGLRenderer } from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { CellRef } from '../../frame/cell';
import type { Frame } from '../../frame/frame-types';
import type { Trace } from '../../trace/trace';
import { arraysOf, tensorsOf } from '../shared/matrix';
import type { Theme } from '../../ui/palette';
import { between, directionOf, eyeOf, fit, FOV, type Pose, type Preset } from './camera';
import { Labels, type Label } from './labels';
import { makeScreen } from './materials';
import { FLIGHT_MS } from './motion';
import { pick } from './pick';
import { World } from './world';
import type { Layout } from './layout';

export interface SceneEnv {
  /** Holds the canvas and the labels over it. */
  stage: HTMLElement;
  theme: Theme;
  /** Whether tiles may fly. */
  motion: boolean;
  labels(frame: Frame, layout: Layout): Label[];
  /** The graphics process went away, or came back. */
  lost(lost: boolean): void;
}

/** Of the picture's width and height, kept free for labels. */
const INSET = [0.05, 0.13] as const;
const TURN_MS = 240;
/** At the foot of the picture, for the cell under the pointer, px. */
const FOOT = 24;
/** Steps that come faster than this have no time to fly. */
const HASTE_MS = 220;

/**
 * How a trace was looked at, so that a change of theme or language keeps it; and the last named view, for a fresh
 * trace.
 */
const poses = new WeakMap<Trace, Pose>();
let named: Preset = 'home';

export class SpaceScene {
  readonly #env: SceneEnv;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera((FOV * 180) / Math.PI);
  readonly #controls: OrbitControls;
  readonly #screen = makeScreen();
  readonly #labels: Labels;
  readonly #gone = new AbortController();
  readonly #sizes: ResizeObserver;
  #world: World | undefined;
  #frame: Frame | undefined;
  #handle = 0;
  /** Of the stage, in CSS pixels: asking for it at each picture would lay the page out. */
  #size = { width: 0, height: 0 };
  /** Both begin with the first picture that shows them, however late that comes. */
  #flown: { since: number | undefined } | undefined;
  #turn: { from: Pose; to: Pose; since: number | undefined } | undefined;
  /** The named view in use; undefined once the visitor turned it. */
  #preset: Preset | undefined = named;
  #drawnAt = -Infinity;

  /** Throws where WebGL 2 is missing. */
  constructor(env: SceneEnv) {
    this.#env = env;
    this.#renderer = new WebGLRenderer({ alpha: true, antialias: true });
    const { domElement: canvas } = this.#renderer;
    env.stage.prepend(canvas);
    const names = document.createElement('div');
    names.className = 'labels';
    names.ariaHidden = 'true';
    canvas.after(names);
    this.#labels = new Labels(names);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enableZoom = false;
    this.#controls.maxPolarAngle = Math.PI / 2 - 0.02;
    this.#controls.addEventListener('change', () => this.#request());
    this.#controls.addEventListener('start', () => this.#free());
    // A finger that moves up or down scrolls the page; sideways, it turns the scene.
    canvas.style.setProperty('touch-action', 'pan-y');
    const options = { signal: this.#gone.signal };
    canvas.addEventListener('webglcontextlost', () => env.lost(true), options);
    canvas.addEventListener('webglcontextrestored', () => this.#restored(), options);
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(env.stage);
    this.#resize();
  }

  /** Cells of on-chip arrays in the scene, an instance each. */
  get instances(): number {
    const arrays = [...(this.#world?.layout.places.values() ?? [])].filter(({ level }) => level !== 'hbm');
    return arrays.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  }

  get canvas(): HTMLCanvasElement {
    return this.#renderer.domElement;
  }

  /**
   * Shows a frame. The picture at rest depends on the frame and the eye alone; a step on from the last one flies there.
   */
  draw(frame: Frame): void {
    const before = this.#frame;
    if (before === frame) return;
    if (!this.#world || before?.pass !== frame.pass || before.plane !== frame.plane) this.#build(frame);
    this.#frame = frame;
    const world = this.#world;
    if (!world) return;
    const flows = world.draw(frame);
    this.#labels.set(this.#env.labels(frame, world.layout));
    const moved = before && isStepOn(before, frame);
    const hasty = performance.now() - this.#drawnAt < HASTE_MS;
    if (!before || !sameStep(before, frame)) {
      world.motion.land();
      this.#flown = undefined;
      this.#drawnAt = performance.now();
      if (moved && !hasty && this.#env.motion) {
        world.motion.launch(flows, world.layout, world.solids);
        this.#flown = { since: undefined };
      }
    }
    this.#request();
  }

  #build(frame: Frame): void {
    const fresh = this.#world === undefined;
    this.#world?.dispose();
    if (this.#world) this.#scene.remove(this.#world.group);
    const style = getComputedStyle(this.#env.stage);
    this.#world = new World(frame, {
      theme: this.#env.theme,
      css: (name) => style.getPropertyValue(name),
      screen: this.#screen,
      anisotropy: Math.min(8, this.#renderer.capabilities.getMaxAnisotropy()),
    });
    this.#scene.add(this.#world.group);
    const kept = fresh ? poses.get(frame.trace) : undefined;
    if (kept) {
      this.#preset = undefined;
      this.#look(kept);
    } else this.view(this.#preset ?? named, false);
  }

  /** A named view, turned to in a moment. */
  view(preset: Preset, animate = this.#env.motion): void {
    named = preset;
    this.#preset = preset;
    if (this.#frame) poses.delete(this.#frame.trace);
    const to = this.#poseOf(preset);
    if (!to) return;
    if (animate) this.#turn = { from: this.#pose(), to, since: undefined };
    else this.#look(to);
    this.#request();
  }

  #poseOf(preset: Preset): Pose | undefined {
    const { layout } = this.#world ?? {};
    return (
      layout &&
      fit(
        preset === 'home' ? layout.focus : layout.whole,
        directionOf(preset, this.#camera.aspect),
        this.#camera.aspect,
        INSET,
      )
    );
  }

  /** Turns by angles, in radians. */
  turn(azimuth: number, elevation: number): void {
    const pose = this.#pose();
    const most = Math.PI / 2 - 0.001;
    this.#free();
    this.#look({
      ...pose,
      azimuth: pose.azimuth + azimuth,
      elevation: Math.max(0.03, Math.min(most, pose.elevation + elevation)),
    });
    this.#keep();
  }

  /** Multiplies the distance. */
  zoom(factor: number): void {
    const pose = this.#pose();
    this.#free();
    this.#look({ ...pose, distance: pose.distance * factor });
    this.#keep();
  }

  /** The wheel zooms only where it was asked to: else it scrolls the page. */
  set wheel(on: boolean) {
    this.#controls.enableZoom = on;
  }

  /** The visitor took the camera. */
  #free(): void {
    this.#preset = undefined;
    this.#turn = undefined;
  }

  #keep(): void {
    if (this.#frame && this.#preset === undefined) poses.set(this.#frame.trace, this.#pose());
  }

  #pose(): Pose {
    const { target } = this.#controls;
    const { x, y, z } = this.#camera.position.clone().sub(target);
    const distance = Math.hypot(x, y, z);
    return {
      azimuth: Math.atan2(x, z),
      elevation: Math.asin(y / distance),
      distance,
      target: [target.x, target.y, target.z],
    };
  }

  #look(pose: Pose): void {
    this.#controls.target.set(...pose.target);
    this.#camera.position.set(...eyeOf(pose));
    this.#camera.near = pose.distance * 0.02;
    this.#camera.far = pose.distance * 12;
    this.#camera.updateProjectionMatrix();
    this.#camera.lookAt(this.#controls.target);
    this.#request();
  }

  /** The cell under a point of the window. */
  pick(clientX: number, clientY: number): CellRef | undefined {
    const box = this.canvas.getBoundingClientRect();
    const at = new Vector2(((clientX - box.left) / box.width) * 2 - 1, 1 - ((clientY - box.top) / box.height) * 2);
    const ray = new Raycaster();
    this.#camera.updateMatrixWorld();
    ray.setFromCamera(at, this.#camera);
    const { origin, direction } = ray.ray;
    const places = this.#world?.layout.places.values() ?? [];
    const hit = pick(origin.toArray(), direction.toArray(), places, (place) => (place.level === 'hbm' ? 0 : 0.3));
    const frame = this.#frame;
    if (!hit || !frame) return undefined;
    const matrix = [...tensorsOf(frame), ...arraysOf(frame, 'sram'), ...arraysOf(frame, 'reg')].find(
      (m) => m.key === hit.place.key,
    );
    return matrix && { role: matrix.role, row: matrix.row0 + hit.row, col: matrix.col0 + hit.col };
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#env.stage;
    if (width === 0 || height === 0) return;
    this.#size = { width, height };
    const dpr = Math.min(devicePixelRatio, 2);
    this.#renderer.setPixelRatio(dpr);
    this.#renderer.setSize(width, height, false);
    this.#screen.size.value.set(width * dpr, height * dpr);
    this.#screen.dpr.value = dpr;
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    const to = this.#preset && this.#poseOf(this.#preset);
    if (to) this.#look(to);
    this.#request();
  }

  #restored(): void {
    this.#env.lost(false);
    this.#request();
  }

  #request(): void {
    if (this.#handle) return;
    delete this.#env.stage.dataset['eye'];
    this.#handle = requestAnimationFrame((now) => this.#render(now));
  }

  /** What is on screen stands: says from where it is seen. */
  #rest(): void {
    const { azimuth, elevation, distance } = this.#pose();
    const numbers = [azimuth, elevation, distance].map((x) => x.toFixed(3));
    this.#env.stage.dataset['eye'] = [this.#preset ?? 'own', ...numbers].join(' ');
  }

  #render(now: number): void {
    this.#handle = 0;
    const world = this.#world;
    if (!world) return;
    if (this.#flown) {
      const t = (now - (this.#flown.since ??= now)) / FLIGHT_MS;
      world.motion.advance(t);
      if (t >= 1) this.#flown = undefined;
      else this.#request();
    }
    if (this.#turn) {
      const { from, to } = this.#turn;
      const t = Math.min(1, (now - (this.#turn.since ??= now)) / TURN_MS);
      this.#look(between(from, to, t * t * (3 - 2 * t)));
      if (t === 1) this.#turn = undefined;
    }
    this.#renderer.render(this.#scene, this.#camera);
    const { width, height } = this.#size;
    const point = new Vector3();
    this.#labels.place(
      (at) => {
        point.set(...at).project(this.#camera);
        return point.z > 1 ? undefined : { x: ((point.x + 1) / 2) * width, y: ((1 - point.y) / 2) * height };
      },
      width,
      height - FOOT,
    );
    this.#keep();
    if (!this.#handle) this.#rest();
  }

  dispose(): void {
    cancelAnimationFrame(this.#handle);
    delete this.#env.stage.dataset['eye'];
    this.#gone.abort();
    this.#sizes.disconnect();
    this.#controls.dispose();
    this.#world?.dispose();
    this.#renderer.dispose();
    this.#renderer.forceContextLoss();
    this.#env.stage.querySelector('.labels')?.remove();
    this.canvas.remove();
  }
}

const sameStep = (a: Frame, b: Frame): boolean =>
  a.cursor.pass === b.cursor.pass &&
  a.cursor.workgroup === b.cursor.workgroup &&
  a.cursor.phase === b.cursor.phase &&
  (a.workgroup === undefined) === (b.workgroup === undefined);

/** Whether b is the phase after a, or the first of another workgroup. */
const isStepOn = (a: Frame, b: Frame): boolean =>
  a.cursor.pass === b.cursor.pass &&
  (a.cursor.workgroup === b.cursor.workgroup ? b.cursor.phase === a.cursor.phase + 1 : b.cursor.phase === 0);
