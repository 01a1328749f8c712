/** What comes from the clipboard, or is dropped, and what goes there: plain text, and files. */
import { plainText, type Content } from "./content";
import { shown } from "./surface";

/** Text with the lines that the composer has, whatever system it is from. */
export function unixLines(value: string): string {
  return shown(value).replaceAll(/\r\n?/g, "\n");
}

/** What is pasted: text, else files. Office programs put a picture of the text beside the text. */
export function pasted({ clipboardData }: ClipboardEvent): string | readonly File[] {
  const value = clipboardData?.getData("text/plain") ?? "";
  return value === "" ? [...(clipboardData?.files ?? [])] : unixLines(value);
}

/** Put content on the clipboard, in the place of what the browser would. */
export function copy(event: ClipboardEvent, content: Content): void {
  event.preventDefault();
  event.clipboardData?.setData("text/plain", plainText(content));
}
