// Numbers that change at a step are painted, not laid out: each letter is drawn once off the page and copied from then
// on. As elements, a few numbers cost the browser more than the picture they stand in.
import { stamp } from './ink';

/** Height of a line of text at the smallest size. */
const LINE = 18;
/** Where on that line the letters stand. */
const BASE = 13;

interface Letter {
  picture: ImageBitmap;
  /** How far the next letter stands, in CSS pixels. */
  advance: number;
  width: number;
}

let ruler: CanvasRenderingContext2D | null | undefined;

/** Width of a text, measured off the page: a canvas in it would ask for the page's styles. */
function measure(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return 0;
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** Letters of one face in one colour. */
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

  /** Writes a text whose line begins at `top`, from `x` on; returns where it ends. */
  write(context: CanvasRenderingContext2D, text: string, x: number, top: number): number {
    const density = this.#density;
    let at = x;
    for (const letter of text) {
      const { picture, advance, width } = this.#letter(letter);
      // On whole pixels of the screen: between two, a copied letter is blurred.
      if (letter !== ' ') context.drawImage(picture, Math.round(at * density) / density, top, width, LINE);
      at += advance;
    }
    return at;
  }

  #letter(letter: string): Letter {
    const known = this.#known.get(letter);
    if (known) return known;
    // Every digit takes the room of a 0, so that numbers stand still while they change.
    const advance = measure(letter >= '0' && letter <= '9' ? '0' : letter, this.#font);
    const density = this.#density;
    // A pixel more, for what leans over; a whole number of the screen's pixels, so that copying does not stretch.
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
