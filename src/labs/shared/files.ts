// What a result leaves the page as: saved files, the clipboard, and the name of the browser that it came from.

/** Has the browser save a file. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const textBlob = (text: string, type: string): Blob => new Blob([text], { type: `${type};charset=utf-8` });

/** Copies a text; false where the browser does not allow it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Copies a picture; false where the browser does not allow it. */
export async function copyPicture(png: Blob): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    return true;
  } catch {
    return false;
  }
}

interface Brands {
  userAgentData?: { brands?: { brand: string; version: string }[]; platform?: string };
}

/** Browser and system, as far as the browser tells. */
export function browserName(from: Navigator = navigator): string {
  const { brands = [], platform = '' } = (from as Navigator & Brands).userAgentData ?? {};
  const known = brands.filter(({ brand }) => !/not.?a.?brand/i.test(brand));
  const best = known.find(({ brand }) => brand !== 'Chromium') ?? known[0];
  if (best) return [`${best.brand} ${best.version}`, platform].filter(Boolean).join(', ');
  const named = /(Firefox|Edg|Chrome|Version)\/(\d+)/.exec(from.userAgent);
  return named ? `${named[1] === 'Version' ? 'Safari' : named[1]} ${named[2]}` : from.userAgent.slice(0, 60);
}
