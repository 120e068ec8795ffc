// Runs functions of a package before and after a change, on the same made-up values: one job on
// stdin, one answer on stdout. The sources are only stripped of their types for that.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { inspect } from "node:util"
import { Script } from "node:vm"
import ts from "typescript"

const job = JSON.parse(readFileSync(0, "utf8"))
const TIMES = 300
const LONGEST = 250 // milliseconds of one call; what takes longer is not compared
const ENOUGH = 4_000 // milliseconds for one function
const CALL = new Script("globalThis.calledNow()")

function compiled(text) {
  const options = {
    esModuleInterop: true,
    module: ts.ModuleKind.CommonJS,
    rewriteRelativeImportExtensions: true,
    target: ts.ScriptTarget.ES2022,
  }
  return ts.transpileModule(text, { compilerOptions: options }).outputText
}

function build(folder, path, text) {
  for (const each of job.files) {
    const file = join(folder, each.replace(/\.(m|c)?ts$/, ".js"))
    mkdirSync(dirname(file), { recursive: true })
    const source = each === path ? text : readFileSync(join(job.root, each), "utf8")
    writeFileSync(file, compiled(source))
  }
  writeFileSync(join(folder, "package.json"), '{"type": "commonjs"}')
  const load = createRequire(join(folder, "package.json"))
  return load("./" + path.replace(/\.(m|c)?ts$/, ".js"))
}

// Mulberry32: the same numbers for the same seed.
function chance(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const NUMBERS = [0, 1, -1, 2, 7, 16, 255, 256, 1.5, -0, 1e9, NaN, Infinity]
const PIECES = "a|b|Z|0|1| |\n|&|;|<|>|\"|'|#|.|,|*|+|-|(|)|[|]|:|=|\\|ä|😀|&amp;|2n+1|odd|div".split("|")

function made(want, next) {
  const pick = (list) => list[Math.floor(next() * list.length)]
  if (want.one) return made(pick(want.one), next)
  if (want.list) return Array.from({ length: Math.floor(next() * 5) }, () => made(want.list, next))
  if ("value" in want) return want.value
  const size = Math.floor(next() * 9)
  if (want.kind === "string") return Array.from({ length: size }, () => pick(PIECES)).join("")
  if (want.kind === "number") return next() < 0.5 ? pick(NUMBERS) : Math.floor(next() * 1000)
  if (want.kind === "bigint") return BigInt(Math.floor(next() * 1e6)) - 5n
  if (want.kind === "undefined") return undefined
  if (want.kind === "any") return made(pick(ANY), next)
  const room = Array.from({ length: size * 4 }, () => Math.floor(next() * 256))
  return want.kind === "Uint8Array" ? Uint8Array.from(room) : Uint32Array.from(room)
}
const ANY = [
  ...["string", "number", "undefined", "Uint8Array"].map((kind) => ({ kind })),
  ...[null, true, false].map((value) => ({ value })),
  { list: { kind: "string" } },
]

async function outcome(call) {
  globalThis.calledNow = call
  try {
    const value = await CALL.runInThisContext({ timeout: LONGEST })
    return ["gives", inspect(value, { depth: 6, maxArrayLength: 999 })]
  } catch (error) {
    return [error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT" ? "stops" : "throws", String(error)]
  }
}

const answers = []
for (const [at, one] of job.changes.entries()) {
  const original = readFileSync(join(job.root, one.path), "utf8")
  const before = build(join(job.folder, `before${at}`), one.path, original)[one.name]
  const after = build(join(job.folder, `after${at}`), one.path, one.text)[one.name]
  const next = chance(7)
  const answer = { times: 0, gave: 0, different: 0 }
  const end = Date.now() + ENOUGH
  while (typeof before === "function" && answer.times < TIMES && Date.now() < end) {
    const values = one.given.map((want) => made(want, next))
    const was = await outcome(() => before(...structuredClone(values)))
    const is = await outcome(() => after(...structuredClone(values)))
    const again = await outcome(() => before(...structuredClone(values)))
    if ([was, is, again].some((each) => each[0] === "stops")) continue
    if (inspect(was) !== inspect(again)) break // it is not pure
    answer.times += 1
    answer.gave += was[0] === "gives"
    answer.different += inspect(was) !== inspect(is)
  }
  answers.push(answer)
}
console.log(JSON.stringify(answers))
