import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const noResourceInApply = {
  selector:
    "CallExpression[callee.property.name='apply'] NewExpression:matches([callee.object.name=/^(awsx|random)$/], [callee.object.object.name='aws'])",
  message: "nothing is constructed inside apply: it would be missing from `pulumi preview`",
};
const noNestedApply = {
  selector: "CallExpression[callee.property.name='apply'] CallExpression[callee.property.name='apply']",
  message: "one apply: use pulumi.output({ ... }).apply(...) or move the work to a pure function",
};
const noDroppedApply = {
  selector: "ExpressionStatement > CallExpression[callee.property.name='apply']",
  message: "a dropped apply hides its failures: return it or await it",
};
const noConfig = {
  selector: "NewExpression[callee.property.name='Config']",
  message: "Pulumi config is read in config/index.ts only",
};
const noInvoke = {
  selector: "CallExpression[callee.property.name=/^(get[A-Z]\\w*|invoke)$/][callee.object.object.name=/^(aws|awsx)$/]",
  message: "nothing looks things up: a preview must need no more than credentials",
};
const noOrphans = {
  selector:
    "NewExpression:matches([callee.object.name=/^(awsx|random)$/], [callee.object.object.name='aws'])[arguments.length<3]",
  message: "pass options with a parent: an unparented child escapes its component",
};
const everywhere = [noResourceInApply, noNestedApply, noDroppedApply, noInvoke];

/** Folders from the bottom up; each may import only from those before it (and its own files). */
const LAYERS = ["plan", "config", "components", "evaluate", "report", "drills", "commands"];
const fence = (folder, forbidden, message) => ({
  files: [`${folder}/**/*.ts`],
  rules: { "no-restricted-imports": ["error", { patterns: [{ regex: forbidden, message }] }] },
});

export default tseslint.config(
  { ignores: ["node_modules", "examples", ".cache"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { project: "./tsconfig.check.json", tsconfigRootDir: import.meta.dirname } } },
  {
    files: ["**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 300 }],
      complexity: ["error", 10],
      "no-restricted-syntax": ["error", ...everywhere, noConfig],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/prefer-nullish-coalescing": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  { files: ["config/index.ts", "bootstrap/settings.ts"], rules: { "no-restricted-syntax": ["error", ...everywhere] } },
  { files: ["components/**/*.ts"], rules: { "no-restricted-syntax": ["error", ...everywhere, noConfig, noOrphans] } },
  {
    files: ["tests/**/*.ts"],
    rules: { "@typescript-eslint/no-floating-promises": "off", "@typescript-eslint/no-non-null-assertion": "off" },
  },
  ...LAYERS.map((layer, i) => {
    const above = [...LAYERS.slice(i + 1), ...(layer === "commands" ? [] : ["index"]), "tests"].join("|");
    const pure = layer === "plan" ? "^@pulumi/|" : "";
    return fence(
      layer,
      `${pure}^(\\.\\./)+(${above})(/|$)`,
      `${layer}/ imports only what lies below it: ${LAYERS.slice(0, i).join(", ") || "nothing of ours"}`,
    );
  }),
  fence("bootstrap", "^\\.\\./", "bootstrap/ is a project of its own, and its rights/ know nothing of the rest"),
  { files: ["**/*.mjs", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.cjs"],
    languageOptions: { globals: { __dirname: "readonly", process: "readonly", require: "readonly" } },
    rules: {
      "@typescript-eslint/explicit-function-return-type": "off",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  {
    files: ["ci/*.mjs"],
    languageOptions: { globals: { AbortSignal: "readonly", fetch: "readonly", URL: "readonly" } },
    rules: { "@typescript-eslint/explicit-function-return-type": "off" },
  },
);
