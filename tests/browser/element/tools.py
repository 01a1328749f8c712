"""Tools to choose from in the composer: one in the menu, one that is pinned."""

TOOLS = """{ composer: { tools: [
  { id: "draw", label: "Draw a picture", shortLabel: "Draw", icon: "images",
    placeholderOverride: "What shall it show?" },
  { id: "search", label: "Search the web", icon: "globe", pinned: true, persistent: true }] } }"""
