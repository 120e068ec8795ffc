// Runs an edited module of TypeScript or JavaScript and judges it. It is told a job as JSON on
// stdin and answers with the reason why the edit is wrong, empty if it is right. The code of an
// oracle may use `m` (the module), `before`, `after` (its texts), `code` (the text without its
// comments, with single blanks) and `assert`.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const job = JSON.parse(readFileSync(0, 'utf8'))
const answer = process.stdout.write.bind(process.stdout)
process.stdout.write = () => true
const AsyncFunction = (async () => {}).constructor
let why = ''
try {
  const m = await import(pathToFileURL(job.file).href)
  const oracle = new AsyncFunction('m', 'before', 'after', 'code', 'assert', job.oracle)
  await oracle(m, job.before, job.after, job.code, assert)
} catch (error) {
  const where = /<anonymous>:(\d+):/.exec(error?.stack ?? '') // two lines stand before an oracle
  const line = where && job.oracle.split('\n')[where[1] - 3]
  why = `${error?.name}: ${error?.message}`.split('\n')[0] + (line ? ` at ${line.trim()}` : '')
}
answer(JSON.stringify(why), () => process.exit(0))
