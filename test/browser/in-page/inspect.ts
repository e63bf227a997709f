/**
 * What is inspected within a page: can it be read, named and reached by everybody? Runs in the browser, so it is bundled
 * by itself and checked with the browser's types (local/console/web/tsconfig.json).
 */

/** Each finding in words, empty when all is well. */
export function findings(): readonly string[] {
  return [...unnamed(), ...headings(), ...references(), ...tooSmall(), ...tooPale(), ...tooWide()];
}

/** Pixels of the first canvas below the element by the tokens whose colours they have, such as `--chart-1`. */
export function pixelsOf(selector: string, tokens: readonly string[]): readonly number[] {
  const canvas = document.querySelector<HTMLCanvasElement>(`${selector} canvas`);
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return tokens.map(() => 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const pixels = Array.from({ length: data.length / 4 }, (_, pixel) => data.slice(pixel * 4, pixel * 4 + 3).join());
  const read = colorReader();
  return tokens.map((token) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${token})`;
    canvas.after(probe);
    const wanted = read(getComputedStyle(probe).color).slice(0, 3).join();
    probe.remove();
    return pixels.filter((pixel) => pixel === wanted).length;
  });
}

const controls = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";

function visible(selector: string): readonly HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)].filter((element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
  );
}

function called(element: HTMLElement): string {
  const text = (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40);
  return `<${element.tagName.toLowerCase()} class="${element.className}"> "${text}"`;
}

/** WCAG 4.1.2: what can be used has a name; so has what is an image. */
function unnamed(): readonly string[] {
  return [...visible(controls), ...visible("[role='img'], dialog, nav, section[aria-labelledby]")]
    .filter((element) => nameOf(element) === "")
    .map((element) => `has no name: ${called(element)}`);
}

function nameOf(element: HTMLElement): string {
  const labels = element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels : null;
  const ids = element.getAttribute("aria-labelledby")?.split(" ") ?? [];
  return [
    element.getAttribute("aria-label"),
    ...ids.map((id) => document.getElementById(id)?.textContent),
    ...[...(labels ?? [])].map((label) => label.textContent),
    element.textContent,
    element.title,
  ]
    .join("")
    .trim();
}

/** One first heading, and none that skips a level. */
function headings(): readonly string[] {
  const all = visible("h1, h2, h3, h4, h5, h6");
  const levels = all.map(({ tagName }) => Number(tagName[1]));
  const first = levels.filter((level) => level === 1).length;
  const skipped = all.filter((_, at) => (levels[at] ?? 0) > (levels[at - 1] ?? 0) + 1);
  return [
    ...(first === 1 ? [] : [`has ${first} first headings`]),
    ...skipped.map((element) => `skips a level: ${called(element)}`),
  ];
}

/** Ids are there once, and what names them names one that is there. */
function references(): readonly string[] {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const named = ["aria-labelledby", "aria-controls", "aria-describedby", "for"].flatMap((attribute) =>
    [...document.querySelectorAll(`[${attribute}]`)].flatMap(
      (element) => element.getAttribute(attribute)?.split(" ") ?? [],
    ),
  );
  const missing = named.filter((id) => !ids.includes(id));
  return [
    ...twice.map((id) => `has the id ${id} twice`),
    ...missing.map((id) => `names the id ${id}, which isn't there`),
  ];
}

/** WCAG 2.5.8: 24 pixels, save for links within text. */
function tooSmall(): readonly string[] {
  return visible("button, input:not([type='checkbox'], [type='radio']), select").flatMap((element) => {
    const { width, height } = element.getBoundingClientRect();
    return width >= 24 && height >= 24 ? [] : [`is ${Math.round(width)} × ${Math.round(height)}: ${called(element)}`];
  });
}

/** Nothing makes the page wider than the window. */
function tooWide(): readonly string[] {
  const { scrollWidth } = document.documentElement;
  if (scrollWidth <= innerWidth) return [];
  const wide = visible("main *, header *").filter((element) => element.getBoundingClientRect().right > innerWidth + 1);
  return [`is ${scrollWidth} pixels wide: ${wide.slice(0, 3).map(called).join(", ")}`];
}

type Color = readonly [red: number, green: number, blue: number, alpha: number];

/** WCAG 1.4.3: 4.5 to 1, and 3 to 1 for large text. */
function tooPale(): readonly string[] {
  const read = colorReader();
  const pale = visible("body *").filter((element) => {
    const hasText = [...element.childNodes].some(({ nodeType, nodeValue }) => nodeType === 3 && nodeValue?.trim());
    if (!hasText || element.closest(":disabled, svg, [aria-hidden='true']")) return false;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = Number.parseFloat(fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700);
    const behind = backgroundOf(element, read);
    return contrast(over(read(color), behind), behind) < (isLarge ? 3 : 4.5);
  });
  return [...new Set(pale.map((element) => `is too pale: ${called(element)}`))];
}

/** Any colour of CSS as numbers: a canvas knows them all. */
function colorReader(): (color: string) => Color {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  return (color) => {
    if (context === null) throw new Error("This browser has no canvas.");
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
}

function backgroundOf(element: Element, read: (color: string) => Color): Color {
  const below = element.parentElement === null ? read("Canvas") : backgroundOf(element.parentElement, read);
  return over(read(getComputedStyle(element).backgroundColor), below);
}

function over([red, green, blue, alpha]: Color, below: Color): Color {
  const mix = (value: number, other: number) => value * alpha + other * (1 - alpha);
  return [mix(red, below[0]), mix(green, below[1]), mix(blue, below[2]), 1];
}

function contrast(one: Color, other: Color): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Source: WCAG 2.2, "relative luminance". */
function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
