// What TypeScript's own compiler says of a package's sources: one job on stdin, one answer on
// stdout. "places": its functions, and where a developer could ask for a refactor in them.
// "judge": for each changed text, the errors that the unchanged package does not have, and what
// the language service makes of the same rename. Offsets are code points outside, UTF-16 inside.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"

const job = JSON.parse(readFileSync(0, "utf8"))
const options = {
  allowImportingTsExtensions: true,
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  noFallthroughCasesInSwitch: true,
  resolveJsonModule: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ESNext,
  types: ["node"],
}
const files = job.files.map((path) => join(job.root, path))
const changed = new Map()
let version = 0
const service = ts.createLanguageService(
  {
    directoryExists: ts.sys.directoryExists,
    fileExists: ts.sys.fileExists,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => job.root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => files,
    getScriptSnapshot: (name) => ts.ScriptSnapshot.fromString(textOf(name)),
    getScriptVersion: (name) => (changed.has(name) ? String(version) : "0"),
    readDirectory: ts.sys.readDirectory,
    readFile: ts.sys.readFile,
    realpath: ts.sys.realpath,
  },
  ts.createDocumentRegistry(),
)

function textOf(name) {
  return changed.get(name) ?? ts.sys.readFile(name) ?? ""
}

const points = (text, units) => Array.from(text.slice(0, units)).length
const units = (text, count) => Array.from(text).slice(0, count).join("").length

function errors() {
  const program = service.getProgram()
  const found = new Map()
  for (const name of files) {
    const source = program.getSourceFile(name)
    const every = [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]
    for (const each of every) {
      const said = ts.flattenDiagnosticMessageText(each.messageText, " ")
      const key = `${name.slice(job.root.length + 1)} TS${each.code}: ${said}`
      found.set(key, (found.get(key) ?? 0) + 1)
    }
  }
  return found
}

function judged(usual, one) {
  const name = join(job.root, one.path)
  const original = textOf(name)
  version += 1
  changed.set(name, one.text)
  const fresh = []
  for (const [key, count] of errors()) if (count > (usual.get(key) ?? 0)) fresh.push(key)
  changed.delete(name)
  let renamed = null
  if (one.rename) renamed = renamedBy(name, original, one.rename)
  return { errors: fresh, renamed }
}

function renamedBy(name, text, rename) {
  const at = units(text, rename.offset)
  const found = service.findRenameLocations(name, at, false, false, {
    providePrefixAndSuffixTextForRename: true,
  })
  if (!found || found.some((each) => each.fileName !== name)) return null
  let result = text
  for (const each of [...found].sort((a, b) => b.textSpan.start - a.textSpan.start)) {
    const { start, length } = each.textSpan
    const put = (each.prefixText ?? "") + rename.name + (each.suffixText ?? "")
    result = result.slice(0, start) + put + result.slice(start + length)
  }
  return result
}

const VALUES = new Set(
  [
    "CallExpression NewExpression PropertyAccessExpression ElementAccessExpression",
    "BinaryExpression PrefixUnaryExpression ConditionalExpression TemplateExpression",
    "ObjectLiteralExpression ArrayLiteralExpression ArrowFunction FunctionExpression",
    "AwaitExpression AsExpression NonNullExpression TypeOfExpression RegularExpressionLiteral",
  ]
    .join(" ")
    .split(" ")
    .map((name) => ts.SyntaxKind[name]),
)

function functions(checker, source) {
  const found = []
  const visit = (node, name, exported) => {
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) {
      add(node, node.name?.getText(source) ?? "default", exported)
    } else if (ts.isVariableStatement(node)) {
      for (const each of node.declarationList.declarations) {
        const value = each.initializer
        if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))) {
          add(value, each.name.getText(source), isExported(node))
        }
      }
    } else if (ts.isClassDeclaration(node)) {
      for (const member of node.members) visit(member, "", false)
    }
  }
  const add = (node, name, exported) => {
    if (!node.body || !ts.isBlock(node.body) || node.body.statements.length < 2) return
    const text = source.text
    const span = (each) => [points(text, each.getStart(source)), points(text, each.end)]
    const expressions = []
    const names = []
    const locals = []
    const inside = (each) => {
      if (VALUES.has(each.kind) && !isTarget(each) && !ts.isPartOfTypeNode(each)) {
        expressions.push(span(each))
      }
      const declares = ts.isVariableDeclaration(each) || ts.isParameter(each)
      if ((declares || ts.isBindingElement(each)) && ts.isIdentifier(each.name)) {
        names.push(span(each.name)[0])
        if (ts.isVariableDeclaration(each) && each.initializer) locals.push(names.at(-1))
      }
      ts.forEachChild(each, inside)
    }
    for (const each of node.parameters) inside(each)
    inside(node.body)
    const at = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
    const wants = exported ? given(checker, node) : null
    found.push({ name, line: at, expressions, names, locals, given: wants })
  }
  for (const node of source.statements) visit(node, "", isExported(node))
  return found
}

const isExported = (node) =>
  !!node.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword)

function isTarget(node) {
  const parent = node.parent
  if (ts.isBinaryExpression(parent)) {
    const token = parent.operatorToken.kind
    const assigns =
      token >= ts.SyntaxKind.FirstAssignment && token <= ts.SyntaxKind.LastAssignment
    return assigns && parent.left === node
  }
  return false
}

// What could be given to each parameter, as far as it can be made up; null where it cannot.
function given(checker, node) {
  if (ts.isMethodDeclaration(node)) return null
  const wants = []
  for (const each of node.parameters) {
    if (each.dotDotDotToken || !ts.isIdentifier(each.name)) return null
    const want = wanted(checker, checker.getTypeAtLocation(each.name))
    if (!want) return null
    wants.push(want)
  }
  return wants.length ? wants : null
}

function wanted(checker, type) {
  if (type.isUnion()) {
    const every = type.types.map((each) => wanted(checker, each))
    return every.includes(null) ? null : { one: every }
  }
  if (type.isStringLiteral() || type.isNumberLiteral()) return { value: type.value }
  if (type.flags & ts.TypeFlags.BooleanLiteral) {
    return { value: checker.typeToString(type) === "true" }
  }
  if (type.flags & ts.TypeFlags.Undefined) return { kind: "undefined" }
  if (type.flags & ts.TypeFlags.Null) return { value: null }
  if (type.flags & ts.TypeFlags.String) return { kind: "string" }
  if (type.flags & ts.TypeFlags.Number) return { kind: "number" }
  if (type.flags & ts.TypeFlags.BigInt) return { kind: "bigint" }
  if (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return { kind: "any" }
  const name = type.symbol?.name
  if (name === "Uint8Array" || name === "Uint32Array") return { kind: name }
  if (checker.isArrayType(type)) {
    const item = wanted(checker, checker.getTypeArguments(type)[0])
    return item && { list: item }
  }
  return null
}

if (job.command === "places") {
  const program = service.getProgram()
  const answer = {}
  for (const path of job.files) {
    answer[path] = functions(program.getTypeChecker(), program.getSourceFile(join(job.root, path)))
  }
  console.log(JSON.stringify(answer))
} else {
  const usual = errors()
  const results = job.changes.map((one) => judged(usual, one))
  console.log(JSON.stringify({ usual: usual.size, results }))
}
