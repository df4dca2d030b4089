// Numbers that change with a step are painted: each letter is drawn once outside the page and copied afterwards. As
// elements, a few numbers would cost the browser more than the whole picture around them.
import { stamp } from './ink';

/** Height of a line of text at the smallest size. */
const LINE = 18;
/** The base line of the letters in that line. */
const BASE = 13;

interface Letter {
  picture: ImageBitmap;
  /** The distance to the next letter, in CSS pixels. */
  advance: number;
  width: number;
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** The width of a text, measured outside the page: a canvas inside it would make the browser compute styles. */
function measure(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return 0;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** The letters of one font in one colour. */
export class Letters {
  readonly #font: string;
  readonly #colour: string;
  readonly #density = devicePixelRatio || 1;
  readonly #known = new Map<string, Letter>();

  /** `font` and `colour` as a canvas takes them. */
  constructor(font: string, colour: string) {
    this.#font = font;
    this.#colour = colour;
  }

  /** Width of a text in CSS pixels. */
  width(text: string): number {
    let sum = 0;
    for (const letter of text) sum += this.#letter(letter).advance;
    return sum;
  }

  /** Writes a text from `x` on, its line beginning at `top`; returns where it ends. */
  write(context: CanvasRenderingContext2D, text: string, x: number, top: number): number {
    const density = this.#density;
    let at = x;
    for (const letter of text) {
      const { picture, advance, width } = this.#letter(letter);
      // At whole device pixels: between two, a copied letter is blurred.
      if (letter !== ' ') context.drawImage(picture, Math.round(at * density) / density, top, width, LINE);
      at += advance;
    }
    return at;
  }

  #letter(letter: string): Letter {
    const known = this.#known.get(letter);
    if (known) return known;
    // Every digit has the width of a 0, so that a number does not move while it changes.
    const advance = measure(letter >= '0' && letter <= '9' ? '0' : letter, this.#font);
    const density = this.#density;
    // One more pixel, for letters that lean over; a whole number of device pixels, so that copying does not stretch.
    const width = Math.ceil((advance + 1) * density) / density;
    const picture = stamp(width, LINE, (pen) => {
      pen.font = this.#font;
      pen.fillStyle = this.#colour;
      pen.fillText(letter, 0, BASE);
    });
    const made = { picture, advance, width: picture.width / density };
    this.#known.set(letter, made);
    return made;
  }
}
