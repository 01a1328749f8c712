import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["node_modules", "dist"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } },
    },
    rules: {
      // docs/ui.md promises Chrome 120, Firefox 125 and Safari 17; the types know newer ones.
      "no-restricted-properties": [
        "error",
        { object: "URL", property: "parse", message: "Use resolved() of addresses.ts." },
        { object: "Promise", property: "withResolvers", message: "Safari 17.4 is the first." },
        { object: "Promise", property: "try", message: "Safari 18.2 is the first." },
        { object: "Object", property: "groupBy", message: "Safari 17.4 is the first." },
        { object: "Map", property: "groupBy", message: "Safari 17.4 is the first." },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unnecessary-condition": [
        "error",
        { allowConstantLoopConditions: true },
      ],
    },
  },
);
