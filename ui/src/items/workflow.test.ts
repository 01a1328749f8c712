import { html } from "lit";
import { describe, expect, it } from "vitest";

import type { Task, Workflow, WorkflowItem } from "../protocol/items";
import { en } from "../texts/en";
import { all, find, shown, stage } from "./staging";
import { summaryOf } from "./workflow";

const searched: Task = { type: "web_search", title_query: "sky" };
const thought: Task = { type: "thought", content: "Blue." };

describe("summaryOf", () => {
  it.each<[string, Workflow, boolean, string]>([
    [
      "the server's title",
      { type: "custom", tasks: [], summary: { title: "Looked" } },
      false,
      "Looked",
    ],
    [
      "the newest step while it goes on",
      { type: "custom", tasks: [searched] },
      true,
      "Searched for “sky”",
    ],
    [
      "the number of steps afterwards",
      { type: "custom", tasks: [searched, thought] },
      false,
      "2 steps",
    ],
    ["thinking while it thinks", { type: "reasoning", tasks: [thought] }, true, "Thinking"],
    [
      "how long it thought",
      { type: "reasoning", tasks: [thought], summary: { duration: 3 } },
      false,
      "Thought for 3 s",
    ],
    ["that it was reasoning", { type: "reasoning", tasks: [thought] }, false, "Reasoning"],
  ])("is %s", (_, workflow, open, words) => expect(summaryOf(workflow, open, en)).toBe(words));
});

function item(workflow: Partial<Workflow>): WorkflowItem {
  return {
    id: "w",
    thread_id: "thr",
    created_at: "2026-01-01T00:00:00Z",
    type: "workflow",
    workflow: { type: "custom", tasks: [searched, thought], ...workflow },
  };
}

function template(workflow: Partial<Workflow>, open = false) {
  return html`<chatkit-workflow .item=${item(workflow)} .open=${open}></chatkit-workflow>`;
}

describe("<chatkit-workflow>", () => {
  it("is folded unless the server says otherwise", async () => {
    const { show } = stage();
    expect(all(await show(template({})), "chatkit-task")).toHaveLength(0);
    expect(all(await show(template({ expanded: true })), "chatkit-task")).toHaveLength(2);
  });

  it("keeps what the user has chosen when the server changes its mind", async () => {
    const { show } = stage();
    const element = await show(template({ expanded: true }));
    find(element, "button")?.click();
    await show(template({ expanded: true, tasks: [thought] }));
    expect(find(element, "button")?.getAttribute("aria-expanded")).toBe("false");
  });

  it("has nothing to unfold before the first step", async () => {
    const element = await stage().show(template({ type: "reasoning", tasks: [] }, true));
    expect(find(element, "button")?.hasAttribute("disabled")).toBe(true);
    expect(shown(element)).toBe("Thinking");
  });

  it("leaves out a step that it does not know, and tells the page", async () => {
    const scene = stage();
    const tasks = [searched, { type: "dream" }] as Task[];
    const element = await scene.show(template({ tasks, expanded: true }));
    expect(all(element, "chatkit-task")).toHaveLength(1);
    expect(scene.told.map(({ name }) => name)).toEqual(["chatkit.log"]);
  });
});
