/** What is looked at: badges, icons, images. */
import { html, nothing, type TemplateResult } from "lit";

import { pictureAddress } from "../addresses";
import "../icons/icon";
import { styled } from "../styled";
import { radius, sizeStyle, word } from "./box-style";
import { color } from "./colors";
import { shown, type Component, type Of, type Status } from "./components";
import type { Frame } from "./frame";
import { edges, flex } from "./lengths";

const BADGE_COLORS = ["secondary", "success", "danger", "warning", "info", "discovery"];
const ICON_SIZES = {
  xs: "14px",
  sm: "16px",
  md: "18px",
  lg: "20px",
  xl: "24px",
  "2xl": "32px",
  "3xl": "40px",
};
const FITS = ["cover", "contain", "fill", "scale-down", "none"];
const POSITIONS = [
  "top left",
  "top",
  "top right",
  "left",
  "center",
  "right",
  "bottom left",
  "bottom",
  "bottom right",
];

/** `Badge`: a word in a colour. */
export function badge(component: Component): TemplateResult {
  const { label, color: tone, variant, size, pill } = component as Of<"Badge">;
  return html`<span
    class=${pill === false ? "badge" : "badge pill"}
    data-tone=${BADGE_COLORS.find((one) => one === tone) ?? "secondary"}
    data-variant=${["solid", "soft", "outline"].find((one) => one === variant) ?? "soft"}
    data-size=${["sm", "md", "lg"].find((one) => one === size) ?? "sm"}
    >${shown(label)}</span
  >`;
}

/** `Icon`: a drawing, by the name of ours or of `lucide:`. */
export function icon(component: Component, frame: Frame): TemplateResult {
  const { name, color: given, size } = component as Of<"Icon">;
  const style = {
    color: color(given, frame.scheme, "text"),
    fontSize: word(ICON_SIZES, size) ?? ICON_SIZES.md,
  };
  return html`<chatkit-icon
    class="icon"
    name=${shown(name)}
    style=${styled(style)}
  ></chatkit-icon>`;
}

/** `Image`: shown if its site may be asked for it, named otherwise. */
export function image(component: Component, frame: Frame): TemplateResult {
  const given = component as Of<"Image">;
  const style = {
    ...sizeStyle(given),
    ...edges("margin", given.margin),
    flex: flex(given.flex),
    borderRadius: given.flush ? undefined : radius(given.radius),
    background: color(given.background, frame.scheme, "surface"),
    objectFit: FITS.find((one) => one === given.fit),
    objectPosition: POSITIONS.find((one) => one === given.position),
  };
  const classes = `image${given.frame ? " framed" : ""}${given.flush ? " flush" : ""}`;
  const src = imageOf(given.src, frame);
  if (src === null) return blocked(shown(given.alt), classes, style, frame);
  return html`<img
    class=${classes}
    style=${styled(style)}
    src=${src}
    alt=${shown(given.alt)}
    loading="lazy"
    decoding="async"
    referrerpolicy="no-referrer"
    draggable="false"
  />`;
}

/** The address of an image to load, or null: it may be anything, and is not trusted. */
function imageOf(src: unknown, { widget }: Frame): string | null {
  return typeof src === "string" ? pictureAddress(src, widget.imageDomains) : null;
}

function blocked(
  alt: string,
  classes: string,
  style: Readonly<Record<string, string | undefined>>,
  { widget }: Frame,
): TemplateResult {
  const said = alt === "" ? widget.texts.blockedImage : `${alt}: ${widget.texts.blockedImage}`;
  return html`<span
    class="${classes} blocked"
    style=${styled(style)}
    role="img"
    aria-label=${said}
    title=${said}
    ><chatkit-icon name="square-image"></chatkit-icon
  ></span>`;
}

/** What a card or a list is about, and where it is from. */
export function statusLine(status: unknown, frame: Frame): TemplateResult | typeof nothing {
  if (typeof status !== "object" || status === null) return nothing;
  const given = status as Status;
  return html`<p class="status">
    ${mark(given, frame)}<span dir="auto">${shown(given.text)}</span>
  </p>`;
}

function mark(status: Status, frame: Frame): TemplateResult | typeof nothing {
  if ("favicon" in status && status.favicon !== undefined) {
    const src = imageOf(status.favicon, frame);
    return src === null
      ? html`<chatkit-icon name="globe"></chatkit-icon>`
      : html`<img
          class=${status.frame ? "favicon framed" : "favicon"}
          src=${src}
          alt=""
          referrerpolicy="no-referrer"
        />`;
  }
  return "icon" in status && status.icon !== undefined
    ? html`<chatkit-icon name=${shown(status.icon)}></chatkit-icon>`
    : nothing;
}
