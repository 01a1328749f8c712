"""Widgets to look at and to press, by name. Together they have every component of the protocol."""

from typing import Any

PRESS = {"type": "press", "payload": {"n": 1}}

PICTURE = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAoAgMAAAAzoBR6AAAACVBMVEWbxPD/4IpKeltLoW1tAAAAkklEQVR4"
    "2rXPsQ0DIQyF4YulSBF9lvAUGeGKeB+PQonelBFwnHkkRVLEHb/gk9m2f89jOd9tCWZ85WK2/xiuZs/vn9w+"
    "hnkPXTeF818EmT+RUDgo8BacAtAQD7MFyWGiqqlMRFUVE1HVU5YWsmCs10NJGOulFqAY6ynO8TD7lCCOmYh4"
    "QyGz2RGAEeHgTFREOZQXy+CPGHAymycAAAAASUVORK5CYII="
)


def text(value: str, **more: Any) -> dict[str, Any]:
    return {"type": "Text", "value": value, **more}


def table_row(*values: str, header: bool = False) -> dict[str, Any]:
    cells = [
        {
            "type": "Table.Cell",
            "align": "end" if place == 1 else "start",
            "children": [text(value, size="sm", weight="medium" if header else "normal")],
        }
        for place, value in enumerate(values)
    ]
    return {"type": "Table.Row", "header": header, "children": cells}


SALES = [
    {"month": month, "shop": shop, "web": web, "goal": 60}
    for month, shop, web in (
        ("Jan", 31, 20),
        ("Feb", 28, 26),
        ("Mar", 42, 31),
        ("Apr", 36, 40),
        ("May", 51, 44),
        ("Jun", 48, 58),
    )
]

WIDGETS: dict[str, dict[str, Any]] = {
    "card": {
        "type": "Card",
        "size": "md",
        "status": {"text": "From the gallery", "icon": "sparkle"},
        "children": [
            {"type": "Title", "value": "A card"},
            text("With a text."),
            {"type": "Caption", "value": "And a caption."},
            {"type": "Divider"},
            {
                "type": "Row",
                "gap": 2,
                "children": [
                    {"type": "Badge", "label": "New", "color": "success"},
                    {"type": "Icon", "name": "star"},
                    {"type": "Spacer"},
                    {"type": "Button", "label": "Press", "onClickAction": PRESS},
                ],
            },
        ],
        "confirm": {"label": "Yes", "action": {"type": "confirm"}},
        "cancel": {"label": "No", "action": {"type": "cancel"}},
    },
    "collapsed": {
        "type": "Card",
        "collapsed": True,
        "children": [{"type": "Title", "value": "Sent to Ada"}, text("What was sent.")],
        "confirm": {"label": "Send", "action": {"type": "confirm"}},
    },
    "actions": {
        "type": "Card",
        "children": [
            {
                "type": "Button",
                "label": f"{behaviour} button",
                "onClickAction": {"type": "slow", "loadingBehavior": behaviour},
            }
            for behaviour in ("auto", "self", "container", "none")
        ]
        + [
            {"type": "Button", "label": "Replace", "onClickAction": {"type": "replace"}},
            {
                "type": "Button",
                "label": "On the page",
                "onClickAction": {"type": "open", "payload": {"id": 7}, "handler": "client"},
            },
            {
                "type": "Button",
                "label": "At once",
                "onClickAction": {"type": "sync", "streaming": False},
            },
        ],
    },
    "buttons": {
        "type": "Card",
        "size": "full",
        "children": [
            {
                "type": "Row",
                "wrap": "wrap",
                "children": [
                    {"type": "Button", "label": color, "color": color, "variant": variant}
                    for color in (
                        "primary",
                        "secondary",
                        "info",
                        "discovery",
                        "success",
                        "caution",
                        "warning",
                        "danger",
                    )
                ],
            }
            for variant in ("solid", "soft", "outline", "ghost")
        ]
        + [
            {
                "type": "Row",
                "wrap": "wrap",
                "children": [
                    {"type": "Button", "label": size, "size": size, "iconStart": "star"}
                    for size in ("3xs", "2xs", "xs", "sm", "md", "lg", "xl", "2xl", "3xl")
                ],
            },
            {
                "type": "Row",
                "wrap": "wrap",
                "children": [
                    {"type": "Button", "label": "Primary", "style": "primary", "iconEnd": "check"},
                    {"type": "Button", "label": "Pill", "pill": True},
                    {"type": "Button", "iconStart": "calendar", "uniform": True, "iconSize": "lg"},
                    {"type": "Button", "label": "Off", "disabled": True},
                ],
            },
            {"type": "Button", "label": "Block", "block": True, "style": "primary"},
            {
                "type": "Row",
                "wrap": "wrap",
                "children": [
                    {"type": "Badge", "label": color, "color": color, "variant": variant}
                    for variant in ("solid", "soft", "outline")
                    for color in (
                        "secondary",
                        "success",
                        "danger",
                        "warning",
                        "info",
                        "discovery",
                    )
                ],
            },
        ],
    },
    "form": {
        "type": "Card",
        "asForm": True,
        "confirm": {"label": "Send it", "action": {"type": "submit"}},
        "cancel": {"label": "Never mind", "action": {"type": "cancel"}},
        "children": [
            {"type": "Title", "value": "A form", "size": "sm"},
            {"type": "Label", "value": "Name", "fieldName": "name"},
            {"type": "Input", "name": "name", "required": True, "placeholder": "Ada"},
            {"type": "Label", "value": "About", "fieldName": "about"},
            {"type": "Textarea", "name": "about", "rows": 2, "autoResize": True},
            {
                "type": "Select",
                "name": "colour",
                "placeholder": "Colour",
                "options": [
                    {"value": "r", "label": "Red", "description": "As a tomato"},
                    {"value": "g", "label": "Green"},
                    {"value": "b", "label": "Blue", "disabled": True},
                ],
                "clearable": True,
            },
            {"type": "DatePicker", "name": "day", "placeholder": "Day", "clearable": True},
            {"type": "Checkbox", "name": "news", "label": "Send news", "defaultChecked": True},
            {
                "type": "RadioGroup",
                "name": "size",
                "ariaLabel": "Size",
                "options": [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}],
                "defaultValue": "s",
            },
        ],
    },
    "todo": {
        "type": "Card",
        "children": [
            {
                "type": "Form",
                "direction": "col",
                "onSubmitAction": {"type": "update_todo", "payload": {"id": 1}},
                "children": [
                    {"type": "Caption", "value": "Title"},
                    text("Water the plants", editable={"name": "todo.title", "required": True}),
                    {"type": "Caption", "value": "Mail"},
                    {"type": "Input", "name": "mail", "inputType": "email", "variant": "soft"},
                    {
                        "type": "Select",
                        "name": "city",
                        "block": True,
                        "placeholder": "City",
                        "onChangeAction": {"type": "city"},
                        "options": [
                            {"value": f"c{number}", "label": f"City {number}"}
                            for number in range(1, 31)
                        ],
                    },
                    {"type": "Button", "label": "Save", "submit": True, "style": "primary"},
                ],
            }
        ],
    },
    "list": {
        "type": "ListView",
        "limit": 2,
        "status": {"text": "3 results", "favicon": PICTURE, "frame": True},
        "children": [
            {
                "type": "ListViewItem",
                "onClickAction": {"type": "open", "payload": {"n": number}},
                "gap": 3,
                "children": [
                    {"type": "Icon", "name": "document"},
                    {
                        "type": "Col",
                        "gap": 0,
                        "children": [
                            text(f"Result {number}", weight="medium"),
                            {"type": "Caption", "value": "Somewhere in the gallery"},
                        ],
                    },
                    {"type": "Spacer"},
                    {"type": "Icon", "name": "chevron-right", "color": "tertiary"},
                ],
            }
            for number in (1, 2, 3)
        ],
    },
    "long": {
        "type": "ListView",
        "limit": "auto",
        "children": [
            {"type": "ListViewItem", "children": [text(f"Entry {number}")]}
            for number in range(1, 41)
        ],
    },
    "layout": {
        "type": "Basic",
        "gap": 2,
        "children": [
            {
                "type": "Box",
                "background": {"light": "#eef", "dark": "#223"},
                "padding": {"x": 4, "y": 2},
                "radius": "lg",
                "border": {"size": 2, "color": "#88f", "style": "dashed"},
                "children": [{"type": "Markdown", "value": "Some **Markdown**."}],
            },
            {
                "type": "Col",
                "align": "end",
                "children": [text("At the end", weight="bold")],
            },
            {
                "type": "Table",
                "children": [
                    table_row("Name", "Born", header=True),
                    table_row("Ada", "1815"),
                    table_row("Alan", "1912"),
                ],
            },
            {
                "type": "Transition",
                "children": text("It moves.", key="one"),
            },
        ],
    },
    "picture": {
        "type": "Card",
        "size": "sm",
        "theme": "dark",
        "children": [
            {
                "type": "Image",
                "src": PICTURE,
                "alt": "Mountains",
                "flush": True,
                "aspectRatio": "16/9",
            },
            {"type": "Title", "value": "Mountains", "size": "xl"},
            text("A card that is dark in every theme.", color="secondary", size="sm"),
            {
                "type": "Row",
                "children": [
                    {"type": "Image", "src": PICTURE, "alt": "", "size": 48, "radius": "full"},
                    {"type": "Image", "src": PICTURE, "alt": "Hill", "size": 48, "frame": True},
                    {"type": "Image", "src": "https://images.test/x.png", "alt": "Far", "size": 48},
                ],
            },
        ],
    },
    "chart": {
        "type": "Card",
        "size": "lg",
        "children": [
            {"type": "Title", "value": "Sales"},
            {
                "type": "Chart",
                "data": SALES,
                "xAxis": {"dataKey": "month"},
                "showYAxis": True,
                "showLegend": True,
                "showTooltip": True,
                "series": [
                    {"type": "bar", "dataKey": "shop", "label": "Shop", "stack": "all"},
                    {"type": "bar", "dataKey": "web", "label": "Web", "stack": "all"},
                    {"type": "line", "dataKey": "goal", "label": "Goal", "color": "orange"},
                ],
            },
            {
                "type": "Chart",
                "height": 140,
                "data": SALES,
                "xAxis": "month",
                "series": [
                    {
                        "type": "area",
                        "dataKey": "web",
                        "label": "Web",
                        "color": "purple",
                        "curveType": "natural",
                    }
                ],
            },
        ],
    },
}
