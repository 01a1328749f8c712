/** What reaches the composer from anywhere in the chat: files that are dropped, and Escape. */
import type { LitElement, ReactiveController } from "lit";

import { DropZone } from "./drop-zone";

/** What the composer does with what reaches it. */
export interface AreaActions {
  /** Whether files can be dropped now. */
  takesFiles(): boolean;
  drop(files: readonly File[]): void;
  /** Escape was pressed, and nothing that is open there takes it. */
  escape(): void;
}

/** Listens to the whole chat that its host is in, as long as the host is there. */
export class ChatArea implements ReactiveController {
  /** Files are over the chat. */
  isDropTarget = false;
  #stop: (() => void) | null = null;

  constructor(
    private readonly host: LitElement,
    private readonly actions: AreaActions,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    const tree = this.host.getRootNode();
    const area: HTMLElement =
      tree instanceof ShadowRoot && tree.host instanceof HTMLElement ? tree.host : this.host;
    const zone = new DropZone(area, {
      isOpen: () => this.actions.takesFiles(),
      hover: (isOver) => {
        this.isDropTarget = isOver;
        this.host.requestUpdate();
      },
      drop: (files) => this.actions.drop(files),
    });
    area.addEventListener("keydown", this.#key);
    this.#stop = () => {
      zone.stop();
      area.removeEventListener("keydown", this.#key);
    };
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = null;
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    const within = event.composedPath();
    const isTaken = within.some(
      (node) => node instanceof Element && node.matches("dialog, [role=dialog], :popover-open"),
    );
    if (!isTaken) this.actions.escape();
  };
}
