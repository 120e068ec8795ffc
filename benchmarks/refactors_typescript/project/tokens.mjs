// Sources with one token deleted, said twice, put behind the next or put in, and what TypeScript's
// parser says of each. One job on stdin, one answer on stdout; offsets are left out.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"

const job = JSON.parse(readFileSync(0, "utf8"))
const words =
  "( ) { } [ ] , ; : = => + . ? < > ... ! && ?? const return if else new function async await".split(" ")
let state = job.seed >>> 0

function chance(below) {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}

function read(path, text) {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true)
}

function tokens(source) {
  const found = []
  const visit = (node) => {
    const parts = node.getChildren(source)
    const documents = node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode
    if (documents) return
    if (!parts.length && node.end > node.getStart(source)) found.push([node.getStart(source), node.end])
    parts.forEach(visit)
  }
  visit(source)
  return found
}

const made = []
for (const path of job.files) {
  const text = readFileSync(join(job.root, path), "utf8")
  const places = text.length < job.longest ? tokens(read(path, text)) : []
  for (let count = 0; count < job.each && places.length > 1; count++) {
    const at = chance(places.length - 1)
    const [start, stop] = places[at]
    const [next, end] = places[at + 1]
    const token = text.slice(start, stop)
    const [kind, after] = [
      ["deleted", text.slice(0, start) + text.slice(stop)],
      ["twice", `${text.slice(0, stop)} ${token}${text.slice(stop)}`],
      ["swapped", text.slice(0, start) + text.slice(next, end) + text.slice(stop, next) + token + text.slice(end)],
      ["put in", `${text.slice(0, start)}${words[chance(words.length)]} ${text.slice(start)}`],
    ][chance(4)]
    const wrong = read(path, after).parseDiagnostics.map((each) => ts.flattenDiagnosticMessageText(each.messageText, " "))
    made.push({ path, kind, after, wrong: wrong[0] ?? "" })
  }
}
process.stdout.write(JSON.stringify(made))
