import * as z from 'zod'
import { ACCOUNT, REGION } from '../endpoint.ts'
import type { Assembly, Template } from './assembly.ts'
import { type Identity, identify } from './naming.ts'

/** A resource of a template as CloudFormation would make it: every reference is a value. */
export type Placed = Identity & { stack: string; id: string; type: string; properties: Record<string, unknown> }

type Around = { assembly: Assembly; stacks: Map<string, Scope> }
/** A template with what it refers to. */
type Scope = { around: Around; stack: string; template: Template; given: Record<string, () => unknown>; nested: Map<string, Scope> }

const PSEUDO: Record<string, string> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
}

const Texts = z.tuple([z.string(), z.union([z.string(), z.array(z.unknown())])])
const Sub = z.union([z.string(), z.tuple([z.string(), z.record(z.string(), z.unknown())])])
const OfStack = z.object({ StackName: z.unknown(), OutputName: z.string() })

export class TemplateFault extends Error {
  readonly code = 'bad-template'
}

const cannot = (says: string): never => {
  throw new TemplateFault(says)
}

const identityIn = (scope: Scope, id: string): Identity | undefined => {
  const resource = scope.template.Resources[id]
  const said = (property: string): string | undefined => {
    const value = resource?.Properties[property]
    return value === undefined ? undefined : String(resolve(value, scope))
  }
  return resource && identify(resource.Type, { stack: scope.stack, id, said })
}

const reference = (id: string, scope: Scope): unknown => {
  if (id === 'AWS::NoValue') return undefined
  if (id === 'AWS::StackName' || id === 'AWS::StackId') return scope.stack
  const given = PSEUDO[id] ?? scope.given[id]?.()
  return given ?? identityIn(scope, id)?.ref ?? cannot(`${scope.stack} refers to ${id}, which is not there.`)
}

const attribute = ([id = '', ...rest]: readonly string[], scope: Scope): unknown => {
  const name = rest.join('.')
  if (name.startsWith('Outputs.')) return outputOf(nestedIn(scope, id), name.slice('Outputs.'.length))
  const identity = identityIn(scope, id) ?? cannot(`${scope.stack} asks for ${id}.${name}, and ${id} is not there.`)
  return identity.attributes[name] ?? `${identity.ref}.${name}`
}

const substituted = (value: unknown, scope: Scope): string => {
  const parsed = Sub.parse(value)
  const [text, own] = typeof parsed === 'string' ? [parsed, {}] : parsed
  return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    if (name in own) return String(resolve(own[name], scope))
    return String(name.includes('.') ? attribute(name.split('.'), scope) : reference(name, scope))
  })
}

const isTrue = (condition: unknown, scope: Scope): boolean => {
  const [[operator = '', of] = ['', undefined]] = Object.entries(z.record(z.string(), z.unknown()).parse(condition))
  const parts = (): unknown[] => z.array(z.unknown()).parse(of)
  if (operator === 'Fn::Equals') return new Set(parts().map((each) => JSON.stringify(resolve(each, scope)))).size === 1
  if (operator === 'Fn::Not') return !parts().every((each) => isTrue(each, scope))
  if (operator === 'Fn::And') return parts().every((each) => isTrue(each, scope))
  if (operator === 'Fn::Or') return parts().some((each) => isTrue(each, scope))
  return operator === 'Condition' ? isTrue(scope.template.Conditions[String(of)], scope) : cannot(`No condition is made of ${operator}.`)
}

const FUNCTIONS: Record<string, (of: unknown, scope: Scope) => unknown> = {
  Ref: (of, scope) => reference(String(of), scope),
  'Fn::GetAtt': (of, scope) => attribute(z.array(z.string()).parse(typeof of === 'string' ? of.split('.') : of), scope),
  'Fn::Sub': substituted,
  'Fn::Join': (of, scope) => {
    const [by, parts] = Texts.parse(resolve(of, scope))
    return z.array(z.unknown()).parse(parts).map(String).join(by)
  },
  'Fn::Split': (of, scope) => {
    const [by, text] = Texts.parse(resolve(of, scope))
    return String(text).split(by)
  },
  'Fn::Select': (of, scope) => {
    const [index, from] = z.tuple([z.coerce.number(), z.array(z.unknown())]).parse(resolve(of, scope))
    return from[index]
  },
  'Fn::GetAZs': () => ['a', 'b', 'c'].map((zone) => REGION + zone),
  'Fn::Base64': (of, scope) => Buffer.from(String(resolve(of, scope))).toString('base64'),
  'Fn::If': (of, scope) => {
    const [name, yes, no] = z.tuple([z.string(), z.unknown(), z.unknown()]).parse(of)
    return resolve(isTrue(scope.template.Conditions[name], scope) ? yes : no, scope)
  },
  'Fn::GetStackOutput': (of, scope) => {
    const { StackName, OutputName } = OfStack.parse(of)
    const name = String(resolve(StackName, scope))
    return outputOf(scope.around.stacks.get(name) ?? cannot(`${scope.stack} reads an output of ${name}, which is no stack.`), OutputName)
  },
  'Fn::ImportValue': (of, scope) => {
    const [stack = '', output = ''] = String(resolve(of, scope)).split(':')
    return outputOf(scope.around.stacks.get(stack) ?? cannot(`${scope.stack} imports from ${stack}, which is no stack.`), output)
  },
}

const resolve = (value: unknown, scope: Scope): unknown => {
  if (Array.isArray(value)) return value.map((each) => resolve(each, scope)).filter((each) => each !== undefined)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [first] = entries
  const call = first && entries.length === 1 ? FUNCTIONS[first[0]] : undefined
  if (first && call) return call(first[1], scope)
  if (first && entries.length === 1 && first[0].startsWith('Fn::')) return cannot(`${first[0]} is not understood here.`)
  return Object.fromEntries(entries.map(([name, each]) => [name, resolve(each, scope)]))
}

const outputOf = (scope: Scope, name: string): unknown => {
  const output = scope.template.Outputs[name] ?? cannot(`${scope.stack} has no output ${name}.`)
  return resolve(output.Value, scope)
}

const nestedIn = (scope: Scope, id: string): Scope => {
  const known = scope.nested.get(id)
  if (known) return known
  const properties = scope.template.Resources[id]?.Properties ?? {}
  const hash = /([0-9a-f]{64})\.json$/.exec(String(resolve(properties['TemplateURL'], scope)))?.[1] ?? ''
  const template = scope.around.assembly.nested[hash] ?? cannot(`The template of ${scope.stack}'s nested stack ${id} is not there.`)
  const parameters = z.record(z.string(), z.unknown()).default({}).parse(properties['Parameters'])
  const given = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, () => resolve(value, scope)]))
  const made = { around: scope.around, stack: `${scope.stack}-${id}`, template, given, nested: new Map() }
  scope.nested.set(id, made)
  return made
}

const textIn = (value: unknown, scope: Scope): string | undefined => (value === undefined ? undefined : String(resolve(value, scope)))

const placedIn = (scope: Scope): Placed[] =>
  Object.entries(scope.template.Resources).flatMap(([id, { Type: type, Properties }]) => {
    const own = { ...identify(type, { stack: scope.stack, id, said: (name) => textIn(Properties[name], scope) }), stack: scope.stack, id, type }
    const properties = z.record(z.string(), z.unknown()).parse(resolve(Properties, scope))
    return [{ ...own, properties }, ...(type === 'AWS::CloudFormation::Stack' ? placedIn(nestedIn(scope, id)) : [])]
  })

/** Everything of a synthesis, made with ids that are made up and well-formed, and references across stacks followed. */
export const deploymentOf = (assembly: Assembly) => {
  const around: Around = { assembly, stacks: new Map() }
  for (const [stack, template] of Object.entries(assembly.stacks)) {
    const given = Object.fromEntries(Object.entries(template.Parameters).map(([name, { Default }]) => [name, () => Default ?? name]))
    around.stacks.set(stack, { around, stack, template, given, nested: new Map() })
  }

  const placed = [...around.stacks.values()].flatMap(placedIn)
  return {
    placed,
    /** Every resource of a type, its properties read by a schema. */
    all: <T>(type: string, schema: z.ZodType<T>): (T & { is: Placed })[] =>
      placed.flatMap((is) => (is.type === type ? [{ ...schema.parse(is.properties), is }] : [])),
    assetOf: (hash: string): string | undefined => assembly.assets[hash],
    folder: assembly.folder,
  }
}

export type Deployment = ReturnType<typeof deploymentOf>
