// What renderers of editors make active of Markdown: a JSON list of texts on stdin; on stdout, for
// each of them, a list of what was found: "marked: link [x](y)".

import { readFileSync } from "node:fs";
import MarkdownIt from "markdown-it";
import { Marked } from "marked";
import { Marked as MarkedOfVSCode } from "marked-of-vscode";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

const ACTIVE = new Set(
  "link image html tag def link_open html_inline html_block linkReference imageReference definition footnoteReference footnoteDefinition".split(
    " ",
  ),
);

const markdownIt = new MarkdownIt({ html: true, linkify: true, breaks: true });
const marked = new Marked({ gfm: true });
const markedOfVSCode = new MarkedOfVSCode({ gfm: true, breaks: true });
const extensions = { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] };

const RENDERERS = {
  "markdown-it": (text) => markdownIt.parse(text, {}),
  marked: (text) => lexed(marked, text),
  "marked of VS Code": (text) => lexed(markedOfVSCode, text),
  remark: (text) => [fromMarkdown(text, extensions)],
};

// The tokens of marked, wherever they hang.
function lexed(renderer, text) {
  const all = [];
  renderer.walkTokens(renderer.lexer(text), (token) => {
    all.push({ type: token.type, content: token.raw });
  });
  return all;
}

function* everyOne(tokens) {
  for (const token of tokens) {
    yield token;
    yield* everyOne(token.children ?? []);
  }
}

function found(text) {
  return Object.entries(RENDERERS).flatMap(([name, parse]) =>
    [...everyOne(parse(text))]
      .filter(({ type }) => ACTIVE.has(type))
      .map(({ type, content, url, value }) => `${name}: ${type} ${content || url || value || ""}`),
  );
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(found)));
