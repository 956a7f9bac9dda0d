// Parses each file named on standard input with JavaScript's YAML libraries
// and prints one JSON line a file and library.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

// The libraries lie in the cache, whose folder is the first argument.
const require = createRequire(pathToFileURL(`${process.argv[2]}/package.json`))
const yaml = require('yaml')
const jsYaml = require('js-yaml')

function withYaml(version) {
  return (text) =>
    yaml.parseAllDocuments(text, { version }).map((document) => {
      for (const problem of [...document.errors, ...document.warnings]) throw problem
      return document.toJS()
    })
}

const readers = {
  'npm yaml as 1.1': withYaml('1.1'),
  'npm yaml as 1.2': withYaml('1.2'),
  'npm js-yaml': (text) => jsYaml.loadAll(text),
}

// JSON would make a Date and a Map look like something else.
function honest(key, value) {
  const original = this[key]
  if (original instanceof Date) return { 'not JSON': original.toISOString() }
  if (original instanceof Map || original instanceof Set || ArrayBuffer.isView(original)) {
    return { 'not JSON': String(original) }
  }
  if (typeof original === 'bigint') return { 'not JSON': String(original) }
  if (typeof original === 'number' && !Number.isFinite(original)) return { 'not JSON': String(original) }
  return value
}

for await (const file of createInterface({ input: process.stdin })) {
  const text = readFileSync(file, 'utf8')
  for (const [reader, read] of Object.entries(readers)) {
    const answer = { reader, file, documents: [] }
    try {
      answer.documents = read(text).filter((document) => document !== null && document !== undefined)
    } catch (error) {
      answer.error = String(error.message ?? error)
    }
    console.log(JSON.stringify(answer, honest))
  }
}
