import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const Resource = z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) })
const Template = z.object({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
})
export type Resource = z.infer<typeof Resource>
export type Template = z.infer<typeof Template>

/** What a synthesis has written: plain JSON, so that it can be copied and damaged. */
export type Assembly = {
  folder: string
  /** By the stack's name, in the order in which they are deployed. */
  stacks: Record<string, Template>
  /** By the hash that a nested stack's address ends with. */
  nested: Record<string, Template>
  /** Files and folders that are uploaded, by their hash, relative to the folder. */
  assets: Record<string, string>
}

const Manifest = z.object({
  artifacts: z.record(z.string(), z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()).default({}) })),
})
const Assets = z.object({ files: z.record(z.string(), z.object({ source: z.object({ path: z.string() }) })).default({}) })

/** The templates of a folder that `cdk synth` would have written. */
export const readAssembly = async (folder: string): Promise<Assembly> => {
  const json = async (file: string): Promise<unknown> => JSON.parse(await readFile(join(folder, file), 'utf8'))
  const files = await readdir(folder)
  const listed = await Promise.all(files.filter((file) => file.endsWith('.assets.json')).map(async (file) => Assets.parse(await json(file)).files))
  const assets = Object.fromEntries(listed.flatMap((each) => Object.entries(each).map(([hash, { source }]) => [hash, source.path] as const)))
  const nested: Assembly['nested'] = {}
  for (const [hash, path] of Object.entries(assets)) if (path.endsWith('.nested.template.json')) nested[hash] = Template.parse(await json(path))
  const { artifacts } = Manifest.parse(await json('manifest.json'))
  const stacks: Assembly['stacks'] = {}
  for (const [id, { type, properties }] of Object.entries(artifacts)) {
    if (type === 'aws:cloudformation:stack') stacks[String(properties['stackName'] ?? id)] = Template.parse(await json(String(properties['templateFile'])))
  }
  return { folder, stacks, nested, assets }
}

/** A copy to be damaged. */
export const copyOf = (assembly: Assembly): Assembly => structuredClone(assembly)

/** Every resource of a type, wherever it is, to look at or to change. */
export const resourcesIn = ({ stacks, nested }: Assembly, type: string): { id: string; resource: Resource; template: Template }[] =>
  [...Object.values(stacks), ...Object.values(nested)].flatMap((template) =>
    Object.entries(template.Resources).flatMap(([id, resource]) => (resource.Type === type ? [{ id, resource, template }] : [])),
  )
