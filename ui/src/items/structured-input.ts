/** Questions of the assistant, to be answered in a form. */
import { html, nothing, type TemplateResult } from "lit";

import type { Chat } from "../chat";
import "../icons/icon";
import type { Watched } from "../observable";
import type { Question, StructuredAnswer, StructuredInputItem } from "../protocol/items";
import { controls } from "../theme/controls";
import { answerOf, chosen, chosenOther, NOTHING, takesSeveral, type Given } from "./answers";
import { ItemView } from "./item-view";
import { styles } from "./structured-input.styles";

/** A form of questions, and when they are answered, the answers. */
export class StructuredInput extends ItemView<StructuredInputItem> {
  static override properties = {
    given: { state: true },
    checked: { state: true },
    sending: { state: true },
  };
  /** By id of the question. */
  declare given: Readonly<Record<string, Given>>;
  /** The user has tried to send: what is missing is marked. */
  declare checked: boolean;
  declare sending: boolean;

  static override styles = [controls, styles];

  constructor() {
    super();
    this.given = {};
    this.checked = false;
    this.sending = false;
  }

  override watched({ conversation }: Chat): readonly Watched[] {
    return [conversation.activity];
  }

  override render(): TemplateResult {
    return this.known.status === "pending" ? this.#form() : this.#answers();
  }

  #form(): TemplateResult {
    const { activity, thread } = this.chat.conversation;
    const { inputs } = this.known;
    const isOpen = thread.value.status.type === "active";
    const disabled = this.sending || activity.value !== "idle" || !isOpen;
    return html`<form novalidate aria-busy=${this.sending} @submit=${this.#submit}>
      ${inputs.map((question, place) => this.#question(question, place))}
      <div class="actions">
        <button class="quiet" type="button" ?disabled=${disabled} @click=${this.#skipAll}>
          ${inputs.length > 1 ? this.texts.skipAll : this.texts.skip}
        </button>
        <button class="primary" ?disabled=${disabled}>${this.texts.submit}</button>
      </div>
    </form>`;
  }

  #question(question: Question, place: number): TemplateResult {
    const given = this.#givenTo(question);
    const isMissing = this.checked && answerOf(question, given) === null;
    return html`<div class="question">
      <fieldset
        data-place=${place}
        ?disabled=${given.skipped || this.sending}
        aria-describedby=${isMissing ? `problem-${place}` : nothing}
      >
        <legend dir="auto">${question.question}</legend>
        ${
          question.type === "freeform"
            ? this.#freeform(question, given, place, isMissing)
            : this.#choices(question, given, place, isMissing)
        }
        ${isMissing ? this.#problem(place) : nothing}
      </fieldset>
      ${this.known.inputs.length > 1 ? this.#skipOne(question, given) : nothing}
    </div>`;
  }

  #freeform(
    question: Extract<Question, { type: "freeform" }>,
    given: Given,
    place: number,
    isMissing: boolean,
  ): TemplateResult {
    const { description } = question;
    return html`
      ${description ? html`<p class="hint" id="hint-${place}" dir="auto">${description}</p>` : nothing}
      <textarea
        class="field"
        rows="3"
        dir="auto"
        aria-label=${question.question}
        aria-describedby=${description ? `hint-${place}` : nothing}
        aria-invalid=${isMissing}
        placeholder=${this.texts.yourAnswer}
        .value=${given.text}
        @input=${(event: InputEvent) => this.#put(question, { ...given, text: valueOf(event) })}
      ></textarea>
    `;
  }

  #choices(
    question: Extract<Question, { type: "multiple_choice" }>,
    given: Given,
    place: number,
    isMissing: boolean,
  ): TemplateResult {
    const type = takesSeveral(question) ? "checkbox" : "radio";
    return html`
      ${question.options.map(
        ({ value }) =>
          html`<label class="choice">
            <input
              type=${type}
              name="choice-${place}"
              .checked=${given.choices.includes(value)}
              @change=${() => this.#put(question, chosen(question, given, value))}
            />
            <span dir="auto">${value}</span>
          </label>`,
      )}
      <label class="choice">
        <input
          type=${type}
          name="choice-${place}"
          .checked=${given.other}
          @change=${(event: Event) => this.#putOther(question, given, isChecked(event))}
        />
        <span>${this.texts.otherAnswer}</span>
      </label>
      ${given.other ? this.#other(question, given, isMissing) : nothing}
    `;
  }

  #other(question: Question, given: Given, isMissing: boolean): TemplateResult {
    return html`<input
      class="field other"
      type="text"
      dir="auto"
      aria-label=${`${this.texts.otherAnswer}: ${question.question}`}
      aria-invalid=${isMissing}
      placeholder=${this.texts.yourAnswer}
      .value=${given.text}
      @input=${(event: InputEvent) => this.#put(question, { ...given, text: valueOf(event) })}
    />`;
  }

  #problem(place: number): TemplateResult {
    return html`<p class="problem" id="problem-${place}">
      <chatkit-icon name="info"></chatkit-icon>${this.texts.required}
    </p>`;
  }

  #skipOne(question: Question, given: Given): TemplateResult {
    return html`<button
      class="quiet one"
      type="button"
      aria-pressed=${given.skipped}
      aria-label=${`${this.texts.skip}: ${question.question}`}
      ?disabled=${this.sending}
      @click=${() => this.#put(question, { ...given, skipped: !given.skipped })}
    >
      ${given.skipped ? this.texts.skipped : this.texts.skip}
    </button>`;
  }

  #answers(): TemplateResult {
    return html`<dl>
      ${this.known.inputs.map(
        ({ question, answer }) =>
          html`<div>
            <dt dir="auto">${question}</dt>
            <dd dir="auto">${this.#answer(answer)}</dd>
          </div>`,
      )}
    </dl>`;
  }

  #answer(answer: StructuredAnswer | null | undefined): string | TemplateResult {
    const values = answer?.skipped ? [] : (answer?.values ?? []);
    return values.length === 0
      ? html`<span class="skipped">${this.texts.skipped}</span>`
      : values.join(", ");
  }

  #givenTo({ id }: Question): Given {
    return this.given[id] ?? NOTHING;
  }

  #put({ id }: Question, given: Given): void {
    this.given = { ...this.given, [id]: given };
  }

  #putOther(question: Question, given: Given, other: boolean): void {
    this.#put(question, chosenOther(question, given, other));
    if (!other) return;
    const place = this.known.inputs.indexOf(question);
    void this.updateComplete.then(() => this.#field(place, "input.other")?.focus());
  }

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const answers = this.known.inputs.map(
      (one) => [one.id, answerOf(one, this.#givenTo(one))] as const,
    );
    const missing = answers.findIndex(([, answer]) => answer === null);
    this.checked = true;
    if (missing >= 0) {
      const written = this.#field(missing, "input.other");
      (written ?? this.#field(missing, "input, textarea"))?.focus();
      return;
    }
    void this.#send("answered", Object.fromEntries(answers) as Record<string, StructuredAnswer>);
  };

  readonly #skipAll = (): void => void this.#send("skipped", {});

  /** Send the form. If it is refused it can be changed and sent again: nothing is lost. */
  async #send(
    status: "answered" | "skipped",
    answers: Record<string, StructuredAnswer>,
  ): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      await this.chat.conversation.submit(this.known.id, status, answers);
    } finally {
      this.sending = false;
    }
  }

  #field(place: number, selector: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-place="${place}"] :is(${selector})`);
  }
}

function valueOf(event: Event): string {
  return (event.target as HTMLInputElement | HTMLTextAreaElement).value;
}

function isChecked(event: Event): boolean {
  return (event.target as HTMLInputElement).checked;
}

customElements.define("chatkit-structured-input", StructuredInput);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-structured-input": StructuredInput;
  }
}
