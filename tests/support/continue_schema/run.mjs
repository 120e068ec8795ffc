// What Continue's own package makes of configurations: JSON objects on stdin, one on stdout.
//
// In: {"texts": {name: YAML or JSON}, "old": {name: config.json as an object}}.
// Out: {"texts": {name: {accepted, problems, data}}, "old": {name: what its converter makes}}.

import {
  configYamlSchema,
  convertJsonToYamlConfig,
  validateConfigYaml,
} from "@continuedev/config-yaml";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

function judged(text) {
  let parsed;
  try {
    parsed = parse(text, { logLevel: "error" });
  } catch (error) {
    return { accepted: false, problems: [error.code ?? "no YAML"], data: null };
  }
  const result = configYamlSchema.safeParse(parsed);
  if (!result.success) {
    return { accepted: false, problems: paths(result.error.issues), data: null };
  }
  const warnings = validateConfigYaml(result.data).length;
  return { accepted: true, problems: [], warnings, data: result.data };
}

// A union complains of all its members; where it stands is what counts.
function paths(issues) {
  return [...new Set(issues.map((issue) => issue.path.join(".")))];
}

function converted(old) {
  try {
    return convertJsonToYamlConfig(old);
  } catch {
    return null;
  }
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const each = (from, make) =>
  Object.fromEntries(Object.entries(from ?? {}).map(([name, value]) => [name, make(value)]));
process.stdout.write(
  JSON.stringify({ texts: each(asked.texts, judged), old: each(asked.old, converted) }),
);
