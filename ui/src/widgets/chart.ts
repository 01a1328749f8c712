/** A simple chart of bars, areas and lines. Those who cannot see it read it as a table. */
import {
  css,
  html,
  LitElement,
  nothing,
  svg,
  type SVGTemplateResult,
  type TemplateResult,
} from "lit";

import { controls } from "../theme/controls";
import type { Texts } from "../texts";
import { styled } from "../styled";
import { axisOf, category, chartTable, named, rowsOf, valueOf, type Axis } from "./chart-table";
import type { Chart, Series } from "./components";
import { pathOf, type Point } from "./curves";
import { stacked, ticks, type Extents } from "./scales";

const AXIS_PX = 22;
const LABEL_PX = 64;
const TOP_PX = 8;

interface Plot {
  width: number;
  height: number;
  left: number;
  x: (place: number) => number;
  y: (value: number) => number;
  step: number;
}

/** `<chatkit-chart>`: draws a chart as large as it has room, and says it as a table. */
export class ChartView extends LitElement {
  static override properties = {
    chart: { attribute: false },
    colors: { attribute: false },
    texts: { attribute: false },
    at: { state: true },
    box: { state: true },
  };
  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--ck-space-2);
        position: relative;
        min-inline-size: 0;
      }
      .plot {
        flex: 1;
        position: relative;
        min-block-size: 0;
        outline-offset: 2px;
        direction: ltr;
      }
      svg {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        overflow: visible;
        font-size: 0.75rem;
      }
      text {
        fill: var(--ck-text-muted);
      }
      .grid {
        stroke: var(--ck-line);
        stroke-dasharray: 3 4;
      }
      .grid.zero {
        stroke-dasharray: none;
      }
      .here {
        fill: var(--ck-hover);
      }
      .series {
        fill: var(--color);
      }
      .line {
        fill: none;
        stroke: var(--color);
        stroke-width: 2;
        stroke-linejoin: round;
        stroke-linecap: round;
      }
      .area {
        fill: var(--color);
        opacity: 0.22;
      }
      .dot {
        fill: var(--color);
        stroke: var(--ck-surface);
        stroke-width: 2;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: var(--ck-space-1) var(--ck-space-4);
        margin: 0;
        padding: 0;
        list-style: none;
        font-size: 0.8125rem;
        color: var(--ck-text-muted);
      }
      .swatch {
        display: inline-block;
        inline-size: 0.625rem;
        block-size: 0.625rem;
        margin-inline-end: 0.375rem;
        border-radius: 3px;
        background: var(--color);
      }
      .tooltip {
        position: absolute;
        inset-block-start: 0;
        z-index: 1;
        padding: var(--ck-space-2) var(--ck-space-3);
        border: 1px solid var(--ck-line);
        border-radius: var(--ck-radius-s);
        background: var(--ck-surface);
        box-shadow: var(--ck-shadow);
        color: var(--ck-text);
        font-size: 0.8125rem;
        white-space: nowrap;
        pointer-events: none;
      }
      .tooltip p {
        margin: 0;
      }
      .tooltip p:first-child {
        font-weight: 600;
      }
    `,
  ];
  declare chart: Chart;
  /** One for each series. */
  declare colors: readonly string[];
  declare texts: Texts;
  /** The place that is pointed at. */
  declare private at: number | null;
  declare private box: { width: number; height: number };
  readonly #sizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry?.contentRect ?? { width: 0, height: 0 };
    this.box = { width, height };
  });

  constructor() {
    super();
    this.colors = [];
    this.at = null;
    this.box = { width: 480, height: 220 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(() => {
      const plot = this.renderRoot.querySelector(".plot");
      if (plot !== null && this.isConnected) this.#sizes.observe(plot);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  override render(): TemplateResult {
    const { showLegend = false, showTooltip = false } = this.chart;
    const extents = stacked(this.#rows, this.#series);
    const steps = ticks(extents.flat().flatMap((one) => (one === null ? [] : [one.from, one.to])));
    const plot = this.#plot(steps);
    return html`<div
        class="plot"
        role="img"
        tabindex=${showTooltip ? "0" : nothing}
        aria-label=${`${this.texts.chart}: ${this.#series.map(named).join(", ")}`}
        @pointermove=${(event: PointerEvent) => this.#point(event, plot)}
        @pointerleave=${() => (this.at = null)}
        @blur=${() => (this.at = null)}
        @keydown=${this.#onKey}
      >
        <svg viewBox="0 0 ${plot.width} ${plot.height}" aria-hidden="true">
          ${this.#grid(steps, plot)}
          ${this.at !== null && showTooltip ? this.#here(this.at, plot) : nothing}
          ${this.#series.map((one, place) => this.#drawn(one, place, extents[place] ?? [], plot))}
          ${this.#axis(plot)}
        </svg>
        ${this.at !== null && showTooltip ? this.#tooltip(this.at, plot) : nothing}
      </div>
      ${showLegend ? this.#legend() : nothing}
      ${chartTable(this.chart, this.texts, "visually-hidden")}`;
  }

  get #rows(): ReturnType<typeof rowsOf> {
    return rowsOf(this.chart);
  }

  get #series(): readonly Series[] {
    return this.chart.series;
  }

  get #x(): Axis {
    return axisOf(this.chart);
  }

  #category(place: number): string {
    return category(this.chart, place);
  }

  #plot(steps: readonly number[]): Plot {
    const { width, height } = this.box;
    const low = steps[0] ?? 0;
    const high = steps.at(-1) ?? 1;
    const longest = Math.max(...steps.map((step) => compact(step, this.texts).length));
    const left = this.chart.showYAxis ? 12 + longest * 7 : 0;
    const bottom = height - (this.#x.hide ? 2 : AXIS_PX);
    const step = (width - left) / Math.max(1, this.#rows.length);
    return {
      width,
      height,
      left,
      step,
      x: (place) => left + step * (place + 0.5),
      y: (value) => bottom - ((value - low) / (high - low)) * (bottom - TOP_PX),
    };
  }

  #grid(steps: readonly number[], { left, width, y }: Plot): SVGTemplateResult[] {
    return steps.map(
      (step) =>
        svg`<line class=${step === 0 ? "grid zero" : "grid"} x1=${left} x2=${width} y1=${y(step)} y2=${y(step)}></line>
          ${this.chart.showYAxis ? svg`<text x=${left - 8} y=${y(step) + 4} text-anchor="end">${compact(step, this.texts)}</text>` : nothing}`,
    );
  }

  #axis({ x, height, step }: Plot): SVGTemplateResult[] | typeof nothing {
    if (this.#x.hide) return nothing;
    const every = Math.max(1, Math.ceil(LABEL_PX / Math.max(1, step)));
    const most = Math.max(3, Math.floor((step * every) / 7));
    return this.#rows.flatMap((_, place) => {
      if (place % every !== 0) return [];
      const label = this.#category(place);
      const short = label.length > most ? `${label.slice(0, most - 1)}…` : label;
      return [svg`<text x=${x(place)} y=${height - 5} text-anchor="middle">${short}</text>`];
    });
  }

  #here(place: number, { x, step, height }: Plot): SVGTemplateResult {
    const bottom = height - (this.#x.hide ? 2 : AXIS_PX);
    return svg`<rect class="here" x=${x(place) - step / 2} y=${TOP_PX} width=${step} height=${Math.max(0, bottom - TOP_PX)} rx="4"></rect>`;
  }

  #drawn(series: Series, place: number, extents: Extents, plot: Plot): SVGTemplateResult {
    const style = styled({ "--color": this.colors[place] });
    if (series.type === "bar") {
      return svg`<g style=${style}>${this.#bars(series, extents, plot)}</g>`;
    }
    const known = extents.flatMap((one, at) => (one === null ? [] : [{ at, ...one }]));
    const tops = known.map(({ at, to }): Point => ({ x: plot.x(at), y: plot.y(to) }));
    const line = svg`<path class="line" d=${pathOf(tops, series.curveType)}></path>`;
    const dots = known.flatMap(({ at }, index) => {
      const top = tops[index];
      return top !== undefined && (at === this.at || known.length === 1)
        ? [svg`<circle class="dot" cx=${top.x} cy=${top.y} r="4"></circle>`]
        : [];
    });
    if (series.type !== "area") return svg`<g style=${style}>${line}${dots}</g>`;
    const floor = known.map(({ at, from }): Point => ({ x: plot.x(at), y: plot.y(from) }));
    const back = pathOf(floor.toReversed(), series.curveType).replace(/^M/, "L");
    const area = known.length === 0 ? "" : `${pathOf(tops, series.curveType)}${back}Z`;
    return svg`<g style=${style}><path class="area" d=${area}></path>${line}${dots}</g>`;
  }

  /** Bars of one stack share a column. */
  #bars(series: Series, extents: Extents, { x, y, step }: Plot): SVGTemplateResult[] {
    const columns = [...new Set(this.#series.filter(({ type }) => type === "bar").map(columnOf))];
    const { barGap = 4, barCategoryGap } = this.chart;
    const room = Math.max(2, step - (barCategoryGap ?? step * 0.3));
    const width = Math.max(
      1,
      Math.min(48, (room - barGap * (columns.length - 1)) / columns.length),
    );
    const whole = width * columns.length + barGap * (columns.length - 1);
    const shift = columns.indexOf(columnOf(series)) * (width + barGap) - whole / 2;
    return extents.flatMap((one, place) => {
      if (one === null) return [];
      const top = Math.min(y(one.from), y(one.to));
      const height = Math.abs(y(one.from) - y(one.to));
      const round = Math.min(4, width / 3, height);
      return [
        svg`<rect class="series" x=${x(place) + shift} y=${top} width=${width} height=${height} rx=${round}></rect>`,
      ];
    });
  }

  #tooltip(place: number, { x, width }: Plot): TemplateResult {
    const isLeft = x(place) < width / 2;
    const style = isLeft ? { left: `${x(place) + 12}px` } : { right: `${width - x(place) + 12}px` };
    return html`<div class="tooltip" role="status" style=${styled(style)}>
      <p>${this.#category(place)}</p>
      ${this.#series.map(
        (one, index) =>
          html`<p>
            <span class="swatch" style=${styled({ "--color": this.colors[index] })}></span
            >${named(one)}: ${valueOf(this.#rows[place], one, this.texts)}
          </p>`,
      )}
    </div>`;
  }

  #legend(): TemplateResult {
    return html`<ul class="legend" aria-hidden="true">
      ${this.#series.map(
        (one, place) =>
          html`<li>
            <span class="swatch" style=${styled({ "--color": this.colors[place] })}></span
            >${named(one)}
          </li>`,
      )}
    </ul>`;
  }

  #point(event: PointerEvent, { left, step }: Plot): void {
    const { left: edge } = (event.currentTarget as Element).getBoundingClientRect();
    const place = Math.floor((event.clientX - edge - left) / step);
    this.at = place >= 0 && place < this.#rows.length ? place : null;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined || !this.chart.showTooltip) return;
    event.preventDefault();
    const next = this.at === null ? 0 : this.at + move;
    this.at = Math.max(0, Math.min(this.#rows.length - 1, next));
  };
}

function columnOf({ stack, dataKey }: Series): string {
  return stack === undefined ? `key/${dataKey}` : `stack/${stack}`;
}

function compact(value: number, { language }: Texts): string {
  const options = { notation: "compact", maximumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(language, options).format(value);
}

customElements.define("chatkit-chart", ChartView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-chart": ChartView;
  }
}
