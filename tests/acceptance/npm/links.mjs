// Judges the links between the objects on standard input, a JSON array of
// { id, data }, with @monokle/validation, and prints what it finds as JSON.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// The library lies in the cache, whose folder is the first argument.
const require = createRequire(pathToFileURL(`${process.argv[2]}/package.json`))
const { createDefaultMonokleValidator, processRefs, ResourceParser } = await import(
  pathToFileURL(require.resolve('@monokle/validation'))
)

let question = ''
for await (const chunk of process.stdin.setEncoding('utf8')) question += chunk

const resources = JSON.parse(question).map(({ id, data }) => ({
  id,
  fileId: id,
  filePath: id,
  fileOffset: 0,
  name: data.metadata.name,
  apiVersion: data.apiVersion,
  kind: data.kind,
  namespace: data.metadata.namespace,
  content: data,
  text: JSON.stringify(data, null, 1),
}))

const parser = new ResourceParser()
processRefs(resources, parser)

// Only the plugin that needs no download and that no other referee replaces.
const validator = createDefaultMonokleValidator(parser)
await validator.preload({ plugins: { 'resource-links': true } })
if (validator.getFailedPlugins().length > 0) throw new Error(`not loaded: ${validator.getFailedPlugins()}`)

const response = await validator.validate({ resources })
const findings = response.runs
  .flatMap((run) => run.results)
  .map((result) => ({
    rule: result.ruleId,
    message: result.message.text,
    id: result.locations.map((location) => location.physicalLocation?.artifactLocation?.uri).find(Boolean),
    region: result.locations.map((location) => location.physicalLocation?.region).find(Boolean),
  }))
console.log(JSON.stringify({ judged: resources.length, findings }))
