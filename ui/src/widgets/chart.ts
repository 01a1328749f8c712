/** A simple chart of bars, areas and lines. Those who cannot see it read it as a table. */
import { html, LitElement, nothing, type TemplateResult } from "lit";

import type { Texts } from "../texts";
import { controls } from "../theme/controls";
import { drawing } from "./chart-drawing";
import { legend, tooltip } from "./chart-legend";
import { plotOf, type Plot } from "./chart-plot";
import { chartTable, named, rowsOf } from "./chart-table";
import { chartStyles } from "./chart.styles";
import type { Chart } from "./components";

/** `<chatkit-chart>`: draws a chart as large as it has room, and says it as a table. */
export class ChartView extends LitElement {
  static override properties = {
    chart: { attribute: false },
    colors: { attribute: false },
    texts: { attribute: false },
    at: { state: true },
    box: { state: true },
  };
  static override styles = [controls, chartStyles];
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
    const { chart, colors, texts } = this;
    const { showLegend = false, showTooltip = false } = chart;
    const plot = plotOf(chart, this.box, texts);
    const at = showTooltip ? this.at : null;
    return html`<div
        class="plot"
        role="img"
        tabindex=${showTooltip ? "0" : nothing}
        aria-label=${`${texts.chart}: ${chart.series.map(named).join(", ")}`}
        @pointermove=${(event: PointerEvent) => this.#point(event, plot)}
        @pointerleave=${() => (this.at = null)}
        @blur=${() => (this.at = null)}
        @keydown=${this.#onKey}
      >
        <svg viewBox="0 0 ${plot.width} ${plot.height}" aria-hidden="true">
          ${drawing(plot, colors, at)}
        </svg>
        ${at === null ? nothing : tooltip(plot, colors, texts, at)}
      </div>
      ${showLegend ? legend(chart, colors) : nothing} ${chartTable(chart, texts, "visually-hidden")}`;
  }

  #point(event: PointerEvent, { chart, left, column }: Plot): void {
    const { left: edge } = (event.currentTarget as Element).getBoundingClientRect();
    const place = Math.floor((event.clientX - edge - left) / column);
    this.at = place >= 0 && place < rowsOf(chart).length ? place : null;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (move === undefined || !this.chart.showTooltip) return;
    event.preventDefault();
    const next = this.at === null ? 0 : this.at + move;
    this.at = Math.max(0, Math.min(rowsOf(this.chart).length - 1, next));
  };
}

customElements.define("chatkit-chart", ChartView);

declare global {
  interface HTMLElementTagNameMap {
    "chatkit-chart": ChartView;
  }
}
