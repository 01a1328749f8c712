/** Files that are dragged over the whole chat. */

/** What comes of files over the area. */
export interface DropActions {
  /** Whether files can be dropped now. */
  isOpen(): boolean;
  /** Files are over the chat, or no longer. */
  hover(isOver: boolean): void;
  drop(files: readonly File[]): void;
}

/** Watches an area until `stop`. */
export class DropZone {
  readonly #over = new AbortController();
  /** Elements under the pointer that were entered and not left. */
  #depth = 0;

  constructor(
    area: EventTarget,
    private readonly actions: DropActions,
  ) {
    const { signal } = this.#over;
    const on = (name: string, listen: (event: DragEvent) => void): void => {
      area.addEventListener(name, (event) => listen(event as DragEvent), { signal });
    };
    on("dragenter", (event) => this.#enter(event));
    on("dragover", (event) => this.#stay(event));
    on("dragleave", (event) => this.#leave(event));
    on("drop", (event) => this.#drop(event));
  }

  stop(): void {
    this.#over.abort();
  }

  #enter(event: DragEvent): void {
    if (!hasFiles(event) || !this.actions.isOpen()) return;
    event.preventDefault();
    this.#depth += 1;
    if (this.#depth === 1) this.actions.hover(true);
  }

  #stay(event: DragEvent): void {
    if (!hasFiles(event)) return;
    // Else the browser would leave the page to show the file.
    event.preventDefault();
    if (event.dataTransfer) {
      event.dataTransfer.dropEffect = this.actions.isOpen() ? "copy" : "none";
    }
  }

  #leave(event: DragEvent): void {
    if (this.#depth === 0 || !hasFiles(event)) return;
    this.#depth -= 1;
    if (this.#depth === 0) this.actions.hover(false);
  }

  #drop(event: DragEvent): void {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.actions.hover(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0 && this.actions.isOpen()) this.actions.drop(files);
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}
