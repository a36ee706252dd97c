import { generateKeyPairSync } from 'node:crypto'
import * as z from 'zod'
import { type Assembly, resourcesIn } from './assembly.ts'

type Fields = Record<string, unknown>
const fields = (value: unknown): Fields => z.record(z.string(), z.unknown()).parse(value)

/** Takes from one JSON object what lies below a path of names, or puts something else there. */
const at = (value: unknown, path: string): { holder: Fields; name: string } => {
  const names = path.split('.')
  const name = names.pop() ?? ''
  // Parsing copies: what is changed is reached by the objects themselves, whose shapes the templates' schema has checked.
  const holder = names.reduce<Fields>((found, each) => found[each] as Fields, value as Fields)
  return { holder, name }
}

const matching = (assembly: Assembly, type: string, of: RegExp) => {
  const found = resourcesIn(assembly, type).filter(({ id, resource }) => of.test(`${id} ${JSON.stringify(resource.Properties)}`))
  const [first] = found
  if (!first) throw new Error(`The templates have no ${type} like ${of}: this damage would harm nothing.`)
  return first
}

/** Takes a resource out. */
export const without =
  (type: string, of: RegExp) =>
  (assembly: Assembly): void => {
    const { id, template } = matching(assembly, type, of)
    delete template.Resources[id]
  }

/** Takes a property out of a resource, or changes it. */
export const changed =
  (type: string, of: RegExp, path: string, next?: unknown) =>
  (assembly: Assembly): void => {
    const { resource } = matching(assembly, type, of)
    const { holder, name } = at(resource.Properties, path)
    if (!(name in holder)) throw new Error(`${type} like ${of} has no ${path}: this damage would harm nothing.`)
    if (next === undefined) delete holder[name]
    else holder[name] = next
  }

/** Takes a variable out of the environment of a container. */
export const unsaid =
  (family: RegExp, variable: string) =>
  (assembly: Assembly): void => {
    const { resource } = matching(assembly, 'AWS::ECS::TaskDefinition', family)
    const containers = z.array(z.record(z.string(), z.unknown())).parse(resource.Properties['ContainerDefinitions'])
    let taken = 0
    resource.Properties['ContainerDefinitions'] = containers.map((container) => {
      const environment = z.array(z.object({ Name: z.string(), Value: z.unknown() })).parse(container['Environment'])
      const kept = environment.filter(({ Name }) => Name !== variable)
      taken += environment.length - kept.length
      return { ...container, Environment: kept }
    })
    if (taken === 0) throw new Error(`No container of ${family} is told ${variable}: this damage would harm nothing.`)
  }

/** Takes an action out of every statement of the roles and policies of one entry. */
export const forbidden =
  (entry: RegExp, action: string) =>
  (assembly: Assembly): void => {
    let taken = 0
    const strip = (document: unknown): void => {
      // As every policy document is shaped.
      for (const statement of (document as { Statement: { Action: string | string[] }[] }).Statement) {
        const actions = [statement.Action].flat()
        if (actions.includes(action)) taken += 1
        statement.Action = actions.filter((each) => each !== action)
      }
    }
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'])
      for (const { id, resource } of resourcesIn(assembly, type)) if (entry.test(id)) strip(resource.Properties['PolicyDocument'])
    for (const { id, resource } of resourcesIn(assembly, 'AWS::IAM::Role')) {
      const policies = z.array(z.unknown()).default([]).parse(resource.Properties['Policies'])
      if (entry.test(id)) for (const policy of policies) strip((policy as { PolicyDocument: unknown }).PolicyDocument)
    }
    if (taken === 0) throw new Error(`No statement of ${entry} allows ${action}: this damage would harm nothing.`)
  }

type Behaviour = Fields & { PathPattern: string }

/** Changes the distribution's list of behaviours. */
const behaviours =
  (change: (rows: Behaviour[]) => Behaviour[]) =>
  (assembly: Assembly): void => {
    const { resource } = matching(assembly, 'AWS::CloudFront::Distribution', /./)
    const { holder, name } = at(resource.Properties, 'DistributionConfig.CacheBehaviors')
    // As the resource's specification has it.
    holder[name] = change(holder[name] as Behaviour[])
  }
export const withoutBehaviour = (pattern: string) => behaviours((rows) => rows.filter(({ PathPattern }) => PathPattern !== pattern))
export const unsigned = (pattern: string) => behaviours((rows) => rows.map((row) => (row.PathPattern === pattern ? { ...row, TrustedKeyGroups: [] } : row)))

/** Puts keys in the place of the school's, of which nobody has the other half. */
export const swappedKeys = (assembly: Assembly): void => {
  for (const { resource } of resourcesIn(assembly, 'AWS::CloudFront::PublicKey')) {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const config = fields(resource.Properties['PublicKeyConfig'])
    resource.Properties['PublicKeyConfig'] = { ...config, EncodedKey: publicKey.export({ type: 'spki', format: 'pem' }) }
  }
}

/** Changes the program that runs at the edge. */
export const edgeProgram = (assembly: Assembly, change: (code: string) => string): void => {
  const { resource } = matching(assembly, 'AWS::CloudFront::Function', /./)
  const code = String(resource.Properties['FunctionCode'])
  if (change(code) === code) throw new Error('The program of the edge is as it was: this damage would harm nothing.')
  resource.Properties['FunctionCode'] = change(code)
}
