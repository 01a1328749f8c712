/** Fonts that the page brings along. */
import type { FontObject } from "@openai/chatkit";

const known = new Set<string>();

/** Make fonts known to the document, each once. What cannot be loaded is shown in the next family. */
export function addFonts(sources: readonly FontObject[]): void {
  for (const source of sources) {
    const key = JSON.stringify(source);
    if (known.has(key)) continue;
    known.add(key);
    add(source);
  }
}

function add({ family, src, weight, style, display, unicodeRange }: FontObject): void {
  try {
    const face = new FontFace(family, `url(${JSON.stringify(src)})`, {
      display: display ?? "swap",
      ...(weight !== undefined && { weight: String(weight) }),
      ...(style !== undefined && { style }),
      ...(unicodeRange !== undefined && { unicodeRange }),
    });
    document.fonts.add(face);
    face.load().catch((error: unknown) => console.warn(`Font ${family} is not loaded:`, error));
  } catch (error) {
    console.warn(`Font ${family} is not loaded:`, error);
  }
}
