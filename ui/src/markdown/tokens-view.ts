/** From tokens to templates. Nothing of the text becomes markup: only text and checked addresses. */
import { html, nothing, type TemplateResult } from "lit";

import { imageAddress } from "../addresses";
import type { Source } from "../protocol/items";
import type { Texts } from "../texts";
import type { Block } from "./blocks";
import "../icons/icon";
import "./code-block";
import { decoded } from "./entities";
import {
  blockTokens,
  inlineTokens,
  isLineBreak,
  withoutLineEnds,
  type BlockToken,
  type InlineToken,
} from "./lexer";
import { targetOf, type Deeplink } from "./links";
import type { MathToken } from "./math-syntax";
import "./math-formula";
import { Place, type Piece } from "./place";
import type { Placed } from "./sources";

/** What the templates need besides the text. */
export interface Scene {
  readonly texts: Texts;
  readonly imageDomains: readonly string[] | null;
  readonly follow: (deeplink: Deeplink) => void;
  readonly cite: (event: Event, citation: Placed) => void;
}

type Shown = TemplateResult | typeof nothing | string;

/** A block of the text, with the citations in it. */
export function blockTemplate(
  block: Block,
  source: string,
  citations: readonly Placed[],
  scene: Scene,
): Shown[] {
  const view = new TokensView(scene, new Place(source, citations, block.start));
  return view.whole(block);
}

class TokensView {
  constructor(
    private readonly scene: Scene,
    private readonly place: Place,
  ) {}

  whole({ token, level }: Block): Shown[] {
    const shown =
      token.type === "heading" ? this.#heading(token, level) : this.#block(token, "auto");
    const left = this.place.all();
    return left.length === 0 ? [shown] : [shown, html`<p>${this.#citations(left)}</p>`];
  }

  /** @param dir Only the outermost block has a direction, found from all the text in it. */
  #block(token: BlockToken, dir: "auto" | typeof nothing = nothing): Shown {
    switch (token.type) {
      case "paragraph":
        return html`<p dir=${dir}>${this.#line(token.tokens)}</p>`;
      case "text":
        return html`<p dir=${dir}>${this.#line(token.tokens ?? [token])}</p>`;
      case "heading":
        // Within a list or a quote it is no part of the text's outline.
        return html`<p class="h${token.depth}" dir=${dir}>${this.#line(token.tokens)}</p>`;
      case "blockquote":
        return html`<blockquote dir=${dir}>${this.#blocks(token.tokens)}</blockquote>`;
      case "list":
        return this.#list(token, dir);
      case "table":
        return this.#table(token, dir);
      case "code":
        return this.#code(token);
      case "math":
        return html`<div class="math">${this.#math(token)}</div>`;
      case "hr":
        return html`<hr />`;
      case "checkbox":
        return this.#checkbox(token.checked);
      case "space":
      case "def":
        return nothing;
    }
  }

  #blocks(tokens: BlockTokens): Shown[] {
    return blockTokens(tokens).map((token) => this.#block(token));
  }

  #heading(token: Token<"heading">, level: number): TemplateResult {
    const name = `h${token.depth}`;
    const line = this.#line(token.tokens);
    switch (level) {
      case 2:
        return html`<h2 class=${name} dir="auto">${line}</h2>`;
      case 3:
        return html`<h3 class=${name} dir="auto">${line}</h3>`;
      case 4:
        return html`<h4 class=${name} dir="auto">${line}</h4>`;
      case 5:
        return html`<h5 class=${name} dir="auto">${line}</h5>`;
      default:
        return html`<h6 class=${name} dir="auto">${line}</h6>`;
    }
  }

  #list(token: Token<"list">, dir: "auto" | typeof nothing): TemplateResult {
    const items = token.items.map((item) => {
      const shown = blockTokens(item.tokens).map((inner) =>
        inner.type === "text" ? this.#line(inner.tokens ?? [inner]) : this.#block(inner),
      );
      return html`<li class=${item.task ? "task" : nothing}>${shown}</li>`;
    });
    return token.ordered
      ? html`<ol start=${token.start} dir=${dir}>
          ${items}
        </ol>`
      : html`<ul dir=${dir}>
          ${items}
        </ul>`;
  }

  #table(token: Token<"table">, dir: "auto" | typeof nothing): TemplateResult {
    const header = token.header.map(
      (cell) =>
        html`<th scope="col" class=${cell.align ?? nothing}>${this.#line(cell.tokens, "|")}</th>`,
    );
    const rows = token.rows.map(
      (row) =>
        html`<tr>
          ${row.map(
            (cell) => html`<td class=${cell.align ?? nothing}>${this.#line(cell.tokens, "|")}</td>`,
          )}
          ${rest(token.header.length - row.length)}
        </tr>`,
    );
    return html`<div
      class="table"
      dir=${dir}
      role="group"
      aria-label=${this.scene.texts.table}
      tabindex="0"
    >
      <table>
        <thead>
          <tr>
            ${header}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
  }

  #code(token: Token<"code">): Shown {
    const shown = html`<chatkit-code-block
      .code=${withoutLineEnds(token.text)}
      .language=${languageOf(token.lang)}
      .texts=${this.scene.texts}
    ></chatkit-code-block>`;
    const behind = this.place.whole(token.raw);
    return behind.length === 0
      ? shown
      : html`${shown}
          <p>${this.#citations(behind)}</p>`;
  }

  /** Inline tokens, and the citations up to the end of their line. */
  #line(tokens: BlockTokens, end: "\n" | "|" = "\n"): Shown[] {
    const shown = this.#inline(inlineTokens(tokens));
    return [...shown, this.#citations(this.place.rest(end))];
  }

  #inline(tokens: readonly InlineToken[]): Shown[] {
    return tokens.flatMap((token) => this.#span(token));
  }

  #span(token: InlineToken): Shown | Shown[] {
    switch (token.type) {
      case "text":
        return token.tokens === undefined
          ? this.#text(token.raw, decoded(token.text))
          : this.#inline(inlineTokens(token.tokens));
      case "escape":
        return this.#text(token.raw, token.text);
      case "html":
        return isLineBreak(token.raw)
          ? this.#followed(token, html`<br />`)
          : this.#text(token.raw, token.raw);
      case "strong":
        return html`<strong>${this.#inline(inlineTokens(token.tokens))}</strong>`;
      case "em":
        return html`<em>${this.#inline(inlineTokens(token.tokens))}</em>`;
      case "del":
        return html`<del>${this.#inline(inlineTokens(token.tokens))}</del>`;
      case "br":
        return html`<br />`;
      case "checkbox":
        return this.#checkbox(token.checked);
      case "codespan":
        return this.#followed(token, html`<code dir="auto">${token.text}</code>`);
      case "math":
        return this.#followed(token, this.#math(token));
      case "link":
        return this.#followed(token, this.#link(token));
      case "image":
        return this.#followed(token, this.#image(token));
    }
  }

  #text(raw: string, shown: string): Shown[] {
    return this.place.text(raw, shown).map((piece) => this.#piece(piece));
  }

  #piece(piece: Piece): Shown {
    return typeof piece === "string" ? piece : this.#citations(piece);
  }

  /** Something in which there is no place for a citation. */
  #followed(token: { raw: string }, shown: Shown): Shown[] {
    return [shown, this.#citations(this.place.whole(token.raw))];
  }

  #link(token: Token<"link">): Shown {
    const inner = new TokensView(this.scene, NOWHERE).#inline(inlineTokens(token.tokens));
    const target = targetOf(token.href);
    if (target === null) return html`${inner}`;
    const title = token.title == null ? nothing : decoded(token.title);
    if (target.to === "address") {
      return html`<a
        href=${target.href}
        title=${title}
        target="_blank"
        rel="noopener noreferrer nofollow"
        >${inner}</a
      >`;
    }
    const follow = (): void => this.scene.follow(target.deeplink);
    return html`<span
      class="deeplink"
      role="link"
      tabindex="0"
      title=${title}
      @click=${follow}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === "Enter") follow();
      }}
      >${inner}</span
    >`;
  }

  #image(token: Token<"image">): Shown {
    const alt = decoded(token.text);
    const address = imageAddress(decoded(token.href).trim(), this.scene.imageDomains);
    if (address === null) {
      return html`<span class="blocked" title=${this.scene.texts.blockedImage}
        ><chatkit-icon name="lucide:image-off"></chatkit-icon
        >${alt === "" ? this.scene.texts.blockedImage : alt}</span
      >`;
    }
    return html`<img
      src=${address}
      alt=${alt}
      title=${token.title == null ? nothing : decoded(token.title)}
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
    />`;
  }

  #math(token: MathToken): TemplateResult {
    return html`<chatkit-formula
      .tex=${token.text}
      .source=${token.raw.trim()}
      .display=${token.display}
      .open=${token.open}
    ></chatkit-formula>`;
  }

  #checkbox(checked: boolean): TemplateResult {
    const { done, notDone } = this.scene.texts;
    return checked
      ? html`<span class="box checked" role="img" aria-label=${done}></span>`
      : html`<span class="box" role="img" aria-label=${notDone}></span>`;
  }

  #citations(citations: readonly Placed[]): Shown {
    if (citations.length === 0) return nothing;
    return html`<span class="sources">${citations.map((one) => this.#citation(one))}</span>`;
  }

  #citation(citation: Placed): TemplateResult {
    const cite = (event: Event): void => this.scene.cite(event, citation);
    const { number, annotation } = citation;
    return html`<button
      type="button"
      class="source"
      aria-label=${this.scene.texts.sourceOf(number, annotation.source.title)}
      @click=${cite}
      @pointerenter=${cite}
      @focus=${cite}
    >
      ${markOf(annotation.source) ?? number}
    </button>`;
  }
}

/** What an entity has for its citations instead of a number. */
function markOf(source: Source): TemplateResult | null {
  if (source.type !== "entity") return null;
  if (source.inline_label) return html`<bdi>${source.inline_label}</bdi>`;
  return source.icon ? html`<chatkit-icon name=${source.icon}></chatkit-icon>` : null;
}

type Token<T extends string> = Extract<BlockToken | InlineToken, { type: T }>;
type BlockTokens = Parameters<typeof blockTokens>[0];

/** For text in which there are no citations. */
const NOWHERE = new Place("", [], 0);

/** The cells that a row of a table leaves out, as one. */
const rest = (columns: number): Shown =>
  columns > 0 ? html`<td colspan=${columns}></td>` : nothing;

/** The first word behind the fence. */
function languageOf(info: string | undefined): string {
  return /^[\p{L}\p{N}+#._-]{1,30}/u.exec(info ?? "")?.[0] ?? "";
}
