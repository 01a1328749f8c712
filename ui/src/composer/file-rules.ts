/** Which files the page takes. */
import type { ComposerOption } from "@openai/chatkit";

import type { Texts } from "../texts";

type Rules = NonNullable<ComposerOption["attachments"]>;

const MAX_BYTES = 100 * 1024 * 1024;
const MAX_COUNT = 10;

/** A file, as far as the rules look at it. */
export type FileFacts = Pick<File, "name" | "size" | "type">;

/** What is taken of some files, and in words why the others are not. */
export interface Sorted<F> {
  taken: F[];
  refusals: string[];
}

/** @param present How many files are in the composer already. */
export function sorted<F extends FileFacts>(
  files: readonly F[],
  present: number,
  rules: Rules,
  texts: Texts,
): Sorted<F> {
  const maxCount = rules.maxCount ?? MAX_COUNT;
  const taken: F[] = [];
  const refusals = new Set<string>();
  for (const file of files) {
    const limit = maxBytes(file.type, rules.maxSize);
    if (!isAccepted(file, rules.accept)) refusals.add(texts.fileTypeRefused(file.name));
    else if (file.size > limit) {
      refusals.add(texts.fileTooLarge(file.name, sizeInWords(limit, texts.language)));
    } else if (present + taken.length >= maxCount) refusals.add(texts.tooManyFiles(maxCount));
    else taken.push(file);
  }
  return { taken, refusals: [...refusals] };
}

/** The limit for a MIME type: its own, else its kind's (`image/*`), else the one for the rest. */
export function maxBytes(mimeType: string, maxSize: Rules["maxSize"]): number {
  if (maxSize === undefined) return MAX_BYTES;
  if (typeof maxSize === "number") return maxSize;
  const kind = `${mimeType.split("/")[0] ?? ""}/*`;
  return (
    maxSize[mimeType || "*"] ??
    maxSize[kind] ??
    maxSize["*"] ??
    maxSize["*/*"] ??
    maxSize[""] ??
    MAX_BYTES
  );
}

/** Whether a file is of a type, or has an extension, that is listed. */
export function isAccepted({ name, type }: FileFacts, accept: Rules["accept"]): boolean {
  const entries = Object.entries(accept ?? {});
  if (entries.length === 0) return true;
  return entries.some(
    ([pattern, extensions]) =>
      isOfType(type, pattern) ||
      extensions.some((extension) => name.toLowerCase().endsWith(extension.toLowerCase())),
  );
}

/** For the `accept` attribute of a file input. */
export function acceptAttribute(accept: Rules["accept"]): string {
  return Object.entries(accept ?? {})
    .flatMap(([pattern, extensions]) => [pattern, ...extensions])
    .join(",");
}

/** A size as people read it, in the unit that suits it. */
export function sizeInWords(bytes: number, language?: string): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: units[step] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: 1,
  }).format(bytes / 1024 ** step);
}

function isOfType(type: string, pattern: string): boolean {
  if (pattern === "*/*" || pattern === "*") return true;
  return pattern.endsWith("/*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}
