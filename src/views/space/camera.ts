// Where the eye stands: directions of the named views, and the distance from which a box just fills the picture. Angles
// in radians.
export type Vec = readonly [x: number, y: number, z: number];

export const PRESETS = {
  home: { azimuth: -0.16, elevation: 0.5 },
  top: { azimuth: 0, elevation: Math.PI / 2 - 0.001 },
  front: { azimuth: 0, elevation: 0.2 },
} as const;
export type Preset = keyof typeof PRESETS;

/** A wide scene in a narrow picture is looked at from higher up, where its planes lie less on one another. */
const NARROW = { aspect: 1.5, elevation: 0.9 };

export const directionOf = (preset: Preset, aspect: number): Pick<Pose, 'azimuth' | 'elevation'> =>
  preset === 'home' && aspect < NARROW.aspect ? { ...PRESETS.home, elevation: NARROW.elevation } : PRESETS[preset];

/** The eye looks at `target` from `distance` away; azimuth 0 looks along -z, elevation π/2 straight down. */
export interface Pose {
  azimuth: number;
  elevation: number;
  target: Vec;
  distance: number;
}

/** Full vertical opening. */
export const FOV = 0.5;

const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Unit vectors of the picture: right, up, and from the target to the eye. */
export function axes(azimuth: number, elevation: number): { right: Vec; up: Vec; back: Vec } {
  const [s, c, se, ce] = [Math.sin(azimuth), Math.cos(azimuth), Math.sin(elevation), Math.cos(elevation)];
  return { right: [c, 0, -s], up: [-s * se, ce, -c * se], back: [s * ce, se, c * ce] };
}

export function eyeOf({ azimuth, elevation, target, distance }: Pose): Vec {
  const { back } = axes(azimuth, elevation);
  return [target[0] + back[0] * distance, target[1] + back[1] * distance, target[2] + back[2] * distance];
}

/**
 * The nearest pose in a direction from which all points are in the picture. With a the place of a point along right or
 * up, c that towards the eye, it is inside when a - x <= high (D - c) and x - a <= low (D - c): the least D is (max(a +
 * c high) - min(a - c low)) / (high + low), and x lies between. `inset` is the part of the picture, across and down,
 * that stays free; down it is one quarter above and three below, where labels hang.
 */
export function fit(
  points: readonly Vec[],
  { azimuth, elevation }: Pick<Pose, 'azimuth' | 'elevation'>,
  aspect: number,
  inset: readonly [number, number],
): Pose {
  const { right, up, back } = axes(azimuth, elevation);
  const along = (axis: Vec, high: number, low: number): { nearest: number; middle: (distance: number) => number } => {
    const top = Math.max(...points.map((p) => dot(p, axis) + dot(p, back) * high));
    const bottom = Math.min(...points.map((p) => dot(p, axis) - dot(p, back) * low));
    return {
      nearest: (top - bottom) / (high + low),
      middle: (distance) => (top + bottom + distance * (low - high)) / 2,
    };
  };
  const t = Math.tan(FOV / 2);
  const across = along(right, t * aspect * (1 - inset[0]), t * aspect * (1 - inset[0]));
  const down = along(up, t * (1 - 0.5 * inset[1]), t * (1 - 1.5 * inset[1]));
  // The target lies in the depth of the points' middle, so that turning turns about it.
  const depths = points.map((p) => dot(p, back));
  const depth = (Math.max(...depths) + Math.min(...depths)) / 2;
  const reach = Math.max(across.nearest, down.nearest);
  const [x, y] = [across.middle(reach), down.middle(reach)];
  const at = (i: 0 | 1 | 2): number => right[i] * x + up[i] * y + back[i] * depth;
  return { azimuth, elevation, target: [at(0), at(1), at(2)], distance: reach - depth };
}

/** Between two poses: the shorter way round, distances by their ratio. */
export function between(a: Pose, b: Pose, t: number): Pose {
  const mix = (p: number, q: number): number => p + (q - p) * t;
  const turn = Math.atan2(Math.sin(b.azimuth - a.azimuth), Math.cos(b.azimuth - a.azimuth));
  return {
    azimuth: a.azimuth + turn * t,
    elevation: mix(a.elevation, b.elevation),
    distance: a.distance * (b.distance / a.distance) ** t,
    target: [mix(a.target[0], b.target[0]), mix(a.target[1], b.target[1]), mix(a.target[2], b.target[2])],
  };
}
