/** A view's wish that the user goes on writing. */

/** Asks for the cursor in the composer; it goes no further than the shell. */
export class ComposeEvent extends Event {
  static readonly type = "chatkit-compose";

  constructor() {
    super(ComposeEvent.type);
  }
}

declare global {
  interface HTMLElementEventMap {
    "chatkit-compose": ComposeEvent;
  }
}
