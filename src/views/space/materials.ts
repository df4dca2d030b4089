// The few materials of the memory scene. They write the page's own sRGB colours as they are, so that a cell here has
// the colour that it has in every view.
import {
  Color,
  DataTexture,
  LinearSRGBColorSpace,
  ShaderMaterial,
  Vector2,
  Vector3,
  Vector4,
  type Texture,
} from 'three';

/** What all materials share: the picture's size in device pixels, and pixels a CSS pixel. */
export interface Screen {
  size: { value: Vector2 };
  dpr: { value: number };
}

export const makeScreen = (): Screen => ({ size: { value: new Vector2(1, 1) }, dpr: { value: 1 } });

/** A CSS colour as the shader writes it: sRGB numbers, 0..1. */
export function rgb(css: string): Vector3 {
  const colour = new Color().setStyle(css.trim(), LinearSRGBColorSpace);
  return new Vector3(colour.r, colour.g, colour.b);
}

const HATCH = `
  uniform vec3 base; uniform vec3 hatch; uniform float dpr;
  vec3 empty() {
    float d = abs(fract((gl_FragCoord.x + gl_FragCoord.y) / (9. * dpr)) - .5) * 9.;
    return mix(hatch, base, smoothstep(.35, 1.1, d));
  }`;

export interface Skin {
  base: Vector3;
  hatch: Vector3;
  side: Vector3;
}

/**
 * A slab with a picture on its upper face: transparent texels are hatched. `part`: first column, first row, columns,
 * rows of the picture shown.
 */
export function slabMaterial(skin: Skin, screen: Screen, map: Texture, cols: number, rows: number): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: {
      base: { value: skin.base },
      hatch: { value: skin.hatch },
      side: { value: skin.side },
      dpr: screen.dpr,
      map: { value: map },
      whole: { value: new Vector2(cols, rows) },
      part: { value: new Vector4(0, 0, cols, rows) },
      // Cells c0, r0 .. c1, r1 (ends outside) still on their way: hidden by `held`.
      hold: { value: new Vector4(0, 0, 0, 0) },
      held: { value: 0 },
      opacity: { value: 1 },
    },
    vertexShader: `
      uniform vec4 part; varying vec2 cell; varying float top;
      void main() {
        cell = part.xy + vec2(position.x + .5, position.z + .5) * part.zw;
        top = normal.y;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.);
      }`,
    fragmentShader: `${HATCH}
      uniform sampler2D map; uniform vec2 whole; uniform vec3 side; uniform vec4 hold; uniform float held; uniform float opacity;
      varying vec2 cell; varying float top;
      void main() {
        if (top < .5) { gl_FragColor = vec4(side, opacity); return; }
        vec4 texel = texture2D(map, cell / whole);
        bool waits = cell.x >= hold.x && cell.y >= hold.y && cell.x < hold.z && cell.y < hold.w;
        float there = waits ? 1. - held : 1.;
        gl_FragColor = vec4(mix(empty(), empty() * (1. - texel.a) + texel.rgb, there), opacity);
      }`,
    transparent: true,
  });
}

/**
 * Instanced cells: one byte colour each, place from the instance's number. Without a value a cell is flat and hatched.
 */
export function cellMaterial(skin: Skin, screen: Screen, cols: number): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: {
      base: { value: skin.base },
      hatch: { value: skin.hatch },
      dpr: screen.dpr,
      cols: { value: cols },
      held: { value: 0 },
    },
    vertexShader: `
      attribute vec4 tint; uniform float cols; uniform float held; varying vec4 colour; varying float shade;
      void main() {
        float id = float(gl_InstanceID);
        float row = floor((id + .5) / cols);
        float full = tint.a * (1. - held);
        vec3 at = vec3(id - row * cols + .5, 0., row + .5) + position * vec3(mix(1., .95, full), mix(.05, .3, full), mix(1., .95, full));
        colour = vec4(tint.rgb, full);
        shade = normal.y > .5 ? 1. : normal.z > .5 ? .62 : .48;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(at, 1.);
      }`,
    fragmentShader: `${HATCH}
      varying vec4 colour; varying float shade;
      void main() { gl_FragColor = vec4(mix(empty(), colour.rgb, colour.a) * shade, 1.); }`,
  });
}

/** A plain face of one colour. */
export function glassMaterial(colour: Vector3, opacity: number): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { colour: { value: colour }, opacity: { value: opacity } },
    vertexShader: `
      varying float shade;
      void main() {
        shade = normal.y > .5 ? 1. : normal.z > .5 ? .82 : .7;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.);
      }`,
    fragmentShader: `
      uniform vec3 colour; uniform float opacity; varying float shade;
      void main() { gl_FragColor = vec4(colour * shade, opacity); }`,
    transparent: true,
    depthWrite: false,
  });
}

/** A ghost: hatched, nearly clear. */
export function ghostMaterial(line: Vector3, screen: Screen): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { line: { value: line }, dpr: screen.dpr },
    vertexShader: `void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.); }`,
    fragmentShader: `
      uniform vec3 line; uniform float dpr;
      void main() {
        float d = abs(fract((gl_FragCoord.x + gl_FragCoord.y) / (14. * dpr)) - .5) * 14.;
        gl_FragColor = vec4(line, .05 + .2 * (1. - smoothstep(.3, 1.1, d)));
      }`,
    transparent: true,
    depthWrite: false,
  });
}

/**
 * The ground: a tinted field that fades at its edge, a fine grid on it, and the soft shadows of what hovers above
 * (centre x, z, half sizes).
 */
export function groundMaterial(
  tint: Vector3,
  grid: Vector3,
  shadow: number,
  half: Vector2,
  cell: number,
  shades: Vector4[],
  blur: number,
): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: {
      tint: { value: tint },
      grid: { value: grid },
      dark: { value: shadow },
      half_: { value: half },
      cell: { value: cell },
      shades: { value: shades },
      blur: { value: blur },
    },
    vertexShader: `
      varying vec2 at; varying vec2 world;
      void main() {
        vec4 w = modelMatrix * vec4(position, 1.);
        at = position.xz * 2.; world = w.xz;
        gl_Position = projectionMatrix * viewMatrix * w;
      }`,
    fragmentShader: `
      uniform vec3 tint; uniform vec3 grid; uniform float dark; uniform vec2 half_; uniform float cell; uniform vec4 shades[2]; uniform float blur;
      varying vec2 at; varying vec2 world;
      float soft(vec4 s) {
        vec2 d = smoothstep(vec2(blur), vec2(-blur), abs(world - s.xy) - s.zw);
        return d.x * d.y;
      }
      void main() {
        vec2 edge = (1. - abs(at)) * half_;
        float inside = smoothstep(0., .12 * min(half_.x, half_.y), min(edge.x, edge.y));
        vec2 px = fwidth(world / cell);
        vec2 g = abs(fract(world / cell - .5) - .5) / max(px, vec2(1e-5));
        float line = (1. - smoothstep(.3, 1., min(g.x, g.y))) * (1. - smoothstep(.1, .4, max(px.x, px.y)));
        float shade = min(1., soft(shades[0]) + soft(shades[1]) * .5) * dark;
        gl_FragColor = vec4(mix(mix(tint, grid, line * .1), vec3(0.), shade), inside * .9);
      }`,
    transparent: true,
    depthWrite: false,
  });
}

/**
 * Lines of a width in pixels: each instance is a segment. `dash`: pixels of a stroke and as many of a gap; 0 = solid.
 */
export function lineMaterial(colour: Vector3, screen: Screen, width: number, dash = 0, opacity = 1): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: {
      colour: { value: colour },
      opacity: { value: opacity },
      size: screen.size,
      dpr: screen.dpr,
      px: { value: width },
      dash: { value: dash },
    },
    vertexShader: `
      attribute vec3 start; attribute vec3 end; uniform vec2 size; uniform float px; uniform float dpr; varying float along; varying float across;
      void main() {
        vec4 a = projectionMatrix * modelViewMatrix * vec4(start, 1.);
        vec4 b = projectionMatrix * modelViewMatrix * vec4(end, 1.);
        float near = .05;
        if (a.w < near && b.w > near) a = mix(a, b, (near - a.w) / (b.w - a.w));
        if (b.w < near && a.w > near) b = mix(b, a, (near - b.w) / (a.w - b.w));
        vec2 line = (b.xy / b.w - a.xy / a.w) * size * .5;
        vec2 dir = length(line) > 0. ? normalize(line) : vec2(1., 0.);
        float w = px * dpr * .5;
        vec4 p = position.x < .5 ? a : b;
        // Half a width beyond either end, so that corners close.
        vec2 off = vec2(-dir.y, dir.x) * position.y * (w + .75) + dir * (position.x * 2. - 1.) * w * .9;
        along = position.x * length(line) / dpr;
        across = position.y * (w + .75) / w;
        p.xy += off * 2. / size * p.w;
        p.z -= .0006 * p.w;
        gl_Position = p;
      }`,
    fragmentShader: `
      uniform vec3 colour; uniform float opacity; uniform float dash; uniform float px; uniform float dpr; varying float along; varying float across;
      void main() {
        if (dash > 0. && fract(along / (2. * dash)) > .5) discard;
        float soft = 1.5 / (px * dpr);
        gl_FragColor = vec4(colour, opacity * (1. - smoothstep(1. - soft * .25, 1. + soft, abs(across))));
      }`,
    transparent: true,
    depthWrite: false,
  });
}

/** An arrow along a bow from `a` over `b` to `c`, drawn in pixels: thin at its foot, a head at its end. */
export function arrowMaterial(colour: Vector3, screen: Screen): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: {
      colour: { value: colour },
      size: screen.size,
      dpr: screen.dpr,
      px: { value: 2 },
      a: { value: new Vector3() },
      b: { value: new Vector3() },
      c: { value: new Vector3() },
      opacity: { value: 1 },
    },
    vertexShader: `
      uniform vec3 a; uniform vec3 b; uniform vec3 c; uniform vec2 size; uniform float px; uniform float dpr; varying float along; varying float across;
      vec4 at(float t) { return projectionMatrix * viewMatrix * vec4(mix(mix(a, b, t), mix(b, c, t), t), 1.); }
      void main() {
        float t = position.x;
        // The head has a length in pixels, whatever the bow's.
        float whole = max(length((at(1.).xy / at(1.).w - at(0.).xy / at(0.).w) * size * .5) / dpr, 1.);
        float head = min(.5, (px * 1.6 + 8.) / whole);
        float body = 1. - head;
        float s = t < .9 ? t / .9 * body : t < .905 ? body : body + (t - .905) / .095 * head;
        float width = t < .901 ? px : mix(px * 1.3 + 6., 0., (t - .905) / .095);
        vec4 p = at(s); vec4 q = at(min(s + .01, 1.01));
        vec2 dir = (q.xy / q.w - p.xy / p.w) * size;
        dir = length(dir) > 0. ? normalize(dir) : vec2(0., 1.);
        p.xy += vec2(-dir.y, dir.x) * position.y * width * dpr * .5 * 2. / size * p.w;
        along = s; across = position.y;
        gl_Position = p;
      }`,
    fragmentShader: `
      uniform vec3 colour; uniform float opacity; varying float along; varying float across;
      void main() { gl_FragColor = vec4(colour, opacity * smoothstep(-.05, .35, along) * (1. - smoothstep(.8, 1., abs(across)) * .6)); }`,
    transparent: true,
    depthWrite: false,
    depthTest: false,
    side: 2,
  });
}

/** A picture of rows x cols cells over bytes that somebody else fills. */
export const cellTexture = (bytes: Uint8Array, cols: number, rows: number): DataTexture =>
  new DataTexture(bytes, cols, rows);
