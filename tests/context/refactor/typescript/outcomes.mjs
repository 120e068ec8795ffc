// Runs generated functions: a list of sources on stdin, what came of each on stdout.
import { readFileSync } from "node:fs"

const STEPS = 8 // of all loops together
const plain = (value, depth = 3) => {
  if (Array.isArray(value)) return depth ? value.slice(0, 5).map((each) => plain(each, depth - 1)) : "[]"
  if (typeof value === "function") return "function"
  if (value instanceof Error) return "error"
  if (value && typeof value === "object") {
    if (value.kept) return "box"
    const entries = Object.entries(value)
    return depth ? entries.map(([key, each]) => [key, plain(each, depth - 1)]) : "{}"
  }
  if (typeof value === "string") return value.slice(0, 50)
  return typeof value === "bigint" || typeof value === "number" ? String(value) : value ?? "none"
}

function outcome(source) {
  let build
  try {
    build = new Function("say", "box", "step", "steps", `${source}\nreturn f`)
  } catch {
    return "broken"
  }
  return [[0, 1], [{ v: 2 }, null, "c"], ["s", [2, 3], () => 7]].map((given) => {
    const said = []
    let left = STEPS
    const say = (...values) => {
      said.push(plain(values))
      return values[0] ?? 0
    }
    const step = (go) => {
      if (left-- <= 0) throw "enough"
      return go
    }
    const steps = function* (value) {
      for (const each of [value, 1]) yield step(each)
    }
    const box = {
      kept: [],
      v: 5,
      add(value) {
        return this.kept.push(value)
      },
      get() {
        return this === box
      },
    }
    const called = (call) => {
      try {
        let result = call()
        if (typeof result?.next === "function") {
          const pieces = []
          for (let at = 0; at < 8; at++) pieces.push(result.next(at))
          result = pieces
        }
        said.push(["gives", plain(result)])
      } catch (error) {
        said.push(["throws", error instanceof Error ? "error" : plain(error)])
      }
    }
    const f = build(say, box, step, steps)
    called(() => f.call({ v: 9 }, ...given))
    for (const kept of box.kept.slice(0, 20)) {
      if (typeof kept === "function") called(() => kept(6))
    }
    return [said, plain(box.v)]
  })
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(outcome)))
